package dev.taper.examples.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void run_twoCalls_onlyTheSmallOneIsAllowed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      Main.run(out);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("limit 50: allowed\nlimit 500: denied\n".replace("\n", System.lineSeparator()));
  }

  @Test
  void module_ofTheExample_isNamed() {
    assertThat(Main.class.getModule().getName()).isEqualTo("dev.taper.examples.delegation");
  }
}
