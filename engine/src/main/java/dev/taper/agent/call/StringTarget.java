package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * What a string points to, by the rules of what a tool will take it for.
 *
 * @param url its parts, if it is a URL or host
 * @param path its path, if it is one
 */
record StringTarget(@Nullable Url url, @Nullable String path) {
  private static final StringTarget NONE = new StringTarget(null, null);

  /**
   * Judges a string.
   *
   * @throws dev.taper.TaperException {@link ErrorCode#AMBIGUOUS_URL} or {@link
   *     ErrorCode#AMBIGUOUS_PATH} if it points to more than one place
   */
  static StringTarget of(String value, ArgumentType.Reading reading, String subject) {
    return switch (shape(value, reading, subject)) {
      case URL ->
          new StringTarget(
              reading == ArgumentType.Reading.PLAIN
                  ? Url.parse(value, ErrorCode.AMBIGUOUS_URL, subject)
                  : Url.parseDeclared(value, reading, subject),
              null);
      case PATH -> new StringTarget(null, PathValue.check(value, subject));
      case PLAIN -> NONE; // a text, and nothing more
    };
  }

  /** What a string will be taken for. */
  static Shape shape(String value, ArgumentType.Reading reading, String subject) {
    return switch (reading) {
      case PLAIN -> Shape.of(value, subject);
      case URL, HOST -> Shape.URL;
      case PATH -> Shape.PATH;
      case TEXT -> Shape.PLAIN;
    };
  }

  /** True if a value is an array with a string that is more than a text. */
  static boolean isInArray(Term value, ArgumentType.Reading reading, String subject) {
    return value instanceof Term.Array array
        && array.elements().stream()
            .anyMatch(
                element ->
                    element instanceof Term.Str s
                        && shape(s.value(), reading, subject) != Shape.PLAIN);
  }
}
