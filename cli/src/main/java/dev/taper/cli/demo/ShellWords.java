package dev.taper.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** Writes arguments the way a shell reads them back. */
final class ShellWords {
  private static final String PLAIN = "-_./:=,@%+";

  private ShellWords() {}

  static String join(List<String> args) {
    List<String> words = new ArrayList<>();
    for (String arg : args) {
      words.add(quote(arg));
    }
    return String.join(" ", words);
  }

  private static String quote(String arg) {
    if (arg.contains("$(cat ")) {
      return "\"" + arg + "\""; // the only thing that the stage expands
    }
    boolean plain = !arg.isEmpty() && arg.chars().allMatch(ShellWords::isPlain);
    return plain ? arg : "'" + arg.replace("'", "'\\''") + "'";
  }

  private static boolean isPlain(int c) {
    return c < 0x7f && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
  }
}
