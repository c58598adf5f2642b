package dev.taper.agent.call;

import dev.taper.datalog.Term;
import java.util.Map;

/**
 * Writes JSON in the canonical form of RFC 8785: no white space, members in the order of their
 * names' UTF-16 code units, the shortest escapes. Pure and thread-safe.
 */
public final class CanonicalJson {
  private static final String HEX = "0123456789abcdef";

  private CanonicalJson() {}

  /** Writes a value such as {@link ArgumentReader} makes. */
  static void write(Term value, StringBuilder out) {
    if (value instanceof Term.Str string) {
      writeString(string.value(), out);
    } else if (value instanceof Term.Int integer) {
      out.append(integer.value());
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
