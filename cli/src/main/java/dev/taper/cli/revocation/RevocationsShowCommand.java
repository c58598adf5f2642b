package dev.taper.cli.revocation;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.SafeText;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.SignedLists;
import java.time.Instant;

/** {@code taper revocations show}. */
final class RevocationsShowCommand extends ConsoleCommand {
  private final Flag entries = flag("--entries", "List the entries too.");

  private final RevocationListOptions list = part(new RevocationListOptions());
  private final JsonOption json = part(new JsonOption());

  RevocationsShowCommand(Console console) {
    super(
        console,
        "show",
        "Show a list: number, times, and how much of what it revokes.",
        "It names fingerprints; what they stand for is not in it.");
  }

  @Override
  protected ExitCode run() {
    SignedLists file = list.required().reader(console).signed();
    RevocationHeader latest = file.latest();
    if (latest == null) {
      throw CliException.io("the revocation list is empty", null);
    }
    if (json.json()) {
      Json.object(console.out(), out -> RevocationJson.write(out, file, entries.given(), now()));
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
                + Count.of(snapshots, "snapshot")
                + ", "
                + Count.of(file.headers().size() - snapshots, "delta"));
    for (RevocationEntry.Kind kind : RevocationEntry.Kind.values()) {
      long count = file.entries().stream().filter(entry -> entry.kind() == kind).count();
      console.out().println("  " + kind.text() + ": " + count);
    }
    if (!file.lifted().isEmpty()) {
      console.out().println("  lifted: " + file.lifted().size());
    }
    if (entries.given()) {
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

  private void line(String name, Instant time) {
    console.out().println("  " + name + ": " + time + " (" + HumanTime.fromNow(time, now()) + ")");
  }

  private Instant now() {
    return console.clock().instant();
  }
}
