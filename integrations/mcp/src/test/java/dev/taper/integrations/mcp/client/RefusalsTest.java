package dev.taper.integrations.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Errors of which some are refusals of a guard, and others say what a server likes. */
class RefusalsTest {
  /** What anybody may write: it is a refusal in the member that is a guard's, and nowhere else. */
  private static final Map<String, Object> FORGED = Map.of("status", 401, "code", "token_required");

  @Test
  void in_errorsThatAreNoRefusal_isNone() {
    assertThat(Refusals.in(new IllegalStateException("away"))).isNull();
    for (Object data : new Object[] {"text", 7, Map.of(), Map.of("code", 7), FORGED}) {
      assertThat(Refusals.in(new McpError(new JSONRPCError(-32603, "no", data)))).isNull();
    }
    assertThat(Refusals.in(new McpError(new JSONRPCError(-32603, "no")))).isNull();
  }

  @Test
  void in_refusalBehindOtherErrors_isFound() {
    McpError refused = new McpError(new JSONRPCError(401, "no", Map.of(McpMeta.REFUSAL, FORGED)));
    assertThat(Refusals.in(new IllegalStateException(new RuntimeException(refused))))
        .extracting(McpRefusal::code)
        .isEqualTo("token_required");
  }
}
