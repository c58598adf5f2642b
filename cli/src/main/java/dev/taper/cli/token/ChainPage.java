package dev.taper.cli.token;

import dev.taper.agent.Delegation;
import dev.taper.agent.DelegationHop.Mode;
import dev.taper.agent.Task;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.token.ChainView.HopView;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chain of a delegation token as one page: without scripts, without anything to load,
 * for a screen in light or dark and for paper.
 */
final class ChainPage {
  private final ChainView view;
  private final Html html;

  ChainPage(ChainView view, KeyNames names) {
    this.view = view;
    this.html =
        Html.page(view.chain().task().id() + ": " + view.chain(), ChainPage.class, "chain.css")
            .naming(names);
  }

  String write() {
    Task task = view.chain().task();
    header(task);
    authority();
    warnings();
    chain();
    footer();
    return html.end();
  }

  private void header(Task task) {
    boolean verified = view.chain().verified();
    html.open("header", "");
    html.open("div", "line");
    html.element("span", "eyebrow", "Delegation of task " + task.id());
    html.element("span", verified ? "badge good" : "badge warn", verified ? "verified" : "claimed");
    if (view.isExpired()) {
      html.element("span", "badge bad", "ended");
    }
    html.close("div");
    html.element("h1", "", task.purpose() == null ? task.id() : task.purpose());
    html.open("p", "route");
    html.element("b", "", view.chain().delegator());
    for (HopView hop : view.hops()) {
      Mode mode = hop.hop().mode();
      if (mode.handsOn()) {
        html.element("i", "", "→").element("b", "", hop.hop().holderName());
        html.text(mode == Mode.ROTATED ? " (new key)" : "");
      }
    }
    html.close("p");
    html.open("dl", "facts");
    String end = view.end();
    fact("Ends", end == null ? "never" : end);
    fact("Presented", presentation());
    fact("Size", view.token().blocks().size() + " blocks, " + view.token().size() + " bytes");
    fact(
        "Signatures",
        view.token().verifiedBy() == null
            ? "not verified: all of this is only what the token claims"
            : "verified from root key " + ChainView.shortened(view.token().verifiedBy()));
    html.close("dl");
    html.close("header");
  }

  private String presentation() {
    return switch (view.chain().kind()) {
      case HELD -> "held: every call needs the holder's proof";
      case BEARER -> "bearer: whoever has it can use it and hand it on";
      case SEALED -> "sealed: whoever has it can use it, nobody can hand it on";
    };
  }

  private void fact(String name, String value) {
    html.open("div", "").element("dt", "", name).element("dd", "", value).close("div");
  }

  private void authority() {
    EffectiveAuthority authority = view.authority();
    html.open("section", "scope");
    html.element("h2", "", "What is left in the end");
    if (authority.isEmpty()) {
      html.element("p", "alert bad", "Nothing: the steps contradict each other.");
    } else if (!authority.isListed()) {
      html.element("p", "alert", "Too many combinations of grants to list.");
    }
    grants(authority.alternatives());
    List<String> only = new ArrayList<>();
    if (authority.audiences() != null) {
      only.add("at " + String.join(" or ", authority.audiences()));
    }
    if (authority.notBefore() != null) {
      only.add("from " + authority.notBefore());
    }
    if (authority.maxDepth().isPresent()) {
      only.add(Condition.maxDepth(authority.maxDepth().getAsLong()).words());
    }
    if (authority.isForVerifiedHolder()) {
      only.add("verified holders only");
    }
    authority.budgets().forEach(budget -> only.add(budget.toString()));
    authority.opaqueChecks().forEach(check -> only.add(check.toString()));
    conditions(only, view.end());
    html.close("section");
  }

  private void warnings() {
    boolean any = false;
    for (HopView hop : view.hops()) {
      any |= !hop.warnings().isEmpty();
    }
    if (!any) {
      return;
    }
    html.open("section", "warnings").element("h2", "", "Warnings");
    for (HopView hop : view.hops()) {
      for (Delegation.Warning warning : hop.warnings()) {
        html.open("p", "alert");
        html.element("b", "", "Step " + hop.hop().block() + ", " + warning.kind().text());
        html.text(warning.text()).close("p");
      }
    }
    html.close("section");
  }

  private void chain() {
    html.open("section", "").element("h2", "", "Who let whom do what");
    html.open("ol", "chain");
    html.open("li", "origin").element("b", "", view.chain().delegator());
    html.element("span", "quiet", "whose authority it is").close("li");
    for (HopView hop : view.hops()) {
      html.open("li", "");
      html.open("article", hop.warnings().isEmpty() ? "card" : "card odd");
      hop(hop);
      html.close("article");
      html.close("li");
    }
    html.close("ol");
    html.close("section");
  }

  private void hop(HopView hop) {
    html.open("div", "line");
    html.element("span", "number", String.valueOf(hop.hop().block()));
    html.element("h3", "", hop.hop().holderName());
    html.element("span", "tag", hop.hop().mode().text()).close("div");
    html.open("p", "quiet").text(hop.kind()).raw(" · key ");
    html.element("code", "", ChainView.shortened(hop.hop().holderKey())).close("p");
    grants(hop.grants());
    if (hop.grants().isEmpty()) {
      html.element("p", "quiet", "Names no grant of its own: what was granted before stays.");
    }
    List<String> only = new ArrayList<>(hop.budgets());
    only.addAll(hop.conditions());
    conditions(only, hop.hop().expiry() == null ? null : view.end(hop.hop().expiry()));
    changes(hop.changes());
    for (Delegation.Warning warning : hop.warnings()) {
      html.open("p", "alert").element("b", "", warning.kind().text());
      html.text(warning.text()).close("p");
    }
    html.open("details", "").element("summary", "", "Datalog and keys");
    html.open("pre", "");
    for (String statement : hop.block().statements()) {
      html.text(SafeText.line(statement)).raw(";\n");
    }
    html.close("pre");
    html.open("p", "quiet").text("Holder's key ").element("code", "", "" + hop.hop().holderKey());
    if (hop.hop().signer() != null) {
      html.raw("<br>Signed by ").element("code", "", hop.hop().signer().toString());
    }
    html.close("p").close("details");
  }

  private void changes(List<AuthorityChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    html.open("div", "narrows").element("h4", "", "Narrows");
    html.open("ul", "");
    for (AuthorityChange change : changes) {
      html.open("li", "").element("span", "quiet", change.dimension());
      html.open("span", "").element("del", "", change.before()).raw(" → ");
      html.element("ins", "", change.after()).close("span").close("li");
    }
    html.close("ul").close("div");
  }

  private void grants(List<Grant> grants) {
    for (int i = 0; i < grants.size(); i++) {
      Grant grant = grants.get(i);
      html.open("div", "grant");
      html.element("span", "or", i == 0 ? "may" : "or");
      html.open("div", "chips");
      if (grant.tools().isEmpty()) {
        html.element("span", "chip tool", "any tool");
      }
      chips("tool", grant.tools());
      chips("operation", grant.operations());
      chips("resource", grant.resources());
      chips("argument", grant.constraints());
      chips("condition", grant.activations());
      html.close("div").close("div");
    }
  }

  private void conditions(List<String> only, @Nullable String end) {
    if (only.isEmpty() && end == null) {
      return;
    }
    html.open("div", "grant").element("span", "or", "only").open("div", "chips");
    chips("condition", only);
    if (end != null) {
      html.element("span", "chip time", "until " + end);
    }
    html.close("div").close("div");
  }

  private void chips(String kind, List<?> values) {
    for (Object value : values) {
      html.element("span", "chip " + kind, value.toString());
    }
  }

  private void footer() {
    html.open("footer", "");
    html.open("p", "legend");
    for (String kind : List.of("tool", "operation", "resource", "argument", "condition", "time")) {
      html.element("span", "chip " + kind, kind);
    }
    html.close("p");
    html.element(
        "p",
        "",
        "Made at "
            + view.now().truncatedTo(ChronoUnit.SECONDS)
            + " by taper inspect; distances in time count from then. A request must fit every step."
            + " Names are what each party calls the next one's key.");
    html.close("footer");
  }
}
