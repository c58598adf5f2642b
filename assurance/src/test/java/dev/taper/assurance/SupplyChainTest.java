package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What builds take from elsewhere is listed in the tree, with checksums. */
class SupplyChainTest {
  private static final Path ROOT = Path.of("..");
  private static final Path LIST = ROOT.resolve(".mvn/checksums/checksums.sha256");

  private static List<MatchResult> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results().toList();
  }

  private static List<Path> named(String name) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder :
        List.of("examples", "integrations", "operations", "server", "testvectors")) {
      try (Stream<Path> all =
          Files.find(
              ROOT.resolve(folder),
              8,
              (file, attributes) ->
                  file.endsWith(name) && !file.toString().matches(".*/(node_modules|target)/.*"))) {
        all.forEach(files::add);
      }
    }
    return files;
  }

  @Test
  void packagesOfNode_haveAHashAndNoAddress() throws IOException {
    List<Path> locks = named("package-lock.json");
    assertThat(locks).hasSizeGreaterThanOrEqualTo(7);
    assertThat(named("package.json"))
        .allSatisfy(file -> assertThat(locks).contains(file.resolveSibling("package-lock.json")));
    for (Path lock : locks) {
      String text = Files.readString(lock);
      int packages = found("\"node_modules/[^\"]+\": \\{", text).size();
      assertThat(packages).as(lock.toString()).isPositive();
      assertThat(found("\"integrity\": \"sha512-[A-Za-z0-9+/]{86}==\"", text))
          .as(lock.toString())
          .hasSize(packages);
      assertThat(text).doesNotContain("\"resolved\"");
    }
    for (String script :
        List.of(
            "examples/company/run",
            "examples/mcp-demo/run",
            "integrations/mcp/node/install",
            "operations/src/test/node/install",
            "server/src/test/node/install",
            "testvectors/node/install",
            "testvectors/wasm/install")) {
      assertThat(Files.readString(ROOT.resolve(script)))
          .as(script)
          .contains("npm ci --ignore-scripts")
          .doesNotContainPattern("npm (install|i|add|update) ");
    }
  }

  @Test
  void listOfChecksums_isSortedAndNamesNoPlace() throws IOException {
    String before = "";
    for (String line : Files.readAllLines(LIST)) {
      Matcher listed = Pattern.compile("[0-9a-f]{64}  ([A-Za-z0-9._/+-]+)").matcher(line);
      assertThat(listed.matches()).as(line).isTrue();
      String file = listed.group(1);
      assertThat(file).isGreaterThan(before).doesNotStartWith("dev/taper/");
      before = file;
    }
  }

  @Test
  void versionsOfThePoms_areListed() throws IOException {
    String list = Files.readString(LIST);
    String root = Files.readString(ROOT.resolve("pom.xml"));
    List<String> missing = new ArrayList<>();
    int versions = 0;
    for (Path pom : poms()) {
      String text = Files.readString(pom);
      Map<String, String> properties = new HashMap<>();
      found("<([a-z0-9.-]+\\.version)>([^<]+)</", root + text)
          .forEach(match -> properties.put("${" + match.group(1) + "}", match.group(2)));
      for (MatchResult part :
          found("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>", text)) {
        String name = part.group(1);
        String version = properties.getOrDefault(part.group(2), part.group(2));
        // Ours, and what a release is compared with.
        if (!name.startsWith("taper-") && !name.equals("${project.artifactId}")) {
          versions++;
          if (!list.contains("/" + name + "/" + version + "/" + name + "-" + version)) {
            missing.add(pom + ": " + name + " " + version);
          }
        }
      }
    }
    assertThat(missing).as("run .ci/checksums update").isEmpty();
    assertThat(versions).isGreaterThan(80);
  }

  private static List<Path> poms() throws IOException {
    try (Stream<Path> all =
        Files.find(
            ROOT,
            4,
            (file, attributes) ->
                file.endsWith("pom.xml")
                    && !file.toString().matches(".*/(node_modules|target)/.*"))) {
      return all.toList();
    }
  }

  @Test
  void maven_comparesWhatItDownloads() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve(".mvn/maven.config")))
        .contains(
            "--strict-checksums",
            "-Daether.checksums.algorithms=SHA-256,SHA-1,MD5",
            "-Daether.trustedChecksumsSource.summaryFile=true",
            "-Daether.trustedChecksumsSource.summaryFile.basedir=${session.rootDirectory}/.mvn/checksums",
            "-Daether.trustedChecksumsSource.summaryFile.originAware=false");
  }
}
