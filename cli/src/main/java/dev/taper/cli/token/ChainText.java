package dev.taper.cli.token;

import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Task;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.token.ChainView.HopView;
import dev.taper.crypto.PublicKey;
import java.io.PrintStream;
import java.util.List;

/** Prints the chain of a delegation token for people. */
final class ChainText {
  private static final int LABEL = 15;

  private final PrintStream out;
  private final Style style;
  private final ChainView view;
  private final KeyNames names;

  ChainText(PrintStream out, Style style, ChainView view, KeyNames names) {
    this.out = out;
    this.style = style;
    this.view = view;
    this.names = names;
  }

  void print() {
    Task task = view.chain().task();
    String purpose = task.purpose() == null ? "" : ", " + task.purpose();
    line("", "delegation", view.chain().toString());
    line("", "task", task.id() + purpose);
    TokenText text = new TokenText(out, style, view.now());
    text.summary(view.token());
    styled("", "authority", style.bold(SafeText.line(ChainView.words(view.authority()))));
    String end = view.end();
    if (end != null) {
      styled("", "ends", view.isExpired() ? style.bad("ended") + " " + end : end);
    } else {
      styled("", "ends", style.warn("never"));
    }
    out.println();
    out.println(style.bold(SafeText.line(view.chain().delegator())));
    for (HopView hop : view.hops()) {
      hop(hop, hop.hop().block() == view.hops().size() - 1);
    }
  }

  private void hop(HopView hop, boolean isLast) {
    out.println("│");
    String name = style.bold(SafeText.line(hop.hop().holderName()));
    out.println(
        (isLast ? "└─ " : "├─ ")
            + hop.hop().block()
            + "  "
            + name
            + "  "
            + style.dim(SafeText.line(hop.kind())));
    String margin = isLast ? "      " : "│     ";
    PublicKey key = hop.hop().holderKey();
    line(margin, "key", ChainView.shortened(key) + names.behind(key));
    String label = "may";
    for (String grant : hop.grantTexts()) {
      line(margin, label, grant);
      label = "or";
    }
    if (hop.grants().isEmpty()) {
      styled(margin, "may", style.dim("as before"));
    }
    for (String budget : hop.budgets()) {
      line(margin, "budget", budget);
    }
    for (String condition : hop.conditions()) {
      line(margin, "only", condition);
    }
    if (hop.hop().expiry() != null) {
      line(margin, "ends", view.end(hop.hop().expiry()));
    }
    changes(margin, hop.changes());
    for (Delegation.Warning warning : hop.warnings()) {
      styled(margin, "warning", style.warn(SafeText.line(warning.toString())));
    }
  }

  private void changes(String margin, List<AuthorityChange> changes) {
    String label = "narrows";
    for (AuthorityChange change : changes) {
      line(margin, label, change.dimension() + ": " + change.before() + " → " + change.after());
      label = "";
    }
  }

  private void line(String margin, String label, String value) {
    styled(margin, label, SafeText.line(value));
  }

  private void styled(String margin, String label, String value) {
    int width = margin.isEmpty() ? LABEL : 9;
    out.println(margin + style.label(label, width) + value);
  }
}
