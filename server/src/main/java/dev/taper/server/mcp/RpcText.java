package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages as text: read strictly, so that everybody who reads them reads the same, and written on
 * one line. Pure and thread-safe.
 */
public final class RpcText {
  /** The most bytes of a message unless somebody sets another bound. */
  public static final int MAX_BYTES = 4 << 20;

  /** What is wrong with what no tree can be made of. */
  static final String NO_OBJECT = "the message is no JSON object, has a name twice, or is too deep";

  private static final int MAX_ID = 256; // characters
  private static final int MAX_METHOD = 128; // characters
  private static final Set<String> REQUEST = Set.of("jsonrpc", "id", "method", "params");
  private static final Set<String> RESULT = Set.of("jsonrpc", "id", "result");
  private static final Set<String> ERROR = Set.of("jsonrpc", "id", "error");

  private RpcText() {}

  /**
   * Reads one message.
   *
   * @param bytes JSON in UTF-8
   * @throws RpcFault {@code invalid_json}, {@code batch_not_accepted} or {@code invalid_message}
   */
  public static RpcMessage read(byte[] bytes) throws RpcFault {
    try {
      return read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new RpcFault(Code.INVALID_JSON, "the message is not UTF-8");
    }
  }

  /**
   * Reads one message of a client; of one that is not small no more than its token is good for.
   *
   * @param bytes JSON in UTF-8
   * @param admission says whether a request that is not small is read; null to read all
   * @return the message, or what {@link MessageOutline#request} has of it
   * @throws RpcFault {@code invalid_json}, {@code batch_not_accepted}, {@code invalid_message}, or
   *     {@code message_too_long} for one that has no token and is not small
   */
  public static RpcMessage read(byte[] bytes, @Nullable Admission admission) throws RpcFault {
    if (admission == null) {
      return read(bytes);
    }
    MessageOutline outline = MessageOutline.of(bytes);
    if (outline.isSmall()) { // which costs little, and its token is verified once
      return read(bytes);
    }
    if (!outline.isRequest()) {
      throw new RpcFault(
          Code.MESSAGE_TOO_LONG, "what has no token is longer, or has more parts, than it may");
    }
    HttpRefusal refusal = admission.unread(String.valueOf(outline.method()), outline.presented());
    return refusal == null ? read(bytes) : outline.request(refusal);
  }

  /**
   * Reads one message.
   *
   * @throws RpcFault {@code invalid_json}, {@code batch_not_accepted} or {@code invalid_message}
   */
  public static RpcMessage read(String json) throws RpcFault {
    if (json.stripLeading().startsWith("[")) {
      throw new RpcFault(Code.BATCH_NOT_ACCEPTED, "messages are sent one by one");
    }
    try {
      return message(McpJson.read(json, Integer.MAX_VALUE));
    } catch (TaperException e) {
      throw new RpcFault(Code.INVALID_JSON, NO_OBJECT);
    }
  }

  private static RpcMessage message(Map<String, @Nullable Object> object) throws RpcFault {
    if (!"2.0".equals(object.get("jsonrpc"))) {
      throw invalid("the message has no jsonrpc 2.0");
    }
    Object id = id(object);
    if (object.containsKey("method")) {
      only(object, REQUEST);
      if (!(object.get("method") instanceof String method)
          || method.isEmpty()
          || method.length() > MAX_METHOD) {
        throw invalid("the method is no text of at most " + MAX_METHOD + " characters");
      }
      Map<String, @Nullable Object> params =
          object.containsKey("params") ? member(object, "params") : null;
      if (!object.containsKey("id")) {
        return new RpcMessage.Notification(method, params);
      }
      if (id == null) {
        throw invalid("the id of a request is null");
      }
      return new RpcMessage.Request(id, method, params);
    }
    if (object.containsKey("result")) {
      only(object, RESULT);
      if (id == null) {
        throw invalid("a result has no id");
      }
      return new RpcMessage.Result(id, member(object, "result"));
    }
    if (object.containsKey("error")) {
      only(object, ERROR);
      return failure(id, member(object, "error"));
    }
    throw invalid("the message has no method, result or error");
  }

  private static @Nullable Object id(Map<String, @Nullable Object> object) throws RpcFault {
    Object id = object.get("id");
    if (id == null || (id instanceof String text && isId(text))) {
      return id;
    }
    if (id instanceof Integer || id instanceof Long) {
      return ((Number) id).longValue();
    }
    throw invalid("an id is a short text or an integer of 64 bits");
  }

  /** True if it is short, and without half a character: nobody could write that again. */
  static boolean isId(String text) {
    return text.length() <= MAX_ID
        && text.codePoints().noneMatch(point -> point >= 0xd800 && point < 0xe000);
  }

  private static Failure failure(@Nullable Object id, Map<String, @Nullable Object> error)
      throws RpcFault {
    if (error.get("code") instanceof Number code
        && (code instanceof Integer || code instanceof Long || code instanceof BigInteger)
        && error.get("message") instanceof String message) {
      return new Failure(id, code.intValue(), message, error.get("data"));
    }
    throw invalid("an error has no integer code or no message");
  }

  private static Map<String, @Nullable Object> member(
      Map<String, @Nullable Object> object, String name) throws RpcFault {
    if (!(object.get(name) instanceof Map<?, ?>)) {
      throw invalid(name + " is no object");
    }
    return RpcMessage.object(object, name);
  }

  private static void only(Map<String, @Nullable Object> object, Set<String> names)
      throws RpcFault {
    if (!names.containsAll(object.keySet())) {
      throw invalid("the message has a member that no such message has");
    }
  }

  private static RpcFault invalid(String detail) {
    return new RpcFault(Code.INVALID_MESSAGE, detail);
  }

  /**
   * Writes a message on one line, without its end.
   *
   * @throws TaperException if it holds what JSON has no form for, or is too deep
   */
  public static String write(RpcMessage message) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("jsonrpc", "2.0");
    if (message instanceof RpcMessage.Request request) {
      object.put("id", request.id());
      call(object, request.method(), request.params());
    } else if (message instanceof RpcMessage.Notification notification) {
      call(object, notification.method(), notification.params());
    } else if (message instanceof RpcMessage.Result result) {
      object.put("id", result.id());
      object.put("result", result.result());
    } else {
      Failure failure = (Failure) message;
      Map<String, @Nullable Object> error = new LinkedHashMap<>();
      error.put("code", failure.code());
      error.put("message", failure.message());
      if (failure.data() != null) {
        error.put("data", failure.data());
      }
      object.put("id", failure.id());
      object.put("error", error);
    }
    return McpJson.write(object, Integer.MAX_VALUE);
  }

  /**
   * Writes a message for a server.
   *
   * @throws RpcFault {@code invalid_message} if it has no form as JSON
   */
  static String toServer(RpcMessage message) throws RpcFault {
    try {
      return write(message);
    } catch (TaperException e) {
      throw invalid("the message has no form as JSON");
    }
  }

  private static void call(
      Map<String, @Nullable Object> object,
      String method,
      @Nullable Map<String, @Nullable Object> params) {
    object.put("method", method);
    if (params != null) {
      object.put("params", params);
    }
  }
}
