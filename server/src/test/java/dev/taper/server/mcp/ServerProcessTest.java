package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a started server is given. */
class ServerProcessTest {
  @Test
  void environment_hasNotWhatIsWithheld() throws Exception {
    assertThat(System.getenv()).containsKey("HOME");
    try (ServerProcess process = ServerProcess.start(List.of("env"), "HOME")) {
      String given = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(given).contains("PATH=").doesNotContain("HOME=").doesNotContain("TAPER_");
    }
  }
}
