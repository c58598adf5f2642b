package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.server.mcp.RpcFault.Code;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes over JSON in UTF-8 once, byte by byte, and makes nothing of what it skips: a stack of 64
 * bits is all that it keeps. It takes some texts and numbers for JSON that are none, and never the
 * other way round. For one thread.
 */
final class JsonScan {
  private static final int MAX_DEPTH = 64;

  /** A name with an escape is decoded into this many bytes; no name that counts is longer. */
  private static final int MAX_NAME = 48;

  /** The most bytes of one character: a backslash, a letter and four digits. */
  private static final int MAX_ESCAPE = 6;

  /** The name of a member that counts. */
  @SuppressWarnings("ArrayRecordComponent") // compared in place
  record Name(byte[] text, int member) {
    Name(String name, int member) {
      this(name.getBytes(StandardCharsets.US_ASCII), member);
    }
  }

  private final byte[] in;
  private int at;
  private int depth;
  private long objects; // a bit for each level
  private int values;
  private final byte[] decoded = new byte[MAX_NAME];
  private int nameStart;
  private int nameEnd;
  private boolean isEscaped;

  JsonScan(byte[] json) {
    this.in = json;
  }

  int length() {
    return in.length;
  }

  /** How many values there were so far, those within others counted. */
  int values() {
    return values;
  }

  /** Goes into an object; false if it has no members, and was left again. */
  boolean enterObject() throws RpcFault {
    expect('{');
    values++;
    open(true);
    return !leaveIf('}');
  }

  /** Goes on behind a member; false if it was the last, and its object was left. */
  boolean isMore() throws RpcFault {
    if (leaveIf('}')) {
      return false;
    }
    expect(',');
    return true;
  }

  private boolean leaveIf(char end) throws RpcFault {
    if (peek() != end) {
      return false;
    }
    at++;
    depth--;
    return true;
  }

  /** Goes over the name of a member; gives what it stands for, or 0 if it does not count. */
  int name(Name[] known) throws RpcFault {
    readName();
    int member = find(known);
    expect(':');
    return member;
  }

  /** Reads the string that comes; null if it has more characters than it may. */
  @Nullable String text(int most) throws RpcFault {
    expect('"');
    values++;
    int start = at;
    boolean isPlain = string();
    int length = at - 1 - start;
    if (isPlain) {
      return length > most ? null : new String(in, start, length, StandardCharsets.US_ASCII);
    }
    if (length > MAX_ESCAPE * most) {
      return null;
    }
    try {
      ByteBuffer quoted = ByteBuffer.wrap(in, start, length);
      String json = "{\"v\":\"" + StandardCharsets.UTF_8.newDecoder().decode(quoted) + "\"}";
      return McpJson.read(json, Integer.MAX_VALUE).get("v") instanceof String text
              && text.length() <= most
          ? text
          : null;
    } catch (CharacterCodingException | TaperException e) {
      throw invalid();
    }
  }

  /** The characters of the number that comes, or so many of them. */
  String number(int most) throws RpcFault {
    peek();
    int start = at;
    skip();
    return new String(in, start, Math.min(at - start, most), StandardCharsets.US_ASCII);
  }

  /** Refuses what follows. */
  void end() throws RpcFault {
    skipSpace();
    if (at < in.length) {
      throw invalid();
    }
  }

  /** Skips one value with all that is in it. */
  void skip() throws RpcFault {
    int outer = depth;
    boolean isDue = true;
    while (isDue || depth > outer) {
      byte c = next();
      if (isDue) {
        isDue = value(c);
      } else if (c == ',') {
        isDue = true;
        nameIfInObject();
      } else if (c == (isObject() ? '}' : ']')) {
        depth--;
      } else {
        throw invalid();
      }
    }
  }

  /** Reads the beginning of a value; true if another one is due within it. */
  private boolean value(byte c) throws RpcFault {
    values++;
    switch (c) {
      case '{', '[' -> {
        open(c == '{');
        if (leaveIf(c == '{' ? '}' : ']')) {
          return false;
        }
        nameIfInObject();
        return true;
      }
      case '"' -> {
        boolean unused = string();
      }
      case 't' -> literal("rue");
      case 'f' -> literal("alse");
      case 'n' -> literal("ull");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw invalid();
    }
    return false;
  }

  private void nameIfInObject() throws RpcFault {
    if (isObject()) {
      readName();
      expect(':');
    }
  }

  private void open(boolean isObject) throws RpcFault {
    if (++depth > MAX_DEPTH) {
      throw invalid();
    }
    long bit = 1L << (depth - 1);
    objects = isObject ? objects | bit : objects & ~bit;
  }

  private boolean isObject() {
    return (objects & 1L << (depth - 1)) != 0;
  }

  private void number() {
    while (at < in.length && isOfNumber(in[at])) {
      at++;
    }
  }

  private static boolean isOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
  }

  private void literal(String rest) throws RpcFault {
    for (int i = 0; i < rest.length(); i++) {
      if (at == in.length || in[at] != rest.charAt(i)) {
        throw invalid();
      }
      at++;
    }
  }

  private void readName() throws RpcFault {
    expect('"');
    nameStart = at;
    isEscaped = !string();
    nameEnd = at - 1;
  }

  /** Reads a string to its end; true if it is ASCII without an escape. */
  private boolean string() throws RpcFault {
    boolean isPlain = true;
    while (at < in.length) {
      byte b = in[at++];
      if (b == '"') {
        return isPlain;
      }
      if (b == '\\') {
        at++;
        isPlain = false;
      } else if (b < 0) {
        isPlain = false;
      } else if (b < ' ') {
        throw invalid();
      }
    }
    throw invalid();
  }

  /** The member that the last name names; 0 if it does not count. */
  private int find(Name[] known) throws RpcFault {
    byte[] text = in;
    int start = nameStart;
    int length = nameEnd - nameStart;
    if (isEscaped) {
      length = unescape();
      text = decoded;
      start = 0;
    }
    for (Name one : known) {
      byte[] wanted = one.text();
      if (wanted.length == length
          && Arrays.equals(wanted, 0, length, text, start, start + length)) {
        return one.member();
      }
    }
    return 0;
  }

  /** Decodes a name; -1 for one that is not ASCII, or longer than what counts. */
  private int unescape() throws RpcFault {
    int length = 0;
    for (int i = nameStart; i < nameEnd; i++) {
      int c = in[i];
      if (c == '\\') {
        c = in[++i];
        if (c == 'u') {
          c = hex(i + 1);
          i += 4;
        } else if (c != '"' && c != '\\' && c != '/') {
          return -1; // a control character is in no name that counts
        }
      }
      if (c < ' ' || c > '~' || length == MAX_NAME) {
        return -1;
      }
      decoded[length++] = (byte) c;
    }
    return length;
  }

  private int hex(int from) throws RpcFault {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < nameEnd ? Character.digit(in[i], 16) : -1;
      if (digit < 0) {
        throw invalid();
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void skipSpace() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
  }

  /** The next byte that is no white space, which stays. */
  byte peek() throws RpcFault {
    skipSpace();
    if (at >= in.length) {
      throw invalid();
    }
    return in[at];
  }

  private byte next() throws RpcFault {
    byte b = peek();
    at++;
    return b;
  }

  private void expect(char wanted) throws RpcFault {
    if (next() != wanted) {
      throw invalid();
    }
  }

  static RpcFault invalid() {
    return new RpcFault(
        Code.INVALID_JSON, "the message is no JSON object, has a name twice, or is too deep");
  }
}
