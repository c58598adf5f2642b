package dev.taper.cli.call;

import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.Explanation;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.datalog.Query.QueryExplanation;
import java.io.PrintStream;

/** Prints a decision for people, of its checks as much as there is {@linkplain Room room} for. */
final class DecisionText {
  private final PrintStream out;
  private final Style style;
  private final Room room = new Room();

  DecisionText(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(Decision decision, boolean explain) {
    out.println(
        decision.allowed()
            ? style.good("ALLOWED")
            : style.bad("DENIED") + "  " + decision.code().text());
    MatchedPolicy policy = decision.policy();
    if (policy == null) {
      out.println("  no policy matched");
    } else {
      out.println("  " + SafeText.line(policy.place()) + ": " + SafeText.line(policy.text()));
    }
    if (explain && !decision.allowed()) {
      explain(decision.explain());
    } else {
      for (FailedCheck check : decision.failedChecks()) {
        failed(check.place() + ", check " + check.index(), check.text());
      }
    }
  }

  private void explain(Explanation explanation) {
    for (Explanation.Part part : explanation.parts()) {
      failed(part.place(), part.text());
      for (QueryExplanation query : part.queries()) {
        out.println("      " + SafeText.line(Explanation.words(query)));
      }
    }
  }

  private void failed(String place, String text) {
    out.println(
        "  "
            + style.bad("failed")
            + " "
            + SafeText.line(place)
            + ": "
            + SafeText.line(room.fit(text)));
  }
}
