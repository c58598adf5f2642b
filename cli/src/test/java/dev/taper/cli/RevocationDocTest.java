package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about revocation shows what works. */
class RevocationDocTest {
  @TempDir private Path folder;

  @Test
  void commandLines_afterTheirPreparation_tellTheStory() throws IOException {
    List<String> outputs = new PastedDocument("revocation.md", folder).commands();

    assertThat(outputs).hasSize(14);
    assertThat(outputs.get(1)).startsWith("ALLOWED");
    assertThat(outputs.get(2)).startsWith("revoked block 0 (user:alice@acme.com → agent:planner)");
    assertThat(outputs.get(4)).startsWith("FRESH  number 3, 2 entries");
    assertThat(outputs.get(6)).startsWith("revoked 1 of kind holder; ");
    assertThat(outputs.get(7)).startsWith("lifted task T-4711");
    assertThat(outputs.get(10)).startsWith("user:alice@acme.com\n").contains("keys: 1\n");
    assertThat(outputs.get(11)).contains("\nEnded: 1 living delegation, by 2 entries; ");
    assertThat(outputs.get(12)).startsWith("REVOKED").contains("list number 4");
    assertThat(outputs.get(13)).startsWith("REVOKED").contains("user:alice@acme.com");
  }
}
