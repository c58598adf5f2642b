package dev.taper.cli.policy;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditTrustOption;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.SeenCalls;
import dev.taper.operations.trail.SuggestedAccess;
import dev.taper.operations.trail.TrailFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code taper policy suggest}. */
final class PolicySuggestCommand extends JsonCommand {
  private final Value<String> log =
      option("--from-audit", "LOG", "The audit log: a file, or a database: " + Place.DATABASE + ".")
          .requiredText();

  private final AuditTrustOption trusted = part(new AuditTrustOption());

  private final Value<@Nullable String> task =
      option("--task", "ID", "Only of what was done for this task.").text();

  private final Value<@Nullable String> agent =
      option("--agent", "NAME", "Only of what this agent or delegator had to do with.").text();

  PolicySuggestCommand(Console console) {
    super(
        console,
        "suggest",
        "Suggest the narrowest grants and policies that would have allowed what a log shows.",
        "Counts the calls that went ahead: those that were allowed, and those that a service denied"
            + " while it only observed. Arguments are not in the log, so nothing is said of them."
            + " What was seen is not what should be allowed: read it before you use it.");
  }

  @Override
  protected ExitCode run() {
    TrailFilter filter = TrailFilter.all();
    filter = task.addTo(filter, TrailFilter::task);
    filter = agent.addTo(filter, (all, name) -> all.agent(name, Set.of(name)));
    SeenCalls seen = new SeenCalls(filter);
    AuditReader reader = trusted.reader(console, log.get(), null);
    AuditReader.Reading reading;
    try (Progress progress = Progress.of(console, "reading records", json.given())) {
      reading =
          reader.read(
              record -> {
                seen.add(record);
                progress.step();
              });
    }
    reading.notes().forEach(note -> Warnings.note(console, note));
    SuggestedAccess suggested = seen.suggest();
    if (json.given()) {
      printJson(fields(suggested));
    } else {
      print(suggested);
    }
    notes(suggested);
    return ExitCode.OK;
  }

  /** Prints a file of policies; the grants stand in its comments. */
  private void print(SuggestedAccess suggested) {
    line(
        "// Would have allowed the "
            + Count.of(suggested.calls(), "call")
            + " that the log shows.");
    for (SuggestedAccess.ForHolder one : suggested.holders()) {
      line("//");
      line("// Grants of " + holder(one) + " at " + one.audience() + ":");
      one.grants().forEach(grant -> line("//   " + grant));
    }
    for (SuggestedAccess.ForService one : suggested.services()) {
      console.out().println();
      line("// Policies of " + one.audience() + ":");
      for (String policy : one.policies().split("\n", -1)) {
        if (!policy.isEmpty()) {
          line(policy);
        }
      }
    }
  }

  private static String holder(SuggestedAccess.ForHolder one) {
    return one.holder().isEmpty() ? "whoever bears the token" : one.holder();
  }

  private void line(String text) {
    print(SafeText.line(text));
  }

  private void notes(SuggestedAccess suggested) {
    note(suggested.activated(), "calls were approved or justified; nothing here asks for that");
    note(suggested.unproven(), "calls went ahead without a good proof, and count for nothing");
    note(suggested.unfit(), "calls have a name that no grant can have");
    if (suggested.isWider()) {
      Warnings.note(
          console, "there are too many resources for one list; some are named by their prefixes");
    }
  }

  private void note(long count, String what) {
    if (count > 0) {
      Warnings.note(console, count + " " + what);
    }
  }

  private static JsonFields fields(SuggestedAccess suggested) {
    return new JsonFields()
        .put("calls", suggested.calls())
        .put("activated", suggested.activated())
        .put("unproven", suggested.unproven())
        .put("unfit", suggested.unfit())
        .put("wider", suggested.isWider())
        .rows("holders", suggested.holders(), PolicySuggestCommand::fields)
        .rows("services", suggested.services(), PolicySuggestCommand::fields);
  }

  private static JsonFields fields(SuggestedAccess.ForHolder one) {
    return new JsonFields()
        .putIfPresent("holder", one.holder().isEmpty() ? null : one.holder())
        .put("audience", one.audience())
        .put("grants", one.grants());
  }

  private static JsonFields fields(SuggestedAccess.ForService one) {
    return new JsonFields().put("audience", one.audience()).put("policies", one.policies());
  }
}
