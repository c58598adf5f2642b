package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcMessage.Failure;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came is no message, or cannot be answered: with a stable code, for logs and answers. */
public final class RpcFault extends Exception {
  private static final long serialVersionUID = 1L;

  /** The member of an error's data that has the code. */
  public static final String MEMBER = "fault";

  /** Why. */
  public enum Code {
    /** It is no JSON object, has a name twice, or is too deep. */
    INVALID_JSON(Failure.PARSE),
    /** It is an array of messages, which is refused whole. */
    BATCH_NOT_ACCEPTED(Failure.INVALID_REQUEST),
    /** It is an object, and no message. */
    INVALID_MESSAGE(Failure.INVALID_REQUEST),
    /** It is longer than messages may be. */
    MESSAGE_TOO_LONG(Failure.INVALID_REQUEST),
    /** A request with the same id has not been answered yet. */
    DUPLICATE_ID(Failure.INVALID_REQUEST),
    /** The session belongs to somebody else; the message did not go on. */
    WRONG_SESSION(Failure.INVALID_REQUEST),
    /** Too many requests have not been answered yet. */
    TOO_MANY_REQUESTS(Failure.INTERNAL),
    /** The server cannot be reached, or does not take the message; it was not sent. */
    UPSTREAM_UNAVAILABLE(Failure.INTERNAL),
    /** The server ended; it may have handled the message. */
    UPSTREAM_ENDED(Failure.INTERNAL),
    /** The server did not answer in time; it may have handled the message. */
    UPSTREAM_TIMEOUT(Failure.INTERNAL),
    /** What the server answers is no message; it may have handled the request. */
    UPSTREAM_INVALID(Failure.INTERNAL),
    /** Something failed here, and the message did not go on. */
    INTERNAL(Failure.INTERNAL);

    private final int rpc;

    Code(int rpc) {
      this.rpc = rpc;
    }

    /** The code as text, in lower case. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Code code;
  private final String detail;

  /**
   * Makes a fault.
   *
   * @param detail one sentence that quotes nothing of what came
   */
  public RpcFault(Code code, String detail) {
    super(code.text() + ": " + detail);
    this.code = code;
    this.detail = detail;
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** Why, in one sentence. */
  public String detail() {
    return detail;
  }

  /**
   * The answer to whoever sent it.
   *
   * @param id of the request, or null if nobody knows it
   */
  public Failure answer(@Nullable Object id) {
    return new Failure(id, code.rpc, code.text() + ": " + detail, Map.of(MEMBER, code.text()));
  }
}
