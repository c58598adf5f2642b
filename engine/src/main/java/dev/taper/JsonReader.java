package dev.taper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON documents that are one object, strictly: bounded in length and depth, with no name
 * twice, no half of a surrogate pair, and nothing behind the end. Messages never quote values.
 * Immutable and thread-safe.
 *
 * @param <X> what mistakes are thrown as
 */
public final class JsonReader<X extends Exception> {
  /**
   * Makes what a mistake is thrown as.
   *
   * @param <X> its type
   */
  @FunctionalInterface
  public interface Refusal<X extends Exception> {
    /**
     * Makes an exception.
     *
     * @param message what is wrong, with its place
     * @param cause what showed it; null for nothing
     */
    X of(String message, @Nullable Throwable cause);
  }

  /** Makes a number of what a parser has read. */
  @FunctionalInterface
  public interface Numbers {
    /**
     * Makes a number, which has all digits.
     *
     * @param json stands at a number
     * @throws NumberFormatException for one that there cannot be
     */
    Number of(JsonParser json) throws IOException;
  }

  /** A number as it was written, with all its digits. */
  record Digits(String text) {
    private static final Digits[] SINGLE = single();

    private static Digits[] single() {
      Digits[] single = new Digits[10];
      for (int i = 0; i < single.length; i++) {
        single[i] = new Digits(Integer.toString(i));
      }
      return single;
    }

    static Digits of(JsonParser json) throws IOException {
      char first = json.getTextCharacters()[json.getTextOffset()];
      return json.getTextLength() == 1 && first >= '0' && first <= '9'
          ? SINGLE[first - '0']
          : new Digits(json.getText());
    }
  }

  /** Room for the members of most objects; hostile input has many small ones. */
  private static final int FEW = 4;

  private final JsonFactory factory;
  private final int maxLength;
  private final Refusal<X> refusal;
  private final @Nullable Numbers numbers;

  private JsonReader(
      JsonFactory factory, int maxLength, Refusal<X> refusal, @Nullable Numbers numbers) {
    this.factory = factory;
    this.maxLength = maxLength;
    this.refusal = refusal;
    this.numbers = numbers;
  }

  /**
   * Makes a reader, which is to be kept: making one takes longer than reading a short document.
   *
   * @param maxDepth the deepest nesting, the outermost object included
   * @param maxLength the most characters of a document; the most bytes of one in UTF-8
   * @param maxNumber the most characters of a number
   * @param refusal makes what mistakes are thrown as
   */
  public static <X extends Exception> JsonReader<X> of(
      int maxDepth, int maxLength, int maxNumber, Refusal<X> refusal) {
    return new JsonReader<>(
        SafeJson.strict(maxDepth, maxLength, maxNumber), maxLength, refusal, null);
  }

  /** A reader with the bounds of this one, whose mistakes are thrown as something else. */
  public <Y extends Exception> JsonReader<Y> refusing(Refusal<Y> other) {
    return new JsonReader<>(factory, maxLength, other, numbers);
  }

  /** A reader like this one, for {@link JsonMembers#map}. */
  public JsonReader<X> withNumbers(Numbers numbers) {
    return new JsonReader<>(factory, maxLength, refusal, numbers);
  }

  /**
   * Reads a document.
   *
   * @param json its text
   * @param place what messages call it
   * @throws X if it is no such object
   */
  public JsonMembers<X> read(String json, String place) throws X {
    if (json.length() > maxLength) {
      throw refusal.of(place + " has more than " + maxLength + " characters", null);
    }
    Object value;
    try (JsonParser parser = factory.createParser(json)) {
      parser.nextToken();
      value = value(parser, place);
      if (parser.nextToken() != null) {
        throw refusal.of(place + " has something behind its end", null);
      }
    } catch (JsonProcessingException e) {
      // Without the parser's own message, which may quote the input.
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw refusal.of(place + " is not JSON, is too large, or has a repeated name" + where, e);
    } catch (NumberFormatException e) {
      throw refusal.of(place + " has a number with too large an exponent", e);
    } catch (IOException e) {
      throw refusal.of(place + " cannot be read", e);
    }
    return JsonMembers.of(value, place, refusal);
  }

  /**
   * Reads a document in UTF-8, as {@link #read(String, String)} does.
   *
   * @param utf8 its bytes
   * @param place what messages call it
   * @throws X if it is no such object
   */
  public JsonMembers<X> read(byte[] utf8, String place) throws X {
    if (utf8.length > maxLength) {
      throw refusal.of(place + " has more than " + maxLength + " bytes", null);
    }
    String text = Given.utf8(utf8);
    if (text == null) {
      throw refusal.of(place + " is not UTF-8", null);
    }
    return read(text, place);
  }

  /** Texts, {@link Digits}, booleans, maps and lists; null for JSON's null and for no value. */
  private @Nullable Object value(JsonParser json, String place) throws IOException, X {
    JsonToken token = json.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = Map.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          members = members.isEmpty() ? new LinkedHashMap<>(FEW) : members;
          String name = wellFormed(json.currentName(), place);
          json.nextToken();
          members.put(name, value(json, place));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = List.of();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements = elements.isEmpty() ? new ArrayList<>(1) : elements;
          elements.add(value(json, place));
        }
        yield elements;
      }
      case VALUE_STRING -> wellFormed(json.getText(), place);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          numbers == null ? Digits.of(json) : numbers.of(json);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private String wellFormed(String text, String place) throws X {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int point = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(point)) {
          throw refusal.of(place + ": a string of the JSON holds half of a surrogate pair", null);
        }
        i++;
      }
    }
    return text;
  }
}
