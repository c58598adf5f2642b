package dev.taper.cli.output;

import dev.taper.cli.io.Console;
import dev.taper.revocation.IssuedList;
import dev.taper.revocation.RevocationHeader;

/** What is to be said about a list that was issued, or about what is revoked. */
public final class RevocationWarnings {
  private RevocationWarnings() {}

  /** Says that a list is good for less time than the one before was. */
  public static void shorter(Console console, IssuedList issued) {
    RevocationHeader last = issued.last();
    if (last != null && issued.isShorter()) {
      warn(
          console,
          "the list is good for "
              + HumanTime.span(IssuedList.span(issued.validity()))
              + ", the last one was for "
              + HumanTime.span(IssuedList.span(last.validity()))
              + ": every call is refused when the next one is late");
    }
  }

  /** Warns. */
  public static void warn(Console console, String text) {
    Style style = Style.err(console);
    console.err().println(style.warn("taper: warning:") + " " + SafeText.line(text));
  }
}
