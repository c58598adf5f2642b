package dev.taper.integrations.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Goes over JSON in UTF-8 once, byte by byte, and makes nothing of what it skips: a stack of 64
 * bits is all that it keeps. So a token can be found in what nobody vouches for yet, before a
 * reader builds anything of it. It takes some texts and numbers for JSON that are none, and never
 * the other way round. Methods throw {@link TaperException} with {@link ErrorCode#INVALID_REQUEST}
 * for what is no JSON, or deeper than 64 levels. For one thread.
 */
@CheckReturnValue
public final class JsonScan {
  private static final int MAX_DEPTH = 64;

  /** A name with an escape is decoded into this many bytes; no name that counts is longer. */
  private static final int MAX_NAME = 48;

  /** The most bytes of one character: a backslash, a letter and four digits. */
  private static final int MAX_ESCAPE = 6;

  private static final JsonFactory STRICT = SafeJson.strict(1, Integer.MAX_VALUE, 1);

  /** The name of a member that counts. Immutable and thread-safe. */
  public static final class Name {
    private final byte[] text;
    private final int member;

    /**
     * Names a member.
     *
     * @param name in ASCII; in small letters where names have no case
     * @param member what it stands for; not 0
     */
    public Name(String name, int member) {
      this.text = name.getBytes(StandardCharsets.US_ASCII);
      this.member = member;
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
  private long steps;

  /**
   * Starts before the first byte.
   *
   * @param json in UTF-8, not copied and not to be changed meanwhile
   */
  public JsonScan(byte[] json) {
    this.in = json;
  }

  /** How many bytes there are. */
  public int length() {
    return in.length;
  }

  /** How many values there were so far, those within others counted. */
  public int values() {
    return values;
  }

  /** How many bytes were looked at so far, each as often as it was. */
  long steps() {
    return steps;
  }

  /** Goes into an object; false if it has no members, and was left again. */
  public boolean enterObject() {
    expect('{');
    values++;
    open(true);
    return !leaveIf('}');
  }

  /** Goes on behind a member; false if it was the last, and its object was left. */
  public boolean isMore() {
    return isMore('}');
  }

  /** Goes into an array; false if it has no elements, and was left again. */
  public boolean enterArray() {
    expect('[');
    values++;
    open(false);
    return !leaveIf(']');
  }

  /** Goes on behind an element; false if it was the last, and its array was left. */
  public boolean isMoreElements() {
    return isMore(']');
  }

  private boolean isMore(char end) {
    if (leaveIf(end)) {
      return false;
    }
    expect(',');
    return true;
  }

  private boolean leaveIf(char end) {
    if (peek() != end) {
      return false;
    }
    at++;
    depth--;
    return true;
  }

  /** Goes over the name of a member; gives what it stands for, or 0 if it does not count. */
  public int name(Name[] known) {
    readName();
    int member = find(known, false);
    expect(':');
    return member;
  }

  /** Goes over a name that has no case, as {@link #name} does. */
  public int nameOfAnyCase(Name[] known) {
    readName();
    int member = find(known, true);
    expect(':');
    return member;
  }

  /** Reads the string that comes; null if it has more characters than it may. */
  public @Nullable String text(int most) {
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
    return decoded(start - 1, at, most);
  }

  /** Decodes a string with its quotes; null if it has more characters than it may. */
  private @Nullable String decoded(int start, int end, int most) {
    try {
      ByteBuffer quoted = ByteBuffer.wrap(in, start, end - start);
      String json = StandardCharsets.UTF_8.newDecoder().decode(quoted).toString();
      try (JsonParser parser = STRICT.createParser(json)) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw invalid();
        }
        String text = parser.getText();
        return text.length() <= most ? text : null;
      }
    } catch (IOException e) {
      throw invalid();
    }
  }

  /** The characters of the number that comes, or so many of them. */
  public String number(int most) {
    var unused = peek(); // behind spaces
    int start = at;
    skip();
    return new String(in, start, Math.min(at - start, most), StandardCharsets.US_ASCII);
  }

  /** Refuses what follows. */
  public void end() {
    skipSpace();
    if (at < in.length) {
      throw invalid();
    }
  }

  /** Skips one value with all that is in it. */
  public void skip() {
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
  private boolean value(byte c) {
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

  private void nameIfInObject() {
    if (isObject()) {
      readName();
      expect(':');
    }
  }

  private void open(boolean isObject) {
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
      steps++;
    }
  }

  private static boolean isOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
  }

  private void literal(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      if (at == in.length || in[at] != rest.charAt(i)) {
        throw invalid();
      }
      at++;
      steps++;
    }
  }

  private void readName() {
    expect('"');
    nameStart = at;
    isEscaped = !string();
    nameEnd = at - 1;
  }

  /** Reads a string to its end; true if it is ASCII without an escape. */
  private boolean string() {
    boolean isPlain = true;
    while (at < in.length) {
      byte b = in[at++];
      steps++;
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
  private int find(Name[] known, boolean hasNoCase) {
    byte[] text = in;
    int start = nameStart;
    int length = nameEnd - nameStart;
    if (isEscaped) {
      length = unescape();
      text = decoded;
      start = 0;
    }
    for (Name one : known) {
      if (one.text.length == length && isEqual(one.text, text, start, hasNoCase)) {
        return one.member;
      }
    }
    return 0;
  }

  private boolean isEqual(byte[] wanted, byte[] text, int start, boolean hasNoCase) {
    for (int i = 0; i < wanted.length; i++) {
      int c = text[start + i];
      steps++;
      if (wanted[i] != (hasNoCase && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c)) {
        return false;
      }
    }
    return true;
  }

  /** Decodes a name; -1 for one that is not ASCII, or longer than what counts. */
  private int unescape() {
    int length = 0;
    for (int i = nameStart; i < nameEnd; i++) {
      int c = in[i];
      steps++;
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

  private int hex(int from) {
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
      steps++;
    }
  }

  /** The next byte that is no white space, which stays. */
  public byte peek() {
    skipSpace();
    steps++;
    if (at >= in.length) {
      throw invalid();
    }
    return in[at];
  }

  private byte next() {
    byte b = peek();
    at++;
    return b;
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw invalid();
    }
  }

  /** What is thrown for what is no JSON. */
  public static TaperException invalid() {
    return new TaperException(ErrorCode.INVALID_REQUEST, "this is no JSON, or it is too deep");
  }
}
