package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  /** Names around what is put aside are short, most often. */
  private static final int ROOM = 1024;

  private final JsonParser json;
  private final @Nullable String arguments;

  /** Members of the objects that are being written, the innermost last. */
  private final List<Written> written = new ArrayList<>();

  private char[] aside = {};

  /** A member, and where it stands. */
  private record Written(String name, int from, int to) {}

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
    return value(16);
  }

  /** The same of a value of about so many characters. */
  String value(int length) throws IOException {
    StringBuilder out = new StringBuilder(length);
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
    SortedMap<String, String> members = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = CanonicalJson.wellFormed(json.currentName());
      json.nextToken();
      members.put(name, value());
    }
    return members;
  }

  /**
   * Writes the object that the parser stands on, except for a member that nobody looks at. All of
   * it is written once, whatever it is in, and put in order where it stands.
   */
  void writeWithout(@Nullable String skipped, StringBuilder out) throws IOException {
    out.append('{');
    int first = written.size();
    int start = out.length();
    boolean isInOrder = true;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = CanonicalJson.wellFormed(json.currentName());
      json.nextToken();
      if (name.equals(skipped)) {
        json.skipChildren();
        continue;
      }
      if (written.size() > first) {
        isInOrder &= written.get(written.size() - 1).name().compareTo(name) < 0;
        out.append(',');
      }
      int from = out.length();
      CanonicalJson.writeString(name, out);
      out.append(':');
      write(out);
      written.add(new Written(name, from, out.length()));
    }
    if (written.size() > first) {
      List<Written> members = written.subList(first, written.size());
      if (!isInOrder) {
        sort(members, start, out);
      }
      members.clear();
    }
    out.append('}');
  }

  private void sort(List<Written> members, int start, StringBuilder out) {
    members.sort(Comparator.comparing(Written::name));
    int length = out.length() - start;
    if (aside.length < length) {
      aside = new char[Math.max(length + ROOM, 2 * aside.length)];
    }
    out.getChars(start, start + length, aside, 0);
    out.setLength(start);
    for (Written member : members) {
      if (out.length() > start) {
        out.append(',');
      }
      out.append(aside, member.from() - start, member.to() - member.from());
    }
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
      case START_OBJECT -> writeWithout(null, out);
      default -> throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON ends too early");
    }
  }

  private void writeNumber(StringBuilder out) throws IOException {
    char[] text = json.getTextCharacters();
    int offset = json.getTextOffset();
    int length = json.getTextLength();
    if (CanonicalNumber.isCanonical(text, offset, length)) {
      out.append(text, offset, length);
    } else if (!CanonicalNumber.write(text, offset, length, out)) {
      out.append(CanonicalNumber.parse(json.getText(), this::subject).json());
    }
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
