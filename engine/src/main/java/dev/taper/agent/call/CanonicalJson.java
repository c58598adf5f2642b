package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Writes JSON in the canonical form of RFC 8785: no white space, members in the order of their
 * names' UTF-16 code units, the shortest escapes. Numbers keep all their digits, as {@link
 * CanonicalNumber} lays them out. Pure and thread-safe.
 */
public final class CanonicalJson {
  private static final String HEX = "0123456789abcdef";

  private CanonicalJson() {}

  /**
   * Brings one JSON value into canonical form.
   *
   * @param json at most 64 KiB, 16 levels deep, without repeated names
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such JSON, or holds half
   *     a surrogate pair; {@link ErrorCode#INVALID_ARGUMENT_VALUE} for a number without a canonical
   *     form
   */
  public static String of(String json) {
    return StrictJson.request(json, parser -> CanonicalReader.of(parser).value(json.length()));
  }

  /**
   * Brings one JSON object into canonical form.
   *
   * @param json as for {@link #of}
   * @param subject what messages call it
   * @throws TaperException as {@link #of}, or {@link ErrorCode#INVALID_REQUEST} if it is no object
   */
  public static String object(String json, String subject) {
    return StrictJson.request(
        json,
        parser -> {
          StrictJson.expect(parser.currentToken(), JsonToken.START_OBJECT, subject);
          return CanonicalReader.of(parser).value(json.length());
        });
  }

  /** Brings the params of an MCP message into canonical form, as {@link #of}, without _meta. */
  static String params(String json) {
    return StrictJson.request(
        json,
        parser -> {
          StrictJson.expect(parser.currentToken(), JsonToken.START_OBJECT, "the params");
          StringBuilder out = new StringBuilder(json.length());
          CanonicalReader.of(parser, "arguments").writeWithout("_meta", out);
          return out.toString();
        });
  }

  /**
   * The members of a JSON object, each value in canonical form.
   *
   * @param json as for {@link #of}
   * @throws TaperException as {@link #of}, or {@link ErrorCode#INVALID_REQUEST} if it is no object
   */
  public static SortedMap<String, String> members(String json) {
    return members(json, "the JSON");
  }

  /**
   * The members of a JSON object, each value in canonical form.
   *
   * @param json as for {@link #of}
   * @param subject what messages call it
   * @throws TaperException as {@link #of}, or {@link ErrorCode#INVALID_REQUEST} if it is no object
   */
  public static SortedMap<String, String> members(String json, String subject) {
    return StrictJson.request(json, parser -> membersOf(parser, subject));
  }

  /**
   * The members of a JSON object that is a whole document, of at most 2^25 characters and 32
   * levels, such as what a server says of its tools; each value in canonical form.
   *
   * @throws TaperException as {@link #members(String)}
   */
  public static SortedMap<String, String> membersOfDocument(String json) {
    return StrictJson.document(json, parser -> membersOf(parser, "the JSON"));
  }

  /**
   * The elements of a JSON array, each in canonical form.
   *
   * @param json as for {@link #membersOfDocument}
   * @throws TaperException as {@link #of}, or {@link ErrorCode#INVALID_REQUEST} if it is no array
   */
  public static List<String> elements(String json) {
    return StrictJson.document(
        json,
        parser -> {
          if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON is not an array");
          }
          return CanonicalReader.of(parser).elements();
        });
  }

  /**
   * The text of a JSON string.
   *
   * @param json one JSON value
   * @param subject what messages call it
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no string
   */
  public static String string(String json, String subject) {
    return StrictJson.request(
        json,
        parser -> {
          StrictJson.expect(parser.currentToken(), JsonToken.VALUE_STRING, subject);
          return wellFormed(parser.getText());
        });
  }

  private static SortedMap<String, String> membersOf(JsonParser parser, String subject)
      throws IOException {
    StrictJson.expect(parser.currentToken(), JsonToken.START_OBJECT, subject);
    return CanonicalReader.of(parser).members();
  }

  /**
   * Checks that a text has a form in UTF-8.
   *
   * @return the text
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it holds half a surrogate pair
   */
  public static String wellFormed(String text) {
    if (!Text.isWellFormed(text)) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "a string of the JSON holds half of a surrogate pair");
    }
    return text;
  }

  /**
   * The number with the fewest digits that reads back as a double; of several the closest. Its cost
   * does not depend on the exponent.
   *
   * @param number neither infinite nor NaN
   * @throws NumberFormatException if it is
   */
  public static BigDecimal shortest(double number) {
    return CanonicalNumber.shortest(number);
  }

  /** Writes a value such as {@link ArgumentReader} makes. */
  static void write(Term value, StringBuilder out) {
    if (value instanceof Term.Str string) {
      writeString(string.value(), out);
    } else if (value instanceof Term.Int integer) {
      out.append(integer.value());
    } else if (value instanceof Term.Bytes number) {
      out.append(new String(number.value(), StandardCharsets.US_ASCII)); // see ArgumentReader
    } else if (value instanceof Term.Bool bool) {
      out.append(bool.value());
    } else if (value instanceof Term.Array array) {
      out.append('[');
      for (Term element : array.elements()) {
        separate(out, '[');
        write(element, out);
      }
      out.append(']');
    } else if (value instanceof Term.Map map) {
      out.append('{');
      // The order of a map's string keys is that of String.compareTo, which is the one asked for.
      for (Map.Entry<Term.MapKey, Term> entry : map.entries().entrySet()) {
        separate(out, '{');
        writeString(((Term.Str) entry.getKey()).value(), out);
        out.append(':');
        write(entry.getValue(), out);
      }
      out.append('}');
    } else {
      out.append("null");
    }
  }

  /** Writes a comma unless the container has just been opened. */
  private static void separate(StringBuilder out, char open) {
    if (out.charAt(out.length() - 1) != open) {
      out.append(',');
    }
  }

  /**
   * A string with its quotes.
   *
   * @param value any text without unpaired surrogates, which have no form in UTF-8
   */
  public static String quoted(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2);
    writeString(value, out);
    return out.toString();
  }

  /**
   * Writes a string with its quotes.
   *
   * @param value any text without unpaired surrogates, which have no form in UTF-8
   * @param out where to write it
   */
  public static void writeString(String value, StringBuilder out) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(value, written, i);
        writeEscaped(c, out);
        written = i + 1;
      }
    }
    if (written == 0) {
      out.append(value); // nearly always, and much faster than a part of it
    } else {
      out.append(value, written, value.length());
    }
    out.append('"');
  }

  private static void writeEscaped(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
    }
  }
}
