package dev.taper.cli.output;

import dev.taper.cli.io.Console;

/** Says on standard error what is no result. */
public final class Warnings {
  private Warnings() {}

  /** Warns. */
  public static void warn(Console console, String text) {
    console.err().println(Style.err(console).warn("taper: warning:") + " " + SafeText.line(text));
  }

  /** Notes something. */
  public static void note(Console console, String text) {
    console.err().println("taper: note: " + SafeText.line(text));
  }
}
