package dev.taper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON that is safe to show: {@linkplain ShownText hidden characters} are written as JSON's
 * hexadecimal escapes, so that text of unknown origin cannot reorder, hide or break what a person
 * sees. Readers get the same value. All JSON output is written with it, except canonical forms (RFC
 * 8785), whose bytes are signed.
 */
public final class SafeJson {
  private static final CharacterEscapes ESCAPES = new Escapes();

  private SafeJson() {}

  private static JsonFactoryBuilder builder() {
    return new JsonFactoryBuilder().characterEscapes(ESCAPES);
  }

  /**
   * Makes a factory for one strict pass over JSON of unknown origin, whose generators escape.
   * Reading is bounded, refuses duplicate names, and leaves no names or text of the document behind
   * in memory or in messages.
   *
   * @param maxDepth the deepest nesting, the outermost value included
   * @param maxLength the most characters of the document and of each string and name in it
   * @param maxNumber the most characters of a number
   */
  public static JsonFactory strict(int maxDepth, int maxLength, int maxNumber) {
    return builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxDocumentLength(maxLength)
                .maxStringLength(maxLength)
                .maxNameLength(maxLength)
                .maxNumberLength(maxNumber)
                .build())
        .build();
  }

  /** Makes a factory whose generators escape. */
  public static JsonFactory factory() {
    return builder().build();
  }

  /**
   * Escapes JSON that is already written, such as a canonical form that becomes part of a larger
   * document.
   *
   * @param json any JSON text
   * @return text that reads as the same value
   */
  public static String escaped(String json) {
    StringBuilder safe = null;
    int point;
    for (int at = 0; at < json.length(); at += Character.charCount(point)) {
      point = json.codePointAt(at);
      boolean hidden = ShownText.isHidden(point) && !isLayout(point);
      if (hidden && safe == null) {
        safe = new StringBuilder(json.length() + 16).append(json, 0, at);
      }
      if (safe == null) {
        continue;
      }
      if (hidden) {
        for (char unit : Character.toChars(point)) {
          safe.append(escape(unit));
        }
      } else {
        safe.appendCodePoint(point);
      }
    }
    return safe == null ? json : safe.toString();
  }

  /** True for white space between values; JSON allows none of it inside a string. */
  private static boolean isLayout(int point) {
    return point == '\n' || point == '\r' || point == '\t';
  }

  private static String escape(int unit) {
    return String.format(Locale.ROOT, "\\u%04x", unit);
  }

  /** The generator asks for each UTF-16 unit; so every pair of surrogates is escaped. */
  private static final class Escapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private static final int[] ASCII = ascii();

    private static int[] ascii() {
      int[] escapes = standardAsciiEscapesForJSON();
      escapes[0x7f] = ESCAPE_STANDARD;
      return escapes;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ASCII.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int unit) {
      return ShownText.isHidden(unit) ? new SerializedString(escape(unit)) : null;
    }
  }
}
