package dev.taper.audit;

import dev.taper.agent.call.ToolCall;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A call that was made, or that was approved in advance. Its arguments are known by a digest only.
 *
 * @param audience the service; null if any
 * @param tool the tool
 * @param operation the operation, or null
 * @param resource the resource, or null
 * @param args the SHA-256 digest of the arguments as canonical JSON, 64 hex digits; null if any
 *     arguments would do
 */
public record AuditCall(
    @Nullable String audience,
    String tool,
    @Nullable String operation,
    @Nullable String resource,
    @Nullable String args) {
  /**
   * Checks the parts.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
   *     out of its range
   */
  public AuditCall {
    Checked.textOrNull(audience, "the audience");
    Checked.text(tool, "the tool");
    Checked.textOrNull(operation, "the operation");
    Checked.textOrNull(resource, "the resource");
    if (args != null) {
      Checked.hex(args, 32, "the digest of the arguments");
    }
  }

  /** A call, with its arguments' digest; the service may be null. */
  public static AuditCall of(@Nullable String audience, ToolCall call) {
    return new AuditCall(
        audience,
        call.tool(),
        call.operation(),
        call.resource(),
        HexFormat.of().formatHex(call.argumentsDigest()));
  }

  /** The call with any arguments. */
  public AuditCall withAnyArguments() {
    return new AuditCall(audience, tool, operation, resource, null);
  }
}
