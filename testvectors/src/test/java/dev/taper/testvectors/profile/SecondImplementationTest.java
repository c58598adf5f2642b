package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The vectors as the implementation in {@code node} sees them. It needs Node.js: see {@link
 * Needed}.
 */
class SecondImplementationTest {
  private static final Path VECTORS =
      Path.of("src", "main", "resources", "dev", "taper", "testvectors", "profile");

  /** Where it is, whatever a test needs must be there too. */
  private static final Pattern LAST_LINE = Pattern.compile("(\\d+) passed, (\\d+) failed\\s*$");

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64,}");

  @TempDir Path folder;

  private record Result(int exit, int passed, int failed, String output) {}

  private static Result run(Path vectors) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "node/run", vectors.toAbsolutePath().toString())
            .redirectErrorStream(true);
    Needed.programs("node", "npm");
    boolean demanded = Needed.demandIn(builder.environment(), "node-packages");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Matcher last = LAST_LINE.matcher(output);
    boolean checked = last.find();
    if (!demanded) { // its packages cannot be installed
      boolean isThere = checked || exit != 0 || !output.contains("node check: skipped");
      Needed.demand(isThere, "node-packages (testvectors/node/install)");
    }
    assertThat(checked).as(output).isTrue();
    return new Result(
        exit, Integer.parseInt(last.group(1)), Integer.parseInt(last.group(2)), output);
  }

  @Test
  void vectors_comeOutAsExpected() throws Exception {
    Result result = run(VECTORS);

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.failed()).isZero();
    assertThat(result.passed()).isGreaterThan(1_600);
  }

  @Test
  void vectorsOfTheBinding_comeOutAsExpected() throws Exception {
    Result result = run(VECTORS.resolveSibling("binding"));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.failed()).isZero();
    assertThat(result.passed()).isGreaterThan(280);
  }

  @ParameterizedTest
  @ValueSource(strings = {"profile", "binding"})
  void changedVectors_fail(String name) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(VECTORS.resolveSibling(name))) {
      files = all.toList();
    }
    int changed = 0;
    for (Path file : files) {
      String text = Files.readString(file);
      Matcher hex = HEX.matcher(text);
      if (!file.endsWith("schema.json") && hex.find()) {
        char other = text.charAt(hex.end() - 1) == '0' ? '1' : '0';
        text = text.substring(0, hex.end() - 1) + other + text.substring(hex.end());
        changed++;
      }
      Files.writeString(folder.resolve(file.getFileName().toString()), text);
    }

    Result result = run(folder);

    assertThat(changed).isGreaterThan(name.equals("profile") ? 10 : 5);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.failed()).as(result.output()).isPositive();
  }
}
