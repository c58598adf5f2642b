package dev.taper.cli.revocation;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.revocation.LiftedEntry;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationKind;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationStatus;
import dev.taper.revocation.SignedLists;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Shows and checks revocation lists. */
final class RevocationsService {
  private final Console console;

  RevocationsService(Console console) {
    this.console = console;
  }

  /** Shows what a list says. */
  ExitCode show(RevocationListOptions options, boolean withEntries, boolean json) {
    SignedLists file = options.required().reader(console).signed();
    RevocationHeader latest = file.latest();
    if (latest == null) {
      throw CliException.io("the revocation list is empty", null);
    }
    if (json) {
      Json.object(console.out(), out -> RevocationJson.write(out, file, withEntries, now()));
      return ExitCode.OK;
    }
    long snapshots = file.headers().stream().filter(header -> !header.delta()).count();
    console.out().println("number " + latest.sequence() + ", signed by " + latest.issuer());
    line("issued", latest.issued());
    line("next update", latest.nextUpdate());
    line("stale after", latest.staleAfter());
    console
        .out()
        .println(
            "  "
                + snapshots
                + " snapshot"
                + (snapshots == 1 ? "" : "s")
                + ", "
                + (file.headers().size() - snapshots)
                + " deltas");
    for (RevocationKind kind : RevocationKind.values()) {
      long count = file.entries().stream().filter(entry -> entry.kind() == kind).count();
      console.out().println("  " + kind.text() + ": " + count);
    }
    if (!file.lifted().isEmpty()) {
      console.out().println("  lifted: " + file.lifted().size());
    }
    if (withEntries) {
      for (RevocationEntry entry : file.entries()) {
        String until = entry.until() == null ? "no end" : "until " + entry.until();
        console.out().println("  " + entry.kind().text() + " " + entry.fingerprint() + " " + until);
      }
      for (LiftedEntry entry : file.lifted()) {
        console
            .out()
            .println(
                "  lifted: "
                    + entry.kind().text()
                    + " "
                    + entry.fingerprint()
                    + " "
                    + SafeText.line(entry.reason()));
      }
    }
    return ExitCode.OK;
  }

  /** Takes a list as a verifier does; whether it can be relied on is the exit code. */
  ExitCode verify(RevocationListOptions options, boolean json) {
    RevocationList list = options.required().reader(console).load(console.clock());
    RevocationHeader latest = Objects.requireNonNull(list.latest());
    RevocationStatus status = list.check(List.of(), now()).status();
    boolean fresh = status == RevocationStatus.FRESH;
    if (json) {
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("status", status.text());
            out.writeNumberField("sequence", latest.sequence());
            out.writeNumberField("entries", list.size());
            out.writeStringField("stale_after", latest.staleAfter().toString());
          });
    } else {
      Style style = Style.out(console);
      console
          .out()
          .println(
              (fresh ? style.good("FRESH") : style.bad(status.name()))
                  + "  number "
                  + latest.sequence()
                  + ", "
                  + list.size()
                  + " entries, stale "
                  + HumanTime.fromNow(latest.staleAfter(), now()));
    }
    return fresh ? ExitCode.OK : ExitCode.DENIED;
  }

  private void line(String name, Instant time) {
    console.out().println("  " + name + ": " + time + " (" + HumanTime.fromNow(time, now()) + ")");
  }

  private Instant now() {
    return console.clock().instant();
  }
}
