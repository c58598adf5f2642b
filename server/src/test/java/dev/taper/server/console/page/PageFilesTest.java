package dev.taper.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that the console serves are those that are there, and they load nothing else. */
class PageFilesTest {
  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "taper", "server", "console");

  @Test
  void list_ofThePages_namesEachFileAndNothingElse() throws Exception {
    List<String> there;
    try (Stream<Path> files = Files.walk(FOLDER)) {
      there =
          files
              .filter(Files::isRegularFile)
              .map(file -> FOLDER.relativize(file).toString())
              .filter(name -> !name.equals("files.txt") && !name.startsWith("people/"))
              .sorted()
              .toList();
    }
    List<String> listed = Files.readAllLines(FOLDER.resolve("files.txt"));
    assertThat(listed).containsExactlyInAnyOrderElementsOf(there);
    PageFiles files = PageFiles.load();
    String script = text(files, "/console/main.mjs");
    for (String name : there) {
      if (name.endsWith(".mjs")) {
        assertThat(script).as("the script has all modules").containsOnlyOnce("// " + name + "\n");
      }
      if (name.equals("main.mjs") || !name.endsWith(".mjs")) {
        assertThat(files.get("/console/" + name)).as(name).isNotNull();
      } else {
        assertThat(files.get("/console/" + name)).as(name).isNull();
      }
    }
    assertThat(script.lines()).noneMatch(line -> line.startsWith("import"));
    assertThat(files.get("/console/look.css")).as("the look that all pages share").isNotNull();
    assertThat(files.get("/console/files.txt")).isNull();
    assertThat(files.get("/?x")).isNull();
    var index = Objects.requireNonNull(files.get("/"));
    assertThat(new String(index.content(), StandardCharsets.UTF_8))
        .doesNotContain("style=\"", "<style", "onclick", "http://", "https://")
        .doesNotContainPattern("<script(?![^>]* src=)");
  }

  @Test
  void people_atAnotherMachine_getNoModuleWithKeysAtAnyAddress() {
    PageFiles files = PageFiles.loadForPeople();
    for (String folder : List.of("/console/", "/" + files.first().substring(2) + "/")) {
      assertThat(text(files, folder + "main.mjs"))
          .contains("make and use no key", "/signin")
          .doesNotContain("indexedDB");
      assertThat(files.get(folder + "keystore.mjs")).isNull();
      assertThat(files.get(folder + "people/session.mjs")).isNull();
    }
  }

  private static String text(PageFiles files, String path) {
    return new String(Objects.requireNonNull(files.get(path)).content(), StandardCharsets.UTF_8);
  }

  @Test
  void first_ofEachRun_hasAddressesOfItsOwn() {
    PageFiles files = PageFiles.load();
    String own = "/" + files.first().substring(2) + "/";
    var fresh = Objects.requireNonNull(files.get(files.first()));
    assertThat(new String(fresh.content(), StandardCharsets.UTF_8))
        .doesNotContain("\"/console/")
        .contains("src=\"" + own + "main.mjs\"");
    assertThat(files.script()).isEqualTo(own + "main.mjs");
    assertThat(files.get(files.script())).isSameAs(files.get("/console/main.mjs"));
    assertThat(files.get("/?" + "0".repeat(32))).as("of an earlier run").isSameAs(fresh);
    assertThat(PageFiles.load().first()).isNotEqualTo(files.first());
  }
}
