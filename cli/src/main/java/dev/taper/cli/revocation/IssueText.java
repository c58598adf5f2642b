package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Warnings;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.store.registry.Delegated;
import java.util.List;

/** Says on standard error what there is to know of a list that was issued. */
public final class IssueText {
  private IssueText() {}

  /** Names what the dates of reviews revoked. */
  public static void lapsed(Console console, List<Delegated> lapsed) {
    for (Delegated each : lapsed) {
      Warnings.note(
          console,
          "revoked, as nobody certified it by its review's date: "
              + each.holderName()
              + " for "
              + each.task());
    }
  }

  /** Warns of a list that is good for less time than the one before was. */
  public static void shorter(Console console, IssuedList issued) {
    RevocationHeader last = issued.last();
    if (last != null && issued.isShorter()) {
      Warnings.warn(
          console,
          "the list is good for "
              + HumanTime.span(IssuedList.span(issued.validity()))
              + ", the last one was for "
              + HumanTime.span(IssuedList.span(last.validity()))
              + ": every call is refused when the next one is late");
    }
  }
}
