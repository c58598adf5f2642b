package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class NodeTest {
  @TempDir Path folder;

  @Test
  void demand_packagesMissing_failsUnlessTheCloneIsFromOutside() {
    assertThatThrownBy(() -> Node.demand(folder, true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("node/install");
    assertThatThrownBy(() -> Node.demand(folder, false))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("node/install");
  }

  @Test
  void demand_packagesThere_runs() throws IOException {
    Files.createDirectories(folder.resolve("@modelcontextprotocol/sdk"));

    assertThatCode(() -> Node.demand(folder, true)).doesNotThrowAnyException();
    assertThatCode(() -> Node.demand(folder, false)).doesNotThrowAnyException();
  }
}
