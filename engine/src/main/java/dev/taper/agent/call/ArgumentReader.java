package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the values of arguments from JSON that {@link StrictJson} has opened, which bounds nesting
 * and refuses duplicate names.
 */
final class ArgumentReader {
  private ArgumentReader() {}

  /** Reads the value that the parser stands on. */
  static CallArgument read(JsonParser json, String name, boolean freeText) throws IOException {
    String subject = CallArgument.subject(name);
    return switch (json.currentToken()) {
      case VALUE_STRING -> CallArgument.string(name, json.getText(), freeText);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          CallArgument.number(name, ExactNumber.parse(json.getText(), subject));
      default -> CallArgument.other(name, term(json, subject));
    };
  }

  private static Term term(JsonParser json, String subject) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> string(json.getText(), subject);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> integer(json.getText(), subject);
      case VALUE_TRUE -> new Term.Bool(true);
      case VALUE_FALSE -> new Term.Bool(false);
      case VALUE_NULL -> new Term.Null();
      case START_ARRAY -> array(json, subject);
      case START_OBJECT -> map(json, subject);
      default -> throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON ends too early");
    };
  }

  private static Term integer(String text, String subject) {
    ExactNumber number = ExactNumber.parse(text, subject);
    if (!number.isInteger()) {
      throw Text.refuse(
          ErrorCode.INVALID_ARGUMENT_VALUE, subject, "holds a number with a fraction inside");
    }
    return new Term.Int(number.integer());
  }

  private static Term array(JsonParser json, String subject) throws IOException {
    List<Term> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(term(json, subject));
    }
    return new Term.Array(elements);
  }

  private static Term map(JsonParser json, String subject) throws IOException {
    // Sorted: a hash table of keys that the caller chose can be made slow.
    Map<Term.Str, Term> entries = new TreeMap<>(Comparator.comparing(Term.Str::value));
    while (json.nextToken() != JsonToken.END_OBJECT) {
      Term.Str key = string(json.currentName(), subject);
      json.nextToken();
      entries.put(key, term(json, subject));
    }
    return Term.Map.of(entries);
  }

  private static Term.Str string(String value, String subject) {
    return new Term.Str(Text.plain(value, ErrorCode.INVALID_ARGUMENT_VALUE, subject));
  }
}
