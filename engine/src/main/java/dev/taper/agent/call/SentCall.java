package dev.taper.agent.call;

import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a call goes over the wire, as a holder's proof covers it: a tool with its arguments, an
 * HTTP request, or an MCP message. What it <em>means</em> is derived from it by the service, as a
 * {@link ToolCall}. Immutable and thread-safe.
 */
public sealed interface SentCall permits SentTool, SentHttp, SentMcp {
  /**
   * One part of what is sent, which a refusal can name.
   *
   * @param name such as {@code target}
   * @param digest the SHA-256 digest of its content; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  record Part(String name, byte[] digest) {
    /** The digest of no bytes: what is absent, and can never be there and be empty. */
    static final byte[] NOTHING = Digests.sha256(new byte[0]);

    /** A text, or nothing if it is absent. */
    static Part of(String name, @Nullable String text) {
      return text == null
          ? new Part(name, NOTHING)
          : of(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes. */
    static Part of(String name, byte[] bytes) {
      return new Part(name, Digests.sha256(bytes));
    }
  }

  /** Which form a proof of it has. */
  Form form();

  /** Its parts, in the order of the form. */
  List<Part> parts();

  /**
   * What a proof covers beside the token, the audience and the approvals: one of the forms in which
   * a call is sent, or no call at all. A proof of one form is never good for another.
   */
  @SuppressWarnings("ImmutableEnumChecker") // nobody changes the array
  enum Form {
    /**
     * A tool with its arguments; with a service that asks for it, the operation and resource too.
     */
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

    Form(int wireId, String tag, List<String> parts) {
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

    static @Nullable Form of(int wireId) {
      for (Form form : values()) {
        if (form.wireId == wireId) {
          return form;
        }
      }
      return null;
    }
  }
}
