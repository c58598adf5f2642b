package dev.taper.integrations.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, texts, numbers, booleans and nulls, which every library of MCP has: what was
 * read can be judged, and what was judged can be handed on. Pure and thread-safe.
 */
public final class McpJson {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER = 1024;

  /** So many digits fit into a long. */
  private static final int SHORT_DIGITS = 18;

  /** Below this exponent a decimal is written with it. */
  private static final int LEAST_EXPONENT = -6;

  /** No long has more digits. */
  private static final int LONG_DIGITS = 19;

  /** So many characters are read as they stand. */
  private static final int SHORT_NUMBER = 64;

  // To make a factory takes longer than to read a short message.
  private static final JsonFactory STRICT =
      SafeJson.strict(MAX_DEPTH, Integer.MAX_VALUE, MAX_NUMBER);
  private static final JsonFactory CANONICAL =
      SafeJson.strict(MAX_DEPTH, Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** So many values cost little, whatever they are. */
  private static final int FEW = 16;

  private McpJson() {}

  /** True if JSON has few values. A comma in a text counts, too. */
  static boolean hasFewParts(String json) {
    int parts = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      parts += c == ',' || c == '[' || c == '{' ? 1 : 0;
    }
    return parts <= FEW;
  }

  /**
   * Reads one JSON object strictly: names that are there twice are refused, numbers keep all their
   * digits.
   *
   * @param json at most 64 levels deep
   * @param maxLength the most characters
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such object
   */
  public static Map<String, @Nullable Object> read(String json, int maxLength) {
    if (json.length() > maxLength) {
      throw refused("the message is larger than " + maxLength + " characters");
    }
    return object(STRICT, json, true);
  }

  /**
   * Reads one JSON object as handlers expect it: a fraction is a {@link Double} if that has the
   * same digits, and a {@link BigDecimal} if not.
   *
   * @param canonical as {@code SentMcp.params()} gives it
   */
  static Map<String, @Nullable Object> readForHandler(String canonical) {
    return object(CANONICAL, canonical, false);
  }

  private static Map<String, @Nullable Object> object(
      JsonFactory factory, String text, boolean exact) {
    try (JsonParser json = factory.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refused("the message is no JSON object");
      }
      Map<String, @Nullable Object> object = members(json, exact);
      if (json.nextToken() != null) {
        throw refused("something follows the JSON");
      }
      return object;
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the input, whatever it holds.
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the JSON has an error, or a name twice", e);
    } catch (NumberFormatException e) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "a number in the JSON has too large an exponent", e);
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON cannot be read", e);
    }
  }

  private static Map<String, @Nullable Object> members(JsonParser json, boolean exact)
      throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      members.put(name, value(json, exact));
    }
    return members;
  }

  /**
   * A number with all its digits, as {@link #read} gives it.
   *
   * @param json stands at a number
   * @throws NumberFormatException if its exponent is too large
   * @throws IOException of the parser
   */
  public static Number number(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT ? integer(json) : decimal(json);
  }

  private static @Nullable Object value(JsonParser json, boolean exact) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> members(json, exact);
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>(1); // most are short, in hostile input
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json, exact));
        }
        yield elements;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> number(json);
      case VALUE_NUMBER_FLOAT -> exact ? number(json) : fraction(json);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw refused("the JSON ends early");
    };
  }

  /** An integer; one that no long holds, and that is not too long, without a text of it. */
  private static Number integer(JsonParser json) throws IOException {
    char[] text = json.getTextCharacters();
    int offset = json.getTextOffset();
    int length = json.getTextLength();
    int digits = text[offset] == '-' ? length - 1 : length;
    return digits > LONG_DIGITS && length <= SHORT_NUMBER
        ? new BigDecimal(text, offset, length).unscaledValue()
        : json.getNumberValue();
  }

  /** The digits of a number that nobody may have vouched for yet, without a text of it. */
  private static BigDecimal decimal(JsonParser json) throws IOException {
    return json.getTextLength() <= SHORT_NUMBER
        ? new BigDecimal(json.getTextCharacters(), json.getTextOffset(), json.getTextLength())
        : json.getDecimalValue();
  }

  private static Number fraction(JsonParser json) throws IOException {
    BigDecimal digits = json.getDecimalValue();
    double nearest = digits.doubleValue();
    boolean same =
        Double.isFinite(nearest) && CanonicalJson.shortest(nearest).compareTo(digits) == 0;
    return same ? (Number) nearest : digits;
  }

  /**
   * Writes a value as JSON, each double with the fewest digits that read back as it.
   *
   * @param maxLength the most characters
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is larger or too deep, or holds
   *     what JSON has no form for
   */
  public static String write(@Nullable Object value, int maxLength) {
    StringBuilder out = new StringBuilder();
    write(value, out, maxLength, 1);
    if (out.length() > maxLength) {
      throw tooLarge(maxLength);
    }
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out, int maxLength, int depth) {
    if (depth > MAX_DEPTH || out.length() > maxLength) {
      throw tooLarge(maxLength); // what goes on behind the most characters ends here
    }
    if (value instanceof String text) {
      CanonicalJson.writeString(CanonicalJson.wellFormed(text), out);
    } else if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Integer || value instanceof Long) {
      out.append(((Number) value).longValue());
    } else if (value instanceof BigDecimal decimal) {
      writeDecimal(decimal, out);
    } else if (value instanceof Number number) {
      out.append(digits(number));
    } else if (value instanceof Map<?, ?> members) {
      if (members.isEmpty()) {
        out.append("{}");
        return;
      }
      out.append('{');
      members.forEach(
          (key, member) -> {
            separate(out, '{');
            CanonicalJson.writeString(CanonicalJson.wellFormed(name(key)), out);
            out.append(':');
            write(member, out, maxLength, depth + 1);
          });
      out.append('}');
    } else if (value instanceof Collection<?> elements) {
      out.append('[');
      if (elements instanceof ArrayList<?> list) { // as they are read: without an iterator for each
        for (int i = 0; i < list.size(); i++) {
          separate(out, '[');
          write(list.get(i), out, maxLength, depth + 1);
        }
      } else {
        for (Object element : elements) {
          separate(out, '[');
          write(element, out, maxLength, depth + 1);
        }
      }
      out.append(']');
    } else {
      throw refused("the message holds what JSON has no form for");
    }
  }

  private static TaperException tooLarge(int maxLength) {
    return refused("the message is too deep, or larger than " + maxLength + " characters");
  }

  private static String name(@Nullable Object key) {
    if (key instanceof String name) {
      return name;
    }
    throw refused("a name in the message is no string");
  }

  private static void separate(StringBuilder out, char open) {
    if (out.charAt(out.length() - 1) != open) {
      out.append(',');
    }
  }

  /**
   * Writes a decimal as {@link BigDecimal#toString} does, without making that text: nobody may have
   * vouched for it yet.
   */
  private static void writeDecimal(BigDecimal decimal, StringBuilder out) {
    int scale = decimal.scale();
    int precision = decimal.precision();
    if (precision > SHORT_DIGITS) {
      out.append(decimal);
      return;
    }
    long digits = decimal.scaleByPowerOfTen(scale).longValueExact();
    if (digits < 0) {
      out.append('-');
    }
    int start = out.length();
    out.append(Math.abs(digits));
    if (scale == 0) {
      return;
    }
    long exponent = precision - 1L - scale;
    if (scale > 0 && exponent >= LEAST_EXPONENT) {
      for (int length = precision; length <= scale; length++) {
        out.insert(start, '0');
      }
      out.insert(out.length() - scale, '.');
      return;
    }
    if (precision > 1) {
      out.insert(start + 1, '.');
    }
    if (exponent != 0) {
      out.append('E').append(exponent > 0 ? "+" : "").append(exponent);
    }
  }

  private static String digits(Number number) {
    if (number instanceof BigInteger || number instanceof Short || number instanceof Byte) {
      return number.toString();
    }
    if (number instanceof Double || number instanceof Float) {
      // A float is written as the double that it is, because that is what other libraries write.
      double value = number.doubleValue();
      if (Double.isFinite(value)) {
        return CanonicalJson.shortest(value).toString();
      }
    }
    throw refused("the message holds what JSON has no form for");
  }

  private static TaperException refused(String message) {
    return new TaperException(ErrorCode.INVALID_REQUEST, message);
  }
}
