package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is taken from elsewhere for Node.js is listed in the tree, with hashes. */
class SupplyChainTest {
  private static final Path ROOT = Path.of("..");

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
}
