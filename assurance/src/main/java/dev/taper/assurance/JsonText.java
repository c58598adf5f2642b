package dev.taper.assurance;

import dev.taper.agent.call.CanonicalJson;
import java.util.Collection;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, of what a reader took, to be read again. For one thread. */
final class JsonText {
  private final StringJoiner members = new StringJoiner(",", "{", "}");

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    CanonicalJson.writeString(text, quoted);
    return quoted.toString();
  }

  /** A member of any kind; none for null. */
  JsonText json(String name, @Nullable Object json) {
    if (json != null) {
      members.add(quoted(name) + ":" + json);
    }
    return this;
  }

  /** A member that is a text; none for null. */
  JsonText text(String name, @Nullable String text) {
    return json(name, text == null ? null : quoted(text));
  }

  /** A member that is an array of texts; none for null. */
  JsonText texts(String name, @Nullable Collection<String> texts) {
    if (texts == null) {
      return this;
    }
    StringJoiner all = new StringJoiner(",", "[", "]");
    texts.forEach(text -> all.add(quoted(text)));
    return json(name, all);
  }

  @Override
  public String toString() {
    return members.toString();
  }
}
