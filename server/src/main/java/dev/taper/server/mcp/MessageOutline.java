package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.JsonScan;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcFault.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a message is and whose token it has, found in one pass over its bytes. Nobody has shown
 * anything yet when it is made, so the pass looks at each byte once and keeps nothing but the few
 * members below: no tree, no name, no number. It accepts more than {@link RpcText} does, and where
 * both accept a message, both find the same. For one thread.
 */
public final class MessageOutline {
  private static final int MAX_METHOD = 128;
  private static final int MAX_ID = 256;

  /** More than an integer of 64 bits has. */
  private static final int MAX_DIGITS = 21;

  /** The longest name of a tool, or URI of a resource, that an answer or a header field needs. */
  private static final int MAX_NAME = 1024;

  /** One character more than a token may have: so many are as good as all of a longer one. */
  private static final int MAX_TOKEN = CredentialFields.MAX_FIELD + 1;

  private static final String TOO_LONG = "x".repeat(MAX_TOKEN);

  /** The most of a message that nobody's token stands for: bytes and values. */
  private static final int MAX_SMALL_BYTES = 32 * 1024;

  private static final int MAX_SMALL_VALUES = 256;

  private static final int METHOD = 1;
  private static final int ID = 2;
  private static final int PARAMS = 3;
  private static final int RESULT = 4;
  private static final int ERROR = 5;
  private static final int META = 6;
  private static final int NAME = 7;
  private static final int URI = 8;
  private static final int TOKEN = 9;
  private static final int VERSION = 10;
  private static final int TASK = 11;

  private static final JsonScan.Name[] MESSAGE = {
    new JsonScan.Name("method", METHOD),
    new JsonScan.Name("id", ID),
    new JsonScan.Name("params", PARAMS),
    new JsonScan.Name("result", RESULT),
    new JsonScan.Name("error", ERROR)
  };
  private static final JsonScan.Name[] PARAMETERS = {
    new JsonScan.Name(McpMeta.MEMBER, META),
    new JsonScan.Name("name", NAME),
    new JsonScan.Name("uri", URI),
    new JsonScan.Name(McpMeta.TASK, TASK)
  };
  private static final JsonScan.Name[] OF_META = {
    new JsonScan.Name(McpMeta.TOKEN, TOKEN), new JsonScan.Name(McpMeta.VERSION, VERSION)
  };

  private final JsonScan in;
  private int seen; // members that count

  private @Nullable String method;
  private @Nullable Object id;
  private @Nullable Object name;
  private @Nullable Object uri;
  private @Nullable Object token;
  private @Nullable Object version;

  private MessageOutline(byte[] json) {
    this.in = new JsonScan(json);
  }

  /**
   * Looks through a message.
   *
   * @param json in UTF-8, which is not checked where it does not count
   * @throws RpcFault {@code invalid_json}, {@code batch_not_accepted} or {@code invalid_message}
   */
  public static MessageOutline of(byte[] json) throws RpcFault {
    MessageOutline outline = new MessageOutline(json);
    try {
      outline.message();
    } catch (TaperException e) {
      throw new RpcFault(Code.INVALID_JSON, RpcText.NO_OBJECT);
    }
    return outline;
  }

  /** True if it wants an answer. */
  public boolean isRequest() {
    return method != null && id != null;
  }

  /** The method; null for an answer. */
  public @Nullable String method() {
    return method;
  }

  /** The token as text that nobody has decoded; null if there is none, or it is no text. */
  public @Nullable String presented() {
    return token instanceof String text ? text : null;
  }

  /** True if it costs little to read, whatever is in it. */
  public boolean isSmall() {
    return in.values() <= MAX_SMALL_VALUES && (method == null || in.length() <= MAX_SMALL_BYTES);
  }

  /**
   * The request without what nobody reads before its token is good. It is marked so that nobody
   * takes it for the whole ({@link McpMeta#isUnread}).
   *
   * @param refusal what is answered to it
   * @throws IllegalStateException if it is no request
   */
  public RpcMessage.Request request(HttpRefusal refusal) {
    if (method == null || id == null) {
      throw new IllegalStateException("no request");
    }
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    meta.put(McpMeta.UNREAD, refusal);
    put(meta, McpMeta.TOKEN, TOKEN, token);
    put(meta, McpMeta.VERSION, VERSION, version);
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    put(params, "name", NAME, name);
    put(params, "uri", URI, uri);
    put(params, McpMeta.TASK, TASK, true);
    params.put(McpMeta.MEMBER, meta);
    return new RpcMessage.Request(id, method, params);
  }

  private void put(
      Map<String, @Nullable Object> into, String key, int member, @Nullable Object value) {
    if ((seen & 1 << member) != 0) {
      into.put(key, value);
    }
  }

  private void message() throws RpcFault {
    if (in.peek() == '[') {
      throw new RpcFault(Code.BATCH_NOT_ACCEPTED, "messages are sent one by one");
    }
    object(MESSAGE);
    in.end();
    if ((seen & (1 << METHOD | 1 << RESULT | 1 << ERROR)) == 0) {
      throw new RpcFault(Code.INVALID_MESSAGE, "the message has no method, result or error");
    }
  }

  /** Reads an object of which some members count. */
  private void object(JsonScan.Name[] known) throws RpcFault {
    for (boolean isMore = in.enterObject(); isMore; isMore = in.isMore()) {
      int member = in.name(known);
      if (member == 0) {
        in.skip();
      } else if ((seen & 1 << member) != 0) {
        throw JsonScan.invalid();
      } else {
        seen |= 1 << member;
        member(member);
      }
    }
  }

  private void member(int member) throws RpcFault {
    switch (member) {
      case PARAMS -> inner(PARAMETERS);
      case META -> inner(OF_META);
      case METHOD -> {
        if (!(text(MAX_METHOD) instanceof String read) || read.isEmpty()) {
          throw new RpcFault(Code.INVALID_MESSAGE, "the method is no short text");
        }
        method = read;
      }
      case ID -> id = id();
      case NAME -> name = text(MAX_NAME);
      case URI -> uri = text(MAX_NAME);
      case TOKEN -> token = token();
      case VERSION -> version = text(MAX_NAME);
      default -> in.skip();
    }
  }

  private void inner(JsonScan.Name[] known) throws RpcFault {
    if (in.peek() == '{') {
      object(known);
    } else {
      in.skip();
    }
  }

  /** A text; another value, or a text that is too long, is {@link Boolean#FALSE}. */
  private Object text(int most) throws RpcFault {
    return in.peek() == '"' ? Objects.requireNonNullElse(in.text(most), false) : noText();
  }

  private Object noText() throws RpcFault {
    in.skip();
    return false;
  }

  /** The token; of one that is longer than any may be, enough to see that. */
  private Object token() throws RpcFault {
    if (in.peek() != '"') {
      return noText();
    }
    String read = in.text(MAX_TOKEN);
    return read == null ? TOO_LONG : read;
  }

  private @Nullable Object id() throws RpcFault {
    switch (in.peek()) {
      case '"' -> {
        String read = in.text(MAX_ID);
        if (read != null && RpcText.isId(read)) {
          return read;
        }
      }
      case 'n' -> { // of an answer to what nobody could read
        in.skip();
        return null;
      }
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        try {
          return Long.parseLong(in.number(MAX_DIGITS));
        } catch (NumberFormatException e) {
          throw noId();
        }
      }
      default -> in.skip();
    }
    throw noId();
  }

  private static RpcFault noId() {
    return new RpcFault(Code.INVALID_MESSAGE, "an id is a short text or an integer of 64 bits");
  }
}
