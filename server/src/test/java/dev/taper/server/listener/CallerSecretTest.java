package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each console can have a secret of its own. */
class CallerSecretTest {
  private static final String ERIN = "erins-secret-of-24-signs";
  private static final String BOB = "bobs-secret-of-23-signs";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("secrets"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void allIn_aLineForEach_takesEachAlone() throws Exception {
    CallerSecret all = CallerSecret.allIn(file("# erin\n" + ERIN + "\n\n# bob\n" + BOB + "\n"));

    assertThat(all.isSaid(List.of(ERIN))).isTrue();
    assertThat(all.isSaid(List.of(BOB))).isTrue();
    for (List<String> said :
        List.of(
            List.of(ERIN, BOB),
            List.of(ERIN + "\n" + BOB),
            List.of("# erin"),
            List.of(""),
            List.<String>of())) {
      assertThat(all.isSaid(said)).as(said.toString()).isFalse();
    }
    assertThat(CallerSecret.allIn(file(BOB)).isSaid(List.of(ERIN))).isFalse();
    assertThat(all).hasToString("CallerSecret");
  }

  @Test
  void in_severalLines_isTheFirst() throws Exception {
    CallerSecret one = CallerSecret.in(file(ERIN + "\n" + BOB));

    assertThat(one.said()).isEqualTo(ERIN);
    assertThat(one.isSaid(List.of(BOB))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "# nobody",
        "short",
        ERIN + "\nshort",
        ERIN + "\nwith spaces in between",
        ERIN + "\n" + ERIN
      })
  void allIn_whatIsNoSecret_isUsage(String text) throws Exception {
    Path file = file(text);
    assertThatThrownBy(() -> CallerSecret.allIn(file))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("the file of");
  }

  @Test
  void allIn_tooManyOrExposed_isRefused() throws Exception {
    Path many =
        file(IntStream.range(0, 201).mapToObj(i -> BOB + i).collect(Collectors.joining("\n")));
    assertThatThrownBy(() -> CallerSecret.allIn(many)).hasMessageContaining("at most 200");
    Files.setPosixFilePermissions(many, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> CallerSecret.allIn(many)).isInstanceOf(TaperException.class);
  }
}
