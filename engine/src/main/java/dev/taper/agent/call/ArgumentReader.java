package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrays, objects and what they hold from JSON that {@link StrictJson} has opened, which
 * bounds nesting and refuses duplicate names. For one value and one thread.
 */
final class ArgumentReader {
  private final String subject;
  private @Nullable TaperException inexact;

  /** Prepares to read the value of what messages call the subject. */
  ArgumentReader(String subject) {
    this.subject = subject;
  }

  /** Why the value cannot be stated exactly; null if it can. */
  @Nullable TaperException inexact() {
    return inexact;
  }

  /** Reads the value that the parser stands on, and leaves it on the value's last token. */
  Term term(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> string(json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json.getText());
      case VALUE_TRUE -> new Term.Bool(true);
      case VALUE_FALSE -> new Term.Bool(false);
      case VALUE_NULL -> new Term.Null();
      case START_ARRAY -> array(json);
      case START_OBJECT -> map(json);
      default -> throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON ends too early");
    };
  }

  /**
   * An integer; or, if it has a fraction or more than 64 bits, its canonical text as bytes. JSON
   * has no bytes, so that equals nothing else.
   */
  private Term number(String text) {
    CanonicalNumber number = CanonicalNumber.parse(text, () -> subject);
    Long integer = number.integer();
    return integer != null
        ? new Term.Int(integer)
        : new Term.Bytes(number.json().getBytes(StandardCharsets.US_ASCII));
  }

  private Term array(JsonParser json) throws IOException {
    List<Term> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(term(json));
    }
    return new Term.Array(elements);
  }

  private Term map(JsonParser json) throws IOException {
    // Sorted: a hash table of keys that the caller chose can be made slow.
    Map<Term.Str, Term> entries = new TreeMap<>(Comparator.comparing(Term.Str::value));
    while (json.nextToken() != JsonToken.END_OBJECT) {
      Term.Str key = string(json.currentName());
      json.nextToken();
      entries.put(key, term(json));
    }
    return Term.Map.of(entries);
  }

  private Term.Str string(String value) {
    CanonicalJson.wellFormed(value);
    if (inexact == null) {
      try {
        Text.plain(value, ErrorCode.INVALID_ARGUMENT_VALUE, subject);
      } catch (TaperException e) {
        inexact = e;
      }
    }
    return new Term.Str(value);
  }
}
