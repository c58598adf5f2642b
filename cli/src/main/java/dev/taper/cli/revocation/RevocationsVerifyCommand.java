package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Style;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** {@code taper revocations verify}. */
final class RevocationsVerifyCommand extends JsonCommand {
  private final RevocationListOptions list = part(new RevocationListOptions());

  RevocationsVerifyCommand(Console console) {
    super(
        console,
        "verify",
        "Take a list as a service does.",
        "Prints FRESH (exit 0) or STALE (exit 1); a list that is refused is an error (exit 3).");
  }

  @Override
  protected ExitCode run() {
    Instant now = console.clock().instant();
    RevocationList found = list.required().reader(console).load(console.clock());
    RevocationHeader latest = Objects.requireNonNull(found.latest());
    RevocationStatus status = found.check(List.of(), now).status();
    boolean fresh = status == RevocationStatus.FRESH;
    if (json.given()) {
      printJson(
          new JsonFields()
              .put("status", status.text())
              .put("sequence", latest.sequence())
              .put("entries", found.size())
              .put("stale_after", latest.staleAfter()));
    } else {
      Style style = Style.out(console);
      print(
          (fresh ? style.good("FRESH") : style.bad(status.name()))
              + "  number "
              + latest.sequence()
              + ", "
              + Count.of(found.size(), "entry", "entries")
              + ", stale "
              + HumanTime.fromNow(latest.staleAfter(), now));
    }
    return fresh ? ExitCode.OK : ExitCode.DENIED;
  }
}
