package dev.taper.cli.policy;

import dev.taper.JsonFields;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.policies.cases.PolicyReport;
import dev.taper.policies.cases.PolicyTests;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** {@code taper policy test}. */
final class PolicyTestCommand extends JsonCommand {
  private final Value<List<String>> places =
      parameter("0..*", "1..*", "DIR|FILE", "Folders, or files NAME.datalog or NAME.cases.yaml.")
          .texts();

  private final Flag requireCoverage =
      flag("--require-coverage", "Exit 1 as well if something is not reached by any case.");

  PolicyTestCommand(Console console) {
    super(
        console,
        "test",
        "Run the cases that stand beside policies, each with a token, a proof and a verifier.",
        "Says which cases come out otherwise, which policies, checks and alternatives no case"
            + " reaches, and which files lack their counterpart. Exit 0 if all cases pass, else 1.");
  }

  @Override
  protected ExitCode run() {
    PolicyReport report;
    try (Progress progress = Progress.of(console, "testing policies", json.given())) {
      report = PolicyTests.run(places.get().stream().map(console::resolve).toList(), progress::at);
    } catch (UncheckedIOException e) {
      throw CliException.io("cannot read the folder: " + e.getMessage(), e);
    }
    boolean passed =
        report.passed()
            && !report.policies().isEmpty()
            && (report.covered() || !requireCoverage.given());
    return answer(passed, () -> fields(report), () -> print(report));
  }

  private void print(PolicyReport report) {
    PrintStream out = console.out();
    Style style = Style.out(console);
    int cases = 0;
    int failed = 0;
    for (PolicyReport.Tested policy : report.policies()) {
      cases += policy.cases();
      failed += policy.failures().size();
      String word = policy.failures().isEmpty() ? style.good("ok    ") : style.bad("FAILED");
      out.println(
          word + " " + SafeText.line(policy.name()) + "  " + Count.of(policy.cases(), "case"));
      for (PolicyReport.Failure failure : policy.failures()) {
        out.println(
            SafeText.line(
                "       case "
                    + failure.number()
                    + ", "
                    + failure.name()
                    + ": expected "
                    + failure.expected()
                    + ", but "
                    + failure.actual()));
      }
      for (PolicyReport.Reached reached : policy.coverage()) {
        if (!reached.fully()) {
          out.println(SafeText.line("       " + words(reached) + ": " + reached.text()));
        }
      }
    }
    for (Path orphan : report.orphans()) {
      String what = orphan.toString().endsWith(".datalog") ? "no cases" : "no policy";
      out.println(style.bad("FAILED") + " " + SafeText.line(orphan + ": " + what + " beside it"));
    }
    String summary =
        Count.of(cases, "case")
            + " of "
            + Count.of(report.policies().size(), "policy", "policies")
            + ", "
            + failed
            + " failed";
    out.println(report.passed() ? style.good(summary) : style.bad(summary));
    out.println("coverage " + coverage(report));
  }

  private static String words(PolicyReport.Reached reached) {
    return reached.place() + (reached.matched() ? " never fails" : " never matches");
  }

  private static String coverage(PolicyReport report) {
    List<PolicyReport.Reached> all =
        report.policies().stream().flatMap(policy -> policy.coverage().stream()).toList();
    long reached = all.stream().filter(PolicyReport.Reached::fully).count();
    long percent = all.isEmpty() ? 0 : 100 * reached / all.size();
    return percent
        + " %: "
        + reached
        + " of "
        + all.size()
        + " rules, checks, policies and alternatives match in one case and fail in another";
  }

  private static JsonFields fields(PolicyReport report) {
    return new JsonFields()
        .put("passed", report.passed())
        .put("covered", report.covered())
        .rows("policies", report.policies(), PolicyTestCommand::fields)
        .put("orphans", report.orphans());
  }

  private static JsonFields fields(PolicyReport.Tested policy) {
    return new JsonFields()
        .put("name", policy.name())
        .put("cases", policy.cases())
        .rows("failures", policy.failures(), PolicyTestCommand::fields)
        .rows(
            "not_covered",
            policy.coverage().stream().filter(reached -> !reached.fully()).toList(),
            PolicyTestCommand::fields);
  }

  private static JsonFields fields(PolicyReport.Failure failure) {
    return new JsonFields()
        .put("case", failure.number())
        .put("name", failure.name())
        .put("expected", failure.expected())
        .put("actual", failure.actual());
  }

  private static JsonFields fields(PolicyReport.Reached reached) {
    return new JsonFields()
        .put("place", reached.place())
        .put("matched", reached.matched())
        .put("failed", reached.failed());
  }
}
