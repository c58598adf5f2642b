package dev.taper.cli.token;

import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.DelegationHop.Mode;
import dev.taper.agent.delegation.Task;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.HtmlPage;
import dev.taper.cli.output.Room;
import dev.taper.cli.token.ChainView.HopView;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the chain of a delegation token as one page, complete in itself. */
final class ChainPage {
  /** A chain with more steps has a list of contents and a field to find things. */
  private static final int SHORT = 4;

  /** A chain with more steps shows those that warn, the first and the last one; others unfold. */
  private static final int UNFOLDED = 8;

  /** How many alternatives of an authority are shown at once. */
  private static final int GRANTS = 12;

  /** How many characters of a part are looked at; fewer are shown. */
  private static final int LONGEST = 4_096;

  private static final String ORIGIN = "origin";
  private static final String BEARER = "bearer";

  private final ChainView view;
  private final HtmlPage page;
  private final Html html;

  ChainPage(ChainView view, KeyNames names) {
    this.view = view;
    String who = last().holderName() + " for " + view.chain().delegator();
    this.page = new HtmlPage(view.chain().task().id() + ": " + who, names);
    this.html = page.body();
  }

  String write() {
    boolean isLong = view.hops().size() > SHORT;
    header();
    if (isLong) {
      contents();
      page.finder("steps", false);
    }
    authority();
    warnings();
    chain();
    footer();
    return page.write(isLong);
  }

  private DelegationHop last() {
    return view.hops().get(view.hops().size() - 1).hop();
  }

  private void contents() {
    Html list = page.contents();
    list.raw("<ol>\n<li><a href=\"#left\">What is left in the end</a></li>\n");
    long warnings = view.hops().stream().mapToLong(hop -> hop.warnings().size()).sum();
    if (warnings > 0) {
      list.raw("<li><a href=\"#warnings\">Warnings</a> (" + warnings + ")</li>\n");
    }
    list.raw("<li><a href=\"#chain\">Who let whom do what</a>\n<ol>\n");
    for (HopView hop : view.hops()) {
      list.raw("<li>" + hop.hop().block() + " ").link(id(hop.hop()), hop.hop().holderName());
      list.raw(hop.warnings().isEmpty() ? "" : " <span class=\"badge warn\">warning</span>");
      list.raw("</li>\n");
    }
    list.raw("</ol>\n</li>\n</ol>\n");
  }

  private void header() {
    Task task = view.chain().task();
    boolean verified = view.chain().verified();
    html.open("header", "").open("div", "line");
    html.element("span", "eyebrow", "Delegation token");
    html.element("span", verified ? "badge good" : "badge warn", verified ? "verified" : "claimed");
    if (view.isExpired()) {
      html.element("span", "badge bad", "ended");
    }
    html.close("div").open("h1", "").shown(last().holderName(), Html.NAME);
    html.raw(" for ").shown(view.chain().delegator(), Html.NAME).close("h1");
    if (!verified) {
      html.raw("<p class=\"alert\">Not verified: all of this is only what the token claims, and ");
      html.raw("anybody could have written it. Inspect it with <code class=\"whole\">--public-key");
      html.raw("</code> to know.</p>\n");
    }
    route();
    html.open("dl", "facts");
    html.fact("Task", task.id());
    String end = view.end();
    html.fact("Ends", end == null ? "never" : end);
    if (task.purpose() != null) {
      html.fact("wide", "Purpose, in the words of who granted it", task.purpose());
    }
    html.fact("wide", "Presented", presentation());
    html.open("div", "wide").element("dt", "", "Signatures");
    if (view.token().verifiedBy() == null) {
      html.element("dd", "", "not verified");
    } else {
      html.open("dd", "").raw("verified from root key ");
      html.prose(view.token().verifiedBy().toString()).close("dd");
    }
    html.close("div");
    html.fact(
        "Size",
        Count.of(view.token().blocks().size(), "block") + ", " + view.token().size() + " bytes");
    html.close("dl").close("header");
    page.endHeader();
  }

  /** Who had it, from the delegator to who has it now; of a long chain its two ends. */
  private void route() {
    List<DelegationHop> holders = new ArrayList<>();
    view.hops().stream()
        .map(HopView::hop)
        .filter(hop -> hop.mode().handsOn())
        .forEach(holders::add);
    html.open("p", "route").link(ORIGIN, view.chain().delegator());
    int left = holders.size() > UNFOLDED ? holders.size() - 4 : 0;
    for (int i = 0; i < holders.size(); i++) {
      html.raw("<i aria-hidden=\"true\">→</i>");
      if (left > 0 && i == 2) {
        html.raw("<a href=\"#chain\">" + left + " more</a>");
        i += left - 1;
        continue;
      }
      html.link(id(holders.get(i)), holders.get(i).holderName());
      html.raw(holders.get(i).mode() == Mode.ROTATED ? " (new key)" : "");
    }
    html.close("p");
  }

  private static String id(DelegationHop hop) {
    return "step" + hop.block();
  }

  private String presentation() {
    return switch (view.chain().kind()) {
      case HELD -> "held: every call needs the holder's proof";
      case BEARER -> "bearer: whoever has it can use it and hand it on";
      case SEALED -> "sealed: whoever has it can use it, nobody can hand it on";
    };
  }

  private void authority() {
    EffectiveAuthority authority = view.authority();
    html.open("section", "card main", "left");
    html.element("h2", "", "What is left in the end");
    if (authority.isEmpty()) {
      html.element("p", "alert bad", "Nothing: the steps contradict each other.");
    } else if (!authority.isListed()) {
      html.element(
          "p",
          "alert",
          "Too many combinations of grants to list. A request must fit every step below.");
    }
    List<Grant> grants = authority.alternatives();
    grants(grants.subList(0, Math.min(GRANTS, grants.size())));
    if (grants.size() > GRANTS) {
      html.fold("more", "", false).raw("Or one of " + (grants.size() - GRANTS) + " more");
      html.close("summary");
      grants(grants.subList(GRANTS, grants.size()));
      html.close("details");
    }
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
    authority.opaqueChecks().forEach(check -> only.add(check.text(LONGEST)));
    conditions(only, view.end());
    html.close("section");
  }

  private void warnings() {
    if (view.hops().stream().allMatch(hop -> hop.warnings().isEmpty())) {
      return;
    }
    html.open("section", "", "warnings").element("h2", "", "Warnings");
    for (HopView hop : view.hops()) {
      for (Delegation.Warning warning : hop.warnings()) {
        html.open("p", "alert").raw("<b>");
        html.link(id(hop.hop()), "Step " + hop.hop().block()).raw(", ");
        html.text(warning.kind().text().replace('_', ' ')).raw("</b> ");
        html.text(warning.text()).close("p");
      }
    }
    html.close("section");
  }

  private void chain() {
    html.open("section", "", "chain").element("h2", "", "Who let whom do what");
    html.open("ol", "chain");
    html.open("li", ORIGIN, ORIGIN).name("b", "", view.chain().delegator());
    html.element("span", "quiet", "whose authority it is").close("li");
    String granted = ORIGIN;
    for (HopView hop : view.hops()) {
      html.open("li", "");
      hop(hop, granted);
      html.close("li");
      if (hop.hop().mode() != Mode.THIRD_PARTY) {
        granted = id(hop.hop());
      }
    }
    html.close("ol").close("section");
  }

  private boolean isOpen(HopView hop) {
    int block = hop.hop().block();
    int hops = view.hops().size();
    return hops <= UNFOLDED || block == 0 || block == hops - 1 || !hop.warnings().isEmpty();
  }

  private void hop(HopView hop, String grantedBy) {
    DelegationHop step = hop.hop();
    boolean odd = !hop.warnings().isEmpty();
    html.fold(odd ? "card found odd" : "card found", id(step), isOpen(hop));
    html.raw("<span class=\"number\">" + step.block() + "</span> ");
    html.name("h3", "", step.holderName());
    html.raw(" <span class=\"quiet\">").text(briefly(hop)).raw("</span>").close("summary");
    html.open("p", "quiet");
    kind(hop, grantedBy);
    html.raw(" · key ").prose(step.holderKey().toString()).close("p");
    grants(hop.grants());
    if (hop.grants().isEmpty()) {
      html.element("p", "quiet", "Names no grant of its own: what was granted before stays.");
    }
    List<String> only = new ArrayList<>(hop.budgets());
    only.addAll(hop.conditions());
    conditions(only, step.expiry() == null ? null : view.end(step.expiry()));
    changes(hop.changes());
    for (Delegation.Warning warning : hop.warnings()) {
      html.open("p", "alert").element("b", "", warning.kind().text().replace('_', ' '));
      html.text(warning.text()).close("p");
    }
    datalog(hop);
    html.close("details");
  }

  /** What a step is and what it changed, in a line that is seen while it is folded. */
  private static String briefly(HopView hop) {
    String mode = hop.hop().mode().text().replace('_', ' ');
    List<String> changed = hop.changes().stream().map(AuthorityChange::dimension).toList();
    return mode
        + (changed.isEmpty() ? "" : ", narrows " + String.join(", ", changed))
        + (hop.warnings().isEmpty() ? "" : ", warns");
  }

  /** What kind of step it is; the name in it leads to the step that let its party do so. */
  private void kind(HopView hop, String grantedBy) {
    String kind = hop.kind();
    String grantor = hop.hop().grantor();
    Mode mode = hop.hop().mode();
    boolean isNamed = mode != Mode.THIRD_PARTY && !grantor.equals(BEARER);
    if (isNamed && kind.endsWith(" " + grantor)) {
      html.text(kind.substring(0, kind.length() - grantor.length())).link(grantedBy, grantor);
    } else if (isNamed && kind.startsWith(grantor + " ")) {
      html.link(grantedBy, grantor).raw(" ").prose(kind.substring(grantor.length() + 1));
    } else {
      html.prose(kind);
    }
  }

  private void datalog(HopView hop) {
    html.fold("more", "", false).raw("Datalog and keys").close("summary");
    html.open("pre", "");
    for (String statement : hop.block().statements()) {
      html.shown(statement, Html.STATEMENT).raw(";\n");
    }
    html.close("pre");
    html.open("p", "quiet").raw("Holder's key ");
    html.element("code", "", hop.hop().holderKey().toString());
    if (hop.hop().signer() != null) {
      html.raw("<br>Signed by ").element("code", "", hop.hop().signer().toString());
    }
    html.raw("<br>Revocation id ").element("code", "", hop.block().revocationId());
    html.close("p").close("details");
  }

  private void changes(List<AuthorityChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    html.open("div", "narrows").element("h4", "", "Narrows").open("ul", "");
    for (AuthorityChange change : changes) {
      html.open("li", "").element("span", "quiet", change.dimension());
      html.open("span", "").open("del", "").prose(change.before(), Html.PART).close("del");
      html.raw(" <span aria-hidden=\"true\">→</span><span class=\"unseen\"> becomes </span> ");
      html.open("ins", "").prose(change.after(), Html.PART).close("ins");
      html.close("span").close("li");
    }
    html.close("ul").close("div");
  }

  private void grants(List<Grant> grants) {
    for (int i = 0; i < grants.size(); i++) {
      Grant grant = grants.get(i);
      html.open("div", "grant").element("span", "or", i == 0 ? "may" : "or");
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
      html.prose("span", "chip time", "until " + end);
    }
    html.close("div").close("div");
  }

  private void chips(String kind, List<?> values) {
    for (Object value : values) {
      String text = new Room(LONGEST).fit(value);
      html.open("span", "chip " + kind).prose(text, Html.PART).close("span");
    }
  }

  private void footer() {
    html.open("footer", "").open("p", "chips");
    for (String kind : List.of("tool", "operation", "resource", "argument", "condition", "time")) {
      html.element("span", "chip " + kind, kind);
    }
    html.close("p").raw("<p>Made at ").prose(view.now().truncatedTo(ChronoUnit.SECONDS).toString());
    html.raw(" by taper inspect; distances in time count from then.</p>\n");
    html.raw(
        "<p>A request must fit every step, whatever a later step says it grants. A name is what ");
    html.raw("the party before called a key; the key alone says who it is. Whether any of it was ");
    html.raw("revoked, no token says: taper audit report tells, with a list or a registry.</p>\n");
    html.close("footer");
  }
}
