package dev.taper.integrations.mcp;

import dev.taper.TaperException;
import dev.taper.agent.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as an agent reads it. A server wrote it, so its texts are what that server says.
 * Immutable and thread-safe.
 *
 * @param status as over HTTP; 0 if the server names none
 * @param code why; see {@code DenialCode}
 * @param detail one sentence for people, or null
 * @param decision what would help and whom to ask; null if the refusal is no decision
 */
public record McpRefusal(
    int status, String code, @Nullable String detail, @Nullable Refusal decision) {
  private static final int MAX_LENGTH = 1 << 20;

  /**
   * Reads a refusal.
   *
   * @param value the object that a result has in {@code _meta} under {@link McpMeta#REFUSAL}, or an
   *     error as its data
   * @return null if it is no refusal
   */
  public static @Nullable McpRefusal of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> members) || !(members.get("code") instanceof String code)) {
      return null;
    }
    int status = members.get("status") instanceof Number number ? number.intValue() : 0;
    String detail = members.get("detail") instanceof String text ? text : null;
    return new McpRefusal(status, code, detail, decision(members.get("decision")));
  }

  /** Whatever a server writes there, the call was refused: what cannot be read is left out. */
  private static @Nullable Refusal decision(@Nullable Object decision) {
    if (decision == null) {
      return null;
    }
    try {
      return Refusal.parse(McpJson.write(decision, MAX_LENGTH));
    } catch (TaperException e) {
      return null;
    }
  }
}
