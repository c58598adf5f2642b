package dev.taper.cli.output;

import dev.taper.cli.io.Console;

/** Colours and weights, on a terminal only. */
public final class Style {
  /** Never styles anything. */
  public static final Style PLAIN = new Style(false);

  private static final String END = "\u001b[0m";

  private final boolean on;

  private Style(boolean on) {
    this.on = on;
  }

  /** The style of standard output. */
  public static Style out(Console console) {
    return new Style(console.terminals().out() && wanted(console));
  }

  /** The style of standard error. */
  public static Style err(Console console) {
    return new Style(console.terminals().err() && wanted(console));
  }

  // NO_COLOR set to anything but nothing means none (no-color.org); a dumb terminal has none.
  private static boolean wanted(Console console) {
    return console.variable("NO_COLOR") == null && !"dumb".equals(console.variable("TERM"));
  }

  /** Whether anything is styled. */
  public boolean on() {
    return on;
  }

  /** A heading. */
  public String bold(String text) {
    return wrap("\u001b[1m", text);
  }

  /** Something less important. */
  public String dim(String text) {
    return wrap("\u001b[2m", text);
  }

  /** A label, with spaces up to a width behind it and one at least. */
  public String label(String label, int width) {
    return dim(label + " ".repeat(Math.max(1, width - label.length())));
  }

  /** Something good. */
  public String good(String text) {
    return wrap("\u001b[1;32m", text);
  }

  /** Something bad. */
  public String bad(String text) {
    return wrap("\u001b[1;31m", text);
  }

  /** Something to look at. */
  public String warn(String text) {
    return wrap("\u001b[33m", text);
  }

  private String wrap(String start, String text) {
    return on ? start + text + END : text;
  }
}
