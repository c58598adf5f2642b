package dev.taper.server.serve.decide;

import dev.taper.integrations.http.Credentials;
import dev.taper.integrations.http.JsonScan;
import dev.taper.integrations.mcp.McpMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Whose tokens a question has, in any of its forms, found in one pass over its bytes, which makes
 * nothing of anything else. A long question is read only if one of them is good. For one thread.
 */
final class QuestionOutline {
  private static final int MAX_SMALL_BYTES = 32 * 1024;
  private static final int MAX_SMALL_VALUES = 256;

  /** A token that is longer than it may be is refused like this one, which is one too long. */
  private static final String TOO_LONG = "x".repeat(Credentials.MAX_FIELD + 1);

  /** Longer than the name of the scheme and a token. */
  private static final int MAX_FIELD = Credentials.MAX_FIELD + 64;

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
  private static final int QUESTION = 12;

  private static final JsonScan.Name[] NONE = {};

  /** By the number of an object, which of its members count. */
  private static final JsonScan.Name[][] MEMBERS = new JsonScan.Name[QUESTION + 1][];

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
    MEMBERS[CONTEXT] =
        new JsonScan.Name[] {new JsonScan.Name("http", HTTP), new JsonScan.Name("mcp", MCP)};
    MEMBERS[HTTP] = new JsonScan.Name[] {new JsonScan.Name("fields", FIELDS)};
    MEMBERS[FIELDS] =
        new JsonScan.Name[] {
          new JsonScan.Name(Credentials.TOKEN_FIELD.toLowerCase(Locale.ROOT), TOKEN),
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

  private QuestionOutline(byte[] json) {
    this.in = new JsonScan(json);
  }

  /**
   * Looks through a question.
   *
   * @param json in UTF-8, which is not checked where it does not count
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_REQUEST} if it is no JSON
   *     object, or too deep
   */
  static QuestionOutline of(byte[] json) {
    QuestionOutline outline = new QuestionOutline(json);
    outline.object(QUESTION);
    outline.in.end();
    return outline;
  }

  /** True if it costs little to read, whatever is in it. */
  boolean isSmall() {
    return in.length() <= MAX_SMALL_BYTES && in.values() <= MAX_SMALL_VALUES;
  }

  /**
   * The tokens as text that nobody has decoded, each once, as they come; no more of them than there
   * may be evaluations.
   */
  List<String> tokens() {
    return tokens;
  }

  private void object(int kind) {
    JsonScan.Name[] known = MEMBERS[kind];
    for (boolean isMore = in.enterObject(); isMore; isMore = in.isMore()) {
      value(kind == FIELDS ? in.nameOfAnyCase(known) : in.name(known));
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
    String token = isScheme ? Credentials.inScheme(text) : text;
    if (token != null && tokens.size() < AuthzenQuestion.MAX && !tokens.contains(token)) {
      tokens.add(token);
    }
  }
}
