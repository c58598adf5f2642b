package dev.taper.cli.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which standard streams are a terminal.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 */
public record Terminals(boolean in, boolean out, boolean err) {
  /** No stream is a terminal. */
  public static final Terminals NONE = new Terminals(false, false, false);

  /**
   * Reads the list that the launcher passes, such as {@code in,err}. Java 17 cannot ask for each
   * stream, so without a launcher none counts as a terminal: no colours and no editor.
   *
   * @param list the names, separated by commas, or null
   */
  public static Terminals parse(@Nullable String list) {
    if (list == null) {
      return NONE;
    }
    List<String> names = List.of(list.split(",", -1));
    return new Terminals(names.contains("in"), names.contains("out"), names.contains("err"));
  }
}
