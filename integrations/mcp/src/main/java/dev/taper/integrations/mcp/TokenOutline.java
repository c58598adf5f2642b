package dev.taper.integrations.mcp;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.JsonScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Whose tokens JSON has, found in one pass over its bytes, which makes nothing of anything else. So
 * what is long is read only if one of them is good: {@link McpGuard#unread}. For one thread.
 */
@CheckReturnValue
public final class TokenOutline {
  /** The most tokens that count: as many as one question of AuthZEN has evaluations. */
  private static final int MAX_TOKENS = 64;

  private static final int MAX_SMALL_BYTES = 32 * 1024;
  private static final int MAX_SMALL_VALUES = 256;

  /** A token that is longer than it may be is refused like this one, which is one too long. */
  private static final String TOO_LONG = "x".repeat(CredentialFields.MAX_FIELD + 1);

  /** Longer than the name of the scheme and a token. */
  private static final int MAX_FIELD = CredentialFields.MAX_FIELD + 64;

  private static final int TOKEN = 1;
  private static final int HTTP = 2;
  private static final int FIELDS = 3;
  private static final int AUTHORIZATION = 4;
  private static final int MCP = 5;
  private static final int PARAMS = 6;
  private static final int META = 7;
  private static final int SUBJECT = 8;
  private static final int PROPERTIES = 9;
  private static final int CONTEXT = 10;
  private static final int EVALUATIONS = 11;
  private static final int METHOD = 12;
  private static final int QUESTION = 13;
  private static final int MESSAGE = 14;

  private static final JsonScan.Name[] NONE = {};

  /** By the number of an object, which of its members count. */
  private static final JsonScan.Name[][] MEMBERS = new JsonScan.Name[MESSAGE + 1][];

  static {
    Arrays.fill(MEMBERS, NONE);
    MEMBERS[QUESTION] =
        new JsonScan.Name[] {
          new JsonScan.Name("token", TOKEN),
          new JsonScan.Name("http", HTTP),
          new JsonScan.Name("mcp", MCP),
          new JsonScan.Name("subject", SUBJECT),
          new JsonScan.Name("context", CONTEXT),
          new JsonScan.Name("evaluations", EVALUATIONS)
        };
    MEMBERS[MESSAGE] =
        new JsonScan.Name[] {
          new JsonScan.Name("method", METHOD), new JsonScan.Name("params", PARAMS)
        };
    MEMBERS[CONTEXT] =
        new JsonScan.Name[] {new JsonScan.Name("http", HTTP), new JsonScan.Name("mcp", MCP)};
    MEMBERS[HTTP] = new JsonScan.Name[] {new JsonScan.Name("fields", FIELDS)};
    MEMBERS[FIELDS] =
        new JsonScan.Name[] {
          new JsonScan.Name(CredentialFields.TOKEN_FIELD.toLowerCase(Locale.ROOT), TOKEN),
          new JsonScan.Name("authorization", AUTHORIZATION)
        };
    MEMBERS[MCP] = new JsonScan.Name[] {new JsonScan.Name("params", PARAMS)};
    MEMBERS[PARAMS] = new JsonScan.Name[] {new JsonScan.Name(McpMeta.MEMBER, META)};
    MEMBERS[META] = new JsonScan.Name[] {new JsonScan.Name(McpMeta.TOKEN, TOKEN)};
    MEMBERS[SUBJECT] = new JsonScan.Name[] {new JsonScan.Name("properties", PROPERTIES)};
    MEMBERS[PROPERTIES] = new JsonScan.Name[] {new JsonScan.Name("token", TOKEN)};
  }

  private final JsonScan in;
  private final List<String> tokens = new ArrayList<>();
  private boolean isAnswer;

  private TokenOutline(byte[] json) {
    this.in = new JsonScan(json);
  }

  /**
   * Looks through a question about a call, in all forms of {@code /v1/decide} and AuthZEN.
   *
   * @param json in UTF-8, which is not checked where it does not count
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no JSON object, or too deep
   */
  public static TokenOutline ofQuestion(byte[] json) {
    return new TokenOutline(json).of(QUESTION);
  }

  /**
   * Looks through a message of MCP.
   *
   * @param json in UTF-8, which is not checked where it does not count
   * @throws TaperException as {@link #ofQuestion}
   */
  public static TokenOutline ofMessage(byte[] json) {
    TokenOutline outline = new TokenOutline(json);
    outline.isAnswer = true; // until a method is found
    return outline.of(MESSAGE);
  }

  private TokenOutline of(int kind) {
    object(kind);
    in.end();
    return this;
  }

  /**
   * True if it costs little to read, whatever is in it. An answer may be long, as pictures are, if
   * it has few parts.
   */
  public boolean isSmall() {
    return in.values() <= MAX_SMALL_VALUES && (isAnswer || in.length() <= MAX_SMALL_BYTES);
  }

  /** The tokens as text that nobody has decoded, each once, as they come; no more than count. */
  public List<String> tokens() {
    return Collections.unmodifiableList(tokens);
  }

  private void object(int kind) {
    JsonScan.Name[] known = MEMBERS[kind];
    for (boolean isMore = in.enterObject(); isMore; isMore = in.isMore()) {
      int member = kind == FIELDS ? in.nameOfAnyCase(known) : in.name(known);
      isAnswer &= member != METHOD;
      value(member);
    }
  }

  private void value(int kind) {
    byte first = in.peek();
    boolean isField = kind == TOKEN || kind == AUTHORIZATION;
    if (first == '{' && MEMBERS[kind].length > 0) {
      object(kind);
    } else if (first == '"' && isField) {
      take(kind == AUTHORIZATION);
    } else if (first == '[' && (isField || kind == EVALUATIONS)) {
      for (boolean isMore = in.enterArray(); isMore; isMore = in.isMoreElements()) {
        value(kind == EVALUATIONS ? QUESTION : kind);
      }
    } else {
      in.skip();
    }
  }

  private void take(boolean isScheme) {
    String text = Objects.requireNonNullElse(in.text(MAX_FIELD), TOO_LONG);
    String token = isScheme ? CredentialFields.inScheme(text) : text;
    if (token != null && tokens.size() < MAX_TOKENS && !tokens.contains(token)) {
      tokens.add(token);
    }
  }
}
