package dev.taper.cli.findings;

import dev.taper.agent.call.Canonical;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.operations.findings.HeldBackFile;
import dev.taper.operations.trail.AuditRecorder;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code taper findings let-go}. */
final class LetGoCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "findings.held-back of the service's configuration.")
          .requiredText();

  private final Value<List<String>> released =
      parameter(
              "1..*",
              "1..*",
              "KEY",
              "Whose calls may go on: a public key, or its file; or task/... or delegator/... as"
                  + " held-back shows it.")
          .texts();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why, for the audit log.").text();

  private final AuditOptions audit = part(new AuditOptions());
  private final NamesOption names = part(new NamesOption());

  LetGoCommand(Console console) {
    super(
        console,
        "let-go",
        "Let calls go on that a service holds back; what was counted before does not count any"
            + " more.",
        "All of the keys are let go or none. Run it as the user whom the file belongs to: a service"
            + " that cannot read the file goes on holding back.");
  }

  @Override
  protected ExitCode run() {
    AuditRecorder recorder = audit.recorder(console);
    String why = reason.get() == null ? null : Canonical.reason(reason.get());
    Console named = names.shown(console).on(console);
    Set<String> wanted = new LinkedHashSet<>();
    for (String key : released.get()) {
      wanted.add(
          HeldBackFile.isOfMany(key) ? key : keys.publicKeys(List.of(key)).get(0).toString());
    }
    HeldBackFile held = HeldBackFile.at(console.resolve(file.get()));
    held.requireAll(wanted);
    recorder.recordAll(
        now ->
            wanted.stream()
                .map(
                    key ->
                        AuditEvent.of(AuditKind.REVIEW, now)
                            .subject(
                                AuditEvent.Subject.of("held_back", key)
                                    .decision("let_go")
                                    .reason(why)))
                .toList());
    Map<String, String> gone = held.letGo(wanted);
    if (json.given()) {
      HeldKeys.write(console.out(), "let_go", gone);
      return ExitCode.OK;
    }
    PrintStream out = named.out();
    gone.forEach((key, found) -> out.println(SafeText.line("Let go: " + key + "  " + found)));
    out.flush();
    return ExitCode.OK;
  }
}
