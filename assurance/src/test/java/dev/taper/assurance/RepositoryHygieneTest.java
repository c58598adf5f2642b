package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists that stand in one file and must fit another one. */
class RepositoryHygieneTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern WRITTEN = Pattern.compile("(?:--out|>) ([\\w-]+\\.\\w+)");
  private static final Pattern MODULE_OF_MUTATIONS = Pattern.compile("(?m)^([a-z/]+) dev\\.taper");
  private static final Pattern PACKAGE_OF_MUTATIONS =
      Pattern.compile("(?m)^(?:[a-z/]+|# not:) (dev\\.taper[a-z0-9.]*) .");
  private static final String UNPUBLISHED = "<maven.deploy.skip>true</maven.deploy.skip>";

  @Test
  void bom_hasEveryPublishedModule() throws IOException {
    List<String> published = new ArrayList<>();
    for (String module : found(MODULE, ROOT.resolve("pom.xml"))) {
      String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
      if (!pom.contains(UNPUBLISHED) && !pom.contains("<packaging>pom</packaging>")) {
        published.add("taper-" + Path.of(module).getFileName());
      }
    }
    Path bom = ROOT.resolve("bom/pom.xml");
    List<String> listed = found(Pattern.compile("<artifactId>(taper-(?!bom)[^<]+)<"), bom);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(published);
    Pattern version = Pattern.compile("</artifactId>\\s+<version>([0-9][^<]*)</version>");
    assertThat(found(version, bom).get(0))
        .isEqualTo(found(version, ROOT.resolve("pom.xml")).get(0));
  }

  /** So it is built last. */
  @Test
  void summary_dependsOnEveryModuleWithTests() throws IOException {
    Pattern artifact = Pattern.compile("</parent>\\s+<artifactId>([^<]+)<");
    List<String> modules = new ArrayList<>();
    for (Path module : modules(ROOT)) {
      modules.addAll(found(artifact, module.resolve("pom.xml")));
    }
    modules.removeAll(List.of("taper-bom", "taper-dist", "taper-summary"));
    Pattern dependency = Pattern.compile("<artifactId>([^<]+)</artifactId>\\s+<version>[$]");
    assertThat(found(dependency, ROOT.resolve("summary/pom.xml")))
        .containsExactlyInAnyOrderElementsOf(modules);
  }

  @Test
  void gitignore_knowsWhatTheDocumentsWrite() throws IOException {
    List<String> patterns =
        Files.readAllLines(ROOT.resolve(".gitignore")).stream()
            .filter(line -> line.startsWith("/"))
            .map(line -> line.substring(1))
            .toList();
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    for (Path document : documents) {
      for (String line : Files.readAllLines(document)) {
        if (line.startsWith("./taper ") || line.startsWith("echo ") || line.startsWith("for ")) {
          for (String file : found(WRITTEN, line)) {
            assertThat(patterns)
                .as(document + ": " + file)
                .anyMatch(
                    pattern ->
                        FileSystems.getDefault()
                            .getPathMatcher("glob:" + pattern)
                            .matches(Path.of(file)));
          }
        }
      }
    }
  }

  /** A child that has the tests' own input can make it one that does not block, as Node.js does. */
  @Test
  void tests_giveNoChildTheirOwnInput() throws IOException {
    for (Path test : MainCode.tests().values()) {
      assertThat(Files.readString(test)).as(test.toString()).doesNotContain("inherit" + "IO(");
    }
  }

  @Test
  void modules_withCode_haveAnArchitectureTest() throws IOException {
    List<Path> modules =
        modules(ROOT).stream()
            .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
            .toList();
    assertThat(modules).contains(ROOT.resolve("engine"), ROOT.resolve("examples/policy"));
    for (Path module : modules) {
      try (Stream<Path> tests = Files.walk(module.resolve("src/test/java"))) {
        assertThat(tests)
            .as(module.toString())
            .anyMatch(test -> test.endsWith("ArchitectureTest.java"));
      }
    }
  }

  /** The folders of a project's modules, and of theirs. */
  private static List<Path> modules(Path folder) throws IOException {
    List<Path> modules = new ArrayList<>();
    for (String name : found(MODULE, folder.resolve("pom.xml"))) {
      modules.add(folder.resolve(name));
      modules.addAll(modules(folder.resolve(name)));
    }
    return modules;
  }

  @Test
  void slowTests_areTests() throws IOException {
    List<String> tests = new ArrayList<>();
    for (String module : found(MODULE, ROOT.resolve("pom.xml"))) {
      Path folder = ROOT.resolve(module).resolve("src/test/java");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.map(file -> "**/" + file.getFileName()).forEach(tests::add);
        }
      }
    }
    assertThat(tests).containsAll(Files.readAllLines(ROOT.resolve(".mvn/slow-tests.txt")));
  }

  /** A new package is looked at by mutation testing, or somebody says why not. */
  @Test
  void mutations_knowEveryPackageOfTheirModules() throws IOException {
    Path file = ROOT.resolve("assurance/mutations/packages.txt");
    List<String> listed = found(PACKAGE_OF_MUTATIONS, file);
    List<String> packages = new ArrayList<>();
    for (String module : Set.copyOf(found(MODULE_OF_MUTATIONS, file))) {
      Path code = ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(code)) {
        files
            .filter(found -> found.endsWith("package-info.java"))
            .map(found -> code.relativize(found.resolveSibling("")).toString().replace('/', '.'))
            .forEach(packages::add);
      }
    }
    assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages);
  }

  private static List<String> found(Pattern pattern, Path file) throws IOException {
    return found(pattern, Files.readString(file));
  }

  private static List<String> found(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
