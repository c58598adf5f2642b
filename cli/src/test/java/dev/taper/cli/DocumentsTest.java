package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every block of every page works when it is pasted, or says of itself that it is none to run. */
class DocumentsTest {
  /** What a block may be: run here, run by another test, or only read. */
  private static final Set<String> LANGUAGES =
      Set.of(
          "java",
          "java-device",
          "java-kms",
          "haproxy", // ReplicasTest
          "logrotate", // LogrotateTest
          "nginx", // ReplicasTest
          "reckoning", // ScaleDocTest
          "java-telemetry",
          "sh",
          "sh-before",
          "sh-certificate", // CertificatePageTest
          "sh-copytruncate", // LogrotateTest
          "sh-device",
          "sh-logrotate", // LogrotateTest
          "sh-replicas", // ReplicasTest
          "sh-rotate",
          "sh-server",
          "build",
          "xml",
          "yaml",
          "json",
          "js",
          "python",
          "grant",
          "");

  /** What no block for reading may hold: a command of ours, or a statement of Java. */
  private static final Pattern TO_RUN =
      Pattern.compile("^(\\$ )?(\\./taper|taper|mvn) .*|^(import .*|.*\\)|\\}\\)?);( *//.*)?$");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> page_pasted_runs() throws IOException {
    return PastedDocument.pages().stream()
        .map(
            page ->
                DynamicTest.dynamicTest(
                    PastedDocument.ROOT.relativize(page).toString(), () -> runs(page)));
  }

  private void runs(Path page) throws Exception {
    Path own = Files.createTempDirectory(folder, "page");
    PastedDocument document = new PastedDocument(page, own);
    if (document.lines().stream().anyMatch(line -> line.contains(" policies/"))) {
      Files.createSymbolicLink(
          own.resolve("policies"), PastedDocument.ROOT.resolve("policies").toRealPath());
    }
    for (String language : List.of("sh-before", "sh", "sh-rotate")) {
      if (document.has(language)) {
        document.run(language);
      }
    }
    if (document.has("java")) {
      document.java("true");
    }
  }

  @Test
  void blocks_ofEveryPage_sayWhatTheyAre() throws IOException {
    List<String> strange = new ArrayList<>();
    int java = 0;
    for (Path page : PastedDocument.pages()) {
      PastedDocument document = new PastedDocument(page, folder);
      java += document.has("java") ? 1 : 0;
      String language = null;
      for (String line : document.lines()) {
        if (line.startsWith("```")) {
          language = language == null ? line.substring(3) : null;
          if (language != null && !LANGUAGES.contains(language)) {
            strange.add(page.getFileName() + ": " + line);
          }
        } else if ("".equals(language) && TO_RUN.matcher(line).matches()) {
          strange.add(page.getFileName() + ": " + line);
        }
      }
    }

    assertThat(strange).isEmpty();
    assertThat(java).as("pages with Java").isGreaterThan(10);
  }

  /** The coordinates that a page tells to add are those of this build. */
  @Test
  void coordinates_shown_areThoseOfTheBuild() throws IOException {
    Pattern coordinates =
        Pattern.compile(
            "<artifactId>(taper-[a-z-]+)</artifactId>\\s*(?:<version>([^<]+)</version>)?");
    String xml =
        String.join(
            "\n",
            new PastedDocument(PastedDocument.ROOT.resolve("README.md"), folder).block("xml"));
    String root = Files.readString(PastedDocument.ROOT.resolve("pom.xml"));
    List<String> artifacts = new ArrayList<>();
    for (var found : coordinates.matcher(xml).results().toList()) {
      artifacts.add(found.group(1));
      assertThat(PastedDocument.ROOT.resolve(found.group(1).substring("taper-".length())))
          .as(found.group())
          .isDirectory();
      assertThat(found.group(2) == null || root.contains("<version>" + found.group(2) + "<"))
          .as(found.group())
          .isTrue();
    }

    assertThat(artifacts).contains("taper-bom", "taper-engine");
  }

  /** What the build's own commands name is there; running them here would not end. */
  @Test
  void commandsOfTheBuild_nameWhatThereIs() throws IOException {
    String root = Files.readString(PastedDocument.ROOT.resolve("pom.xml"));
    StringBuilder poms = new StringBuilder(root);
    for (var module : Pattern.compile("<module>([^<]+)<").matcher(root).results().toList()) {
      poms.append(
          Files.readString(PastedDocument.ROOT.resolve(module.group(1)).resolve("pom.xml")));
    }
    Pattern profile = Pattern.compile(" -P([a-z-]+)");
    Pattern modules = Pattern.compile(" -pl ([a-z,-]+)");
    for (Path page : PastedDocument.pages()) {
      PastedDocument document = new PastedDocument(page, folder);
      for (String line : document.has("build") ? document.block("build") : List.<String>of()) {
        profile
            .matcher(line)
            .results()
            .forEach(
                found -> assertThat(poms).as(line).contains("<id>" + found.group(1) + "</id>"));
        modules
            .matcher(line)
            .results()
            .flatMap(found -> Stream.of(found.group(1).split(",")))
            .forEach(name -> assertThat(root).as(line).contains("<module>" + name + "</module>"));
        String program = line.split(" ", 2)[0];
        if (program.contains("/")) {
          assertThat(PastedDocument.ROOT.resolve(program)).as(line).exists();
        }
      }
    }
  }
}
