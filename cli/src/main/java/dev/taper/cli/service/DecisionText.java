package dev.taper.cli.service;

import dev.taper.authorizer.Decision;
import dev.taper.authorizer.FailedCheck;
import dev.taper.authorizer.MatchedPolicy;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import java.io.PrintStream;

/** Prints a decision for people. */
final class DecisionText {
  private final PrintStream out;
  private final Style style;

  DecisionText(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(Decision decision, boolean explain) {
    out.println(
        decision.allowed()
            ? style.good("ALLOWED")
            : style.bad("DENIED") + "  " + decision.outcome().text());
    MatchedPolicy policy = decision.policy();
    if (policy == null) {
      out.println("  no policy matched");
    } else {
      out.println("  policy " + policy.index() + ": " + SafeText.line(policy.text()));
    }
    for (FailedCheck check : decision.failedChecks()) {
      out.println(
          "  "
              + style.bad("failed")
              + " "
              + check.place()
              + ", check "
              + check.index()
              + ": "
              + SafeText.line(check.text()));
    }
    if (explain) {
      out.println();
      out.println(SafeText.lines(decision.explain().toString().stripTrailing()));
    }
  }
}
