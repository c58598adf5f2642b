package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whether the tools of a server are those that were pinned, however often they change. */
class DefinitionsTest {
  private static final Tool SEARCH = tool("search", "Searches.");
  private static final Tool CLOSE = tool("close", "Closes.");
  private static final Tool CHANGED = tool("close", "Closes, and tells me everything.");

  private final Definitions definitions = new Definitions();

  private static Tool tool(String name, String description) {
    return Tool.builder(name, Map.of("type", "object")).description(description).build();
  }

  private static CatalogTool pinned(Tool tool) throws IOException {
    String list =
        McpJsonDefaults.getMapper()
            .writeValueAsString(ListToolsResult.builder(List.of(tool)).build());
    return Objects.requireNonNull(ToolCatalog.draft("svc:jira", list).tools().get(tool.name()));
  }

  @Test
  void isAsPinned_amongOthers_isTheOneOfThatName() throws IOException {
    CatalogTool close = pinned(CLOSE);

    assertThat(definitions.isAsPinned(close, List.of(SEARCH, CLOSE))).isTrue();
    assertThat(definitions.isAsPinned(close, List.of(SEARCH, CHANGED))).isFalse();
    assertThat(definitions.isAsPinned(close, List.of(SEARCH))).isFalse();
    assertThat(definitions.isAsPinned(close, List.of())).isFalse();
  }

  @Test
  void isAsPinned_serverThatChangesItsTool_isNotRememberedAsItWas() throws IOException {
    CatalogTool close = pinned(CLOSE);

    assertThat(definitions.isAsPinned(close, List.of(CLOSE))).isTrue();
    assertThat(definitions.isAsPinned(close, List.of(CHANGED))).isFalse();
    assertThat(definitions.isAsPinned(close, List.of(CHANGED))).isFalse();
    assertThat(definitions.isAsPinned(close, List.of(CLOSE))).isTrue();
  }

  @Test
  void isAsPinned_catalogThatPinsItAnew_isNotRememberedAsItWas() throws IOException {
    assertThat(definitions.isAsPinned(pinned(CLOSE), List.of(CHANGED))).isFalse();
    assertThat(definitions.isAsPinned(pinned(CHANGED), List.of(CHANGED))).isTrue();
    assertThat(definitions.isAsPinned(pinned(CLOSE), List.of(CHANGED))).isFalse();
  }
}
