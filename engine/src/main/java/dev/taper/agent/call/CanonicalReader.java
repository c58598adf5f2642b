package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that {@link StrictJson} has opened, into canonical form. A message about a number
 * names the argument that holds it. For one document and one thread.
 */
final class CanonicalReader {
  private static final int NAME_COLUMNS = 64;

  private final JsonParser json;
  private final @Nullable String arguments;

  private CanonicalReader(JsonParser json, @Nullable String arguments) {
    this.json = json;
    this.arguments = arguments;
  }

  /** Reads JSON whose outermost members, if it has any, are arguments. */
  static CanonicalReader of(JsonParser json) {
    return new CanonicalReader(json, null);
  }

  /** Reads JSON where the members of one member are arguments, too. */
  static CanonicalReader of(JsonParser json, String arguments) {
    return new CanonicalReader(json, arguments);
  }

  /** The value that the parser stands on; leaves it on the value's last token. */
  String value() throws IOException {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  /** The elements of the array that the parser stands on. */
  List<String> elements() throws IOException {
    List<String> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value());
    }
    return elements;
  }

  /** The members of the object that the parser stands on. */
  SortedMap<String, String> members() throws IOException {
    return membersWithout(null);
  }

  /** The members of the object that the parser stands on, except for one that nobody looks at. */
  SortedMap<String, String> membersWithout(@Nullable String skipped) throws IOException {
    json.nextToken();
    return membersFrom(skipped);
  }

  /** The members from the name on that the parser stands on, or from the end of the object. */
  private SortedMap<String, String> membersFrom(@Nullable String skipped) throws IOException {
    SortedMap<String, String> members = new TreeMap<>();
    for (; json.currentToken() != JsonToken.END_OBJECT; json.nextToken()) {
      String name = CanonicalJson.wellFormed(json.currentName());
      json.nextToken();
      if (name.equals(skipped)) {
        json.skipChildren();
      } else {
        members.put(name, value());
      }
    }
    return members;
  }

  private void write(StringBuilder out) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> CanonicalJson.writeString(CanonicalJson.wellFormed(json.getText()), out);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> writeNumber(out);
      case VALUE_TRUE -> out.append("true");
      case VALUE_FALSE -> out.append("false");
      case VALUE_NULL -> out.append("null");
      case START_ARRAY -> {
        out.append('[');
        for (String separator = ""; json.nextToken() != JsonToken.END_ARRAY; separator = ",") {
          out.append(separator);
          write(out);
        }
        out.append(']');
      }
      case START_OBJECT -> {
        if (json.nextToken() == JsonToken.END_OBJECT) {
          out.append("{}");
        } else {
          write(membersFrom(null), out);
        }
      }
      default -> throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON ends too early");
    }
  }

  private void writeNumber(StringBuilder out) throws IOException {
    char[] text = json.getTextCharacters();
    int offset = json.getTextOffset();
    int length = json.getTextLength();
    if (CanonicalNumber.isCanonical(text, offset, length)) {
      out.append(text, offset, length);
    } else {
      out.append(CanonicalNumber.parse(json.getText(), this::subject).json());
    }
  }

  /** Writes an object whose values are in canonical form. */
  static void write(SortedMap<String, String> members, StringBuilder out) {
    out.append('{');
    String separator = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      out.append(separator);
      CanonicalJson.writeString(member.getKey(), out);
      out.append(':').append(member.getValue());
      separator = ",";
    }
    out.append('}');
  }

  /** What messages call the number that the parser stands on. */
  private String subject() {
    String outer = null;
    String inner = null;
    for (JsonStreamContext at = json.getParsingContext(); at != null; at = at.getParent()) {
      if (at.inObject() && at.getCurrentName() != null) {
        inner = outer;
        outer = at.getCurrentName();
      }
    }
    String name = inner != null && Objects.equals(outer, arguments) ? inner : outer;
    return name == null ? "a number" : CallArgument.subject(ShownText.of(name, NAME_COLUMNS));
  }
}
