package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.SignedLists;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code taper revocations show}. */
final class RevocationsShowCommand extends JsonCommand {
  private final Flag entries = flag("--entries", "List the entries too.");

  private final RevocationListOptions list = part(new RevocationListOptions());

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
    if (json.given()) {
      printJson(fields(file, latest));
      return ExitCode.OK;
    }
    long snapshots = file.headers().stream().filter(header -> !header.delta()).count();
    print("number " + latest.sequence() + ", signed by " + latest.issuer());
    line("issued", latest.issued());
    line("next update", latest.nextUpdate());
    line("stale after", latest.staleAfter());
    print(
        "  "
            + Count.of(snapshots, "snapshot")
            + ", "
            + Count.of(file.headers().size() - snapshots, "delta"));
    for (RevocationEntry.Kind kind : RevocationEntry.Kind.values()) {
      print("  " + kind.text() + ": " + count(file, kind));
    }
    if (!file.lifted().isEmpty()) {
      print("  lifted: " + file.lifted().size());
    }
    if (entries.given()) {
      for (RevocationEntry entry : file.entries()) {
        String until = entry.until() == null ? "no end" : "until " + entry.until();
        print("  " + entry.kind().text() + " " + entry.fingerprint() + " " + until);
      }
      for (LiftedEntry entry : file.lifted()) {
        print(
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
    print("  " + name + ": " + time + " (" + HumanTime.fromNow(time, now()) + ")");
  }

  private Instant now() {
    return console.clock().instant();
  }

  private JsonFields fields(SignedLists file, RevocationHeader latest) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (RevocationEntry.Kind kind : RevocationEntry.Kind.values()) {
      counts.put(kind.text(), count(file, kind));
    }
    JsonFields fields =
        new JsonFields()
            .put("sequence", latest.sequence())
            .put("issuer", latest.issuer())
            .put("issued", latest.issued())
            .put("next_update", latest.nextUpdate())
            .put("max_age_seconds", latest.maxAge().toSeconds())
            .put("stale_after", latest.staleAfter())
            .put("stale", latest.stale(now()))
            .put("lists", file.headers().size())
            .put("entries_by_kind", counts);
    if (entries.given()) {
      fields.rows("entries", file.entries(), RevocationsShowCommand::fields);
      fields.rows(
          "lifted", file.lifted(), lifted -> fields(lifted.entry()).put("reason", lifted.reason()));
    }
    return fields;
  }

  private static long count(SignedLists file, RevocationEntry.Kind kind) {
    return file.entries().stream().filter(entry -> entry.kind() == kind).count();
  }

  private static JsonFields fields(RevocationEntry entry) {
    return new JsonFields()
        .put("kind", entry.kind().text())
        .put("fingerprint", entry.fingerprint())
        .putIfPresent("until", entry.until());
  }
}
