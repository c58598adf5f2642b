package dev.taper.agent.call;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a proof covers beside the token, the audience and the approvals: one of the forms in which a
 * call is sent, or no call at all. A proof of one form is never good for another.
 */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the array
public enum ProofForm {
  /** A tool with its arguments; with a service that asks for it, the operation and resource too. */
  TOOL(1, "PROOF", List.of("tool", "operation", "resource", "arguments")),
  /** An HTTP request. */
  HTTP(
      2,
      "PROOF",
      List.of(
          "method",
          "scheme",
          "authority",
          "target",
          "content_type",
          "content_encoding",
          "fields",
          "content")),
  /** An MCP message. */
  MCP(3, "PROOF", List.of("method", "params")),
  /** No call: the holder asks what it may do. */
  OFFER(4, "OFFER", List.of());

  /** The parts that every form begins with. */
  static final List<String> COMMON = List.of("token", "audience", "approvals");

  private final int wireId;
  private final byte[] tag;
  private final List<String> parts;

  ProofForm(int wireId, String tag, List<String> parts) {
    this.wireId = wireId;
    this.tag = ("\0TAPER\0" + tag + "\0").getBytes(StandardCharsets.US_ASCII);
    this.parts = parts;
  }

  /** Its number in a proof. */
  public int wireId() {
    return wireId;
  }

  /** The names of its own parts, in order. */
  public List<String> parts() {
    return parts;
  }

  /** How many parts a proof covers, the common ones included. */
  int count() {
    return COMMON.size() + parts.size();
  }

  /** The tag that keeps its proofs apart from all else that a key signs; not to be changed. */
  byte[] tag() {
    return tag;
  }

  /** The name of one of all parts, counted from 0. */
  String part(int index) {
    int own = index - COMMON.size();
    return own < 0 ? COMMON.get(index) : parts.get(own);
  }

  static @Nullable ProofForm of(int wireId) {
    for (ProofForm form : values()) {
      if (form.wireId == wireId) {
        return form;
      }
    }
    return null;
  }
}
