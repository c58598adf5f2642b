package dev.taper.server.mcp;

import dev.taper.ShownText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of JSON-RPC 2.0. An id is a {@link String} or a {@link Long}; parameters and results
 * are maps, lists and so on. Immutable if what it holds is not changed.
 */
public sealed interface RpcMessage {
  /** What wants an answer. */
  record Request(Object id, String method, @Nullable Map<String, @Nullable Object> params)
      implements RpcMessage {
    /** The method with which a session begins. */
    public static final String INITIALIZE = "initialize";
  }

  /** What wants none. */
  record Notification(String method, @Nullable Map<String, @Nullable Object> params)
      implements RpcMessage {
    /** The method with which a client says that a session has begun. */
    public static final String INITIALIZED = "notifications/initialized";

    /** The method with which either side takes back what it asked. */
    static final String CANCELLED = "notifications/cancelled";

    /** The parameter of {@link #CANCELLED} that says which request it was. */
    static final String REQUEST_ID = "requestId";

    /** Takes a request back. */
    static Notification cancelled(Object requestId) {
      return new Notification(CANCELLED, Map.of(REQUEST_ID, requestId));
    }

    /** Says that a list of a server is another one now, such as {@code tools}. */
    public static Notification listChanged(String list) {
      return new Notification("notifications/" + list + "/list_changed", null);
    }
  }

  /** An answer with a result. */
  record Result(Object id, Map<String, @Nullable Object> result) implements RpcMessage {}

  /**
   * An answer with an error.
   *
   * @param id of the request; null if nobody knows it
   * @param code what went wrong
   * @param message what went wrong, in words
   * @param data more about it, or null
   */
  record Failure(@Nullable Object id, int code, String message, @Nullable Object data)
      implements RpcMessage {
    /** JSON-RPC's code for what is no JSON. */
    public static final int PARSE = -32700;

    /** JSON-RPC's code for what is no message. */
    public static final int INVALID_REQUEST = -32600;

    /** JSON-RPC's code for a method that is not there. */
    public static final int METHOD_NOT_FOUND = -32601;

    /** JSON-RPC's code for parameters that make no sense. */
    public static final int INVALID_PARAMS = -32602;

    /** JSON-RPC's code for a failure of whoever answers. */
    public static final int INTERNAL = -32603;

    /** MCP's code for a revision of the protocol that is not known. */
    static final int UNSUPPORTED_VERSION = -32022;

    private static final int MAX_VERSION_COLUMNS = 64;

    /** An answer with an error of which there is no more to say. */
    public Failure(@Nullable Object id, int code, String message) {
      this(id, code, message, null);
    }

    /** The answer to a request of another revision than those that are known here. */
    public static Failure unsupported(@Nullable Object id, @Nullable Object version) {
      return new Failure(
          id,
          UNSUPPORTED_VERSION,
          "Unsupported protocol version",
          Map.of(
              "supported",
              Revision.texts(),
              "requested",
              ShownText.of(String.valueOf(version), MAX_VERSION_COLUMNS)));
    }
  }

  /** The id that an answer has; null for other messages and for an error about no request. */
  default @Nullable Object answers() {
    if (this instanceof Result result) {
      return result.id();
    }
    return this instanceof Failure failure ? failure.id() : null;
  }

  /** True for a result or an error. */
  default boolean isAnswer() {
    return this instanceof Result || this instanceof Failure;
  }

  /** The same answer to another request. */
  default RpcMessage withId(Object id) {
    if (this instanceof Result result) {
      return new Result(id, result.result());
    }
    if (this instanceof Failure failure) {
      return new Failure(id, failure.code(), failure.message(), failure.data());
    }
    throw new IllegalStateException("no answer");
  }

  /** The same id or token in one form: an integer that was read is a {@link Long}. */
  static @Nullable Object id(@Nullable Object read) {
    return read instanceof Integer number ? (Object) number.longValue() : read;
  }

  /** A copy of a member that is an object; a new one if it is none. */
  static Map<String, @Nullable Object> object(
      @Nullable Map<String, @Nullable Object> of, String name) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    if (of != null && of.get(name) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }
}
