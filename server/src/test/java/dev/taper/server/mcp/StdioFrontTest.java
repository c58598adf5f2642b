package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StdioFrontTest {
  /** Such as where no thread can be started that reads what a server writes. */
  @Test
  void request_forWhichNoServerCanBeHad_isAnswered() throws Exception {
    String asked =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize"}
        {"jsonrpc":"2.0","id":2,"method":"ping"}
        """;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    StdioFront front =
        StdioFront.start(
            new ByteArrayInputStream(asked.getBytes(StandardCharsets.UTF_8)),
            told,
            1 << 16,
            Duration.ofSeconds(1),
            new BrokenHost());
    assertThat(front.await()).isNull();
    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.contains("cannot be handled"))
        .anyMatch(line -> line.contains("\"id\":2"));
  }
}
