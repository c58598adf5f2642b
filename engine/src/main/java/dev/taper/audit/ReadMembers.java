package dev.taper.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, taken out one by one; what nobody took is an error. An object has
 * few, so they are found by looking at each, at half the cost of a hash table. For one thread.
 */
final class ReadMembers {
  private static final int MAX_DEPTH = 6;

  /** The most members of an object; none that is known has as many. */
  private static final int MAX_MEMBERS = 32;

  private static final int MAX_NUMBER = 20;
  private static final JsonFactory JSON =
      SafeJson.strict(MAX_DEPTH, AuditRecord.MAX_BYTES, MAX_NUMBER);

  private String[] names = new String[16];
  private Object[] values = new Object[16];
  private int size;

  private ReadMembers() {}

  static ReadMembers parse(String json, int maxChars) {
    if (json.length() > maxChars) {
      throw Checked.malformed("the record is larger than " + maxChars + " bytes");
    }
    // A member that comes twice is found below, at less cost.
    try (JsonParser parser =
        JSON.createParser(json).disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Checked.malformed("the record is not a JSON object");
      }
      ReadMembers all = object(parser);
      if (parser.nextToken() != null) {
        throw Checked.malformed("something follows the record");
      }
      return all;
    } catch (IOException e) {
      // The parser's own message may quote the input, whatever it holds.
      throw new TaperException(
          ErrorCode.MALFORMED_AUDIT_RECORD, "the record is not well-formed JSON", e);
    }
  }

  private static ReadMembers object(JsonParser parser) throws IOException {
    ReadMembers members = new ReadMembers();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.add(name, value(parser));
    }
    return members;
  }

  private void add(String name, Object value) {
    if (find(name) >= 0) {
      throw Checked.malformed("the record has a member twice");
    }
    if (size == MAX_MEMBERS) {
      throw unknown();
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, MAX_MEMBERS);
      values = Arrays.copyOf(values, MAX_MEMBERS);
    }
    names[size] = name;
    values[size++] = value;
  }

  /** Where a member is; less than 0 if it is not there, or taken. */
  private int find(String name) {
    int at = size - 1;
    while (at >= 0 && !names[at].equals(name)) {
      at--;
    }
    return at;
  }

  private static Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getLongValue();
      }
      case START_OBJECT -> {
        return object(parser);
      }
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        return values;
      }
      default ->
          throw Checked.malformed("a record holds texts, whole numbers, objects and arrays only");
    }
  }

  private <T> @Nullable T take(String name, Class<T> type) {
    int at = find(name);
    if (at < 0) {
      return null;
    }
    Object value = values[at];
    if (!type.isInstance(value)) {
      throw Checked.malformed(name + " has a value of the wrong type");
    }
    size--;
    names[at] = names[size];
    values[at] = values[size];
    return type.cast(value);
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw Checked.malformed(name + " is missing");
    }
    return value;
  }

  @Nullable String textOrNull(String name) {
    return take(name, String.class);
  }

  String text(String name) {
    return required(name, textOrNull(name));
  }

  @Nullable Long numberOrNull(String name) {
    return take(name, Long.class);
  }

  long number(String name) {
    return required(name, numberOrNull(name));
  }

  @Nullable Integer integerOrNull(String name) {
    Long value = numberOrNull(name);
    if (value != null && value != value.intValue()) {
      throw Checked.malformed(name + " is out of range");
    }
    return value == null ? null : value.intValue();
  }

  int integer(String name) {
    return required(name, integerOrNull(name));
  }

  @Nullable Instant timeOrNull(String name) {
    String value = textOrNull(name);
    try {
      return value == null ? null : WrittenTime.read(value);
    } catch (DateTimeException e) {
      throw new TaperException(ErrorCode.MALFORMED_AUDIT_RECORD, name + " is not a time", e);
    }
  }

  Instant time(String name) {
    return required(name, timeOrNull(name));
  }

  @Nullable PublicKey keyOrNull(String name) {
    String value = textOrNull(name);
    return value == null ? null : key(name, value);
  }

  /**
   * Reads a key by its form; only a signature has to find out whether its point is on the curve.
   */
  private static PublicKey key(String name, String text) {
    int slash = text.indexOf('/');
    Algorithm algorithm = Algorithm.ofText(text.substring(0, Math.max(slash, 0)));
    try {
      if (algorithm != null) {
        return PublicKey.of(algorithm, HexFormat.of().parseHex(text.substring(slash + 1)));
      }
    } catch (TaperException | IllegalArgumentException e) {
      throw new TaperException(ErrorCode.MALFORMED_AUDIT_RECORD, name + " is not a key", e);
    }
    throw Checked.malformed(name + " is not a key");
  }

  PublicKey key(String name) {
    return required(name, keyOrNull(name));
  }

  @Nullable ReadMembers object(String name) {
    return take(name, ReadMembers.class);
  }

  /** Takes an array of objects; empty if it is missing. */
  List<ReadMembers> objects(String name) {
    return all(name, ReadMembers.class);
  }

  /** Takes an array of strings; empty if it is missing. */
  List<String> texts(String name) {
    return all(name, String.class);
  }

  /** Takes an object of strings; empty if it is missing. */
  SortedMap<String, String> textsByName(String name) {
    SortedMap<String, String> texts = new TreeMap<>();
    ReadMembers read = object(name);
    if (read != null) {
      while (read.size > 0) {
        String each = read.names[read.size - 1];
        texts.put(each, read.text(each));
      }
    }
    return texts;
  }

  private <T> List<T> all(String name, Class<T> type) {
    List<T> values = new ArrayList<>();
    List<?> read = take(name, List.class);
    if (read != null) {
      for (Object value : read) {
        if (!type.isInstance(value)) {
          throw Checked.malformed(name + " has an element of the wrong type");
        }
        values.add(type.cast(value));
      }
    }
    return values;
  }

  /** Refuses members that nobody took. */
  void end() {
    if (size > 0) {
      throw unknown();
    }
  }

  private static TaperException unknown() {
    return Checked.malformed("the record has a member that is not known");
  }
}
