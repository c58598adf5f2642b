package dev.taper.audit;

import dev.taper.agent.call.CanonicalJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the members of one JSON object in the canonical form of RFC 8785. Members must be written
 * in the order of their names, which is checked; a null is left out.
 */
final class Members {
  private final StringBuilder out;
  private String last = "";

  Members(StringBuilder out) {
    this.out = out;
  }

  /** Goes on behind members that were written elsewhere. */
  static Members after(StringBuilder out, String name) {
    Members members = new Members(out);
    members.last = name;
    return members;
  }

  /** Writes a member's name, and leaves the value to the caller. */
  Members name(String name) {
    if (last.compareTo(name) >= 0) {
      throw new IllegalStateException(name + " does not come after " + last);
    }
    if (!last.isEmpty()) {
      out.append(',');
    }
    last = name;
    out.append('"').append(name).append("\":"); // names need no escapes
    return this;
  }

  Members text(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      CanonicalJson.writeString(value, out);
    }
    return this;
  }

  Members number(String name, @Nullable Number value) {
    if (value != null) {
      name(name);
      out.append(value.longValue());
    }
    return this;
  }

  Members time(String name, @Nullable Instant value) {
    if (value != null) {
      name(name);
      out.append('"');
      WrittenTime.write(value, out);
      out.append('"');
    }
    return this;
  }

  /** Writes an array of strings; left out if it is empty. */
  Members texts(String name, List<String> values) {
    if (!values.isEmpty()) {
      name(name);
      out.append('[');
      for (int i = 0; i < values.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        CanonicalJson.writeString(values.get(i), out);
      }
      out.append(']');
    }
    return this;
  }
}
