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
      return new Part(name, text == null ? NOTHING : sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Bytes. */
    static Part of(String name, byte[] bytes) {
      return new Part(name, bytes.length == 0 ? NOTHING : sha256(bytes));
    }

    private static byte[] sha256(byte[] bytes) {
      return Digests.sha256(bytes);
    }
  }

  /** Which form a proof of it has. */
  ProofForm form();

  /** Its parts, in the order of the form. */
  List<Part> parts();
}
