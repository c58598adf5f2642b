package dev.taper.server.issuer.confirm;

import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.operations.config.Times;
import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.PendingExchanges;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.Session;
import dev.taper.server.signin.StrictPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Exchanges that wait for the person whom the agent would act for. Thread-safe. */
final class ExchangePages {
  private final PendingExchanges exchanges;

  ExchangePages(PendingExchanges exchanges) {
    this.exchanges = exchanges;
  }

  List<PendingExchange> of(Session session) {
    return exchanges.of(session.person().subject());
  }

  /** Shows all that is asked. */
  HttpAnswer show(String id, Session session) {
    PendingExchange found = exchanges.find(id, session.person().subject());
    if (found == null) {
      return gone();
    }
    StrictPage page = StrictPage.titled("May this agent act for you?");
    page.card().facts();
    page.fact("Agent", found.agent().name());
    page.code("Its key", found.agent().key().toString());
    page.fact("It would act for", found.delegator());
    page.fact("For how long", howLong(found));
    page.fact("Task, in the agent's words", found.task().id());
    String purpose = found.task().purpose();
    if (purpose != null) {
      page.said("Purpose, in the agent's words", purpose);
    }
    page.fact("It could do each of these", found.grants());
    if (!found.conditions().isEmpty()) {
      page.fact("Under all of these conditions", found.conditions());
    }
    if (!found.budgets().isEmpty()) {
      page.fact("Within", found.budgets());
    }
    page.fact("Asked until", found.until());
    page.endFacts().endCard();
    long others = of(session).stream().filter(one -> isAlike(one, found)).count() - 1;
    if (others > 0) {
      page.warn(
          "The same agent asks "
              + others
              + (others == 1 ? " more time" : " more times")
              + " for you; this page is about this one alone.");
    }
    page.say("If you did not just start this agent, refuse.");
    page.form(ConfirmPages.EXCHANGE).hidden("token", session.token());
    page.hidden("id", found.id()).hidden("digest", digest(found));
    page.button("answer", "no", "Refuse").mainButton("answer", "yes", "Allow this");
    return page.endForm().answer(200);
  }

  /** The whole time: that a token is renewed without another question is what a yes is to. */
  private static String howLong(PendingExchange shown) {
    String first =
        "until " + StrictPage.time(shown.end()) + " (" + Times.words(shown.lifetime()) + ")";
    Duration renewed = shown.renewedFor();
    return renewed == null
        ? first + " at the latest; it is not renewed"
        : first
            + ", renewed without asking you until "
            + StrictPage.time(shown.last())
            + " at the latest ("
            + Times.words(renewed)
            + ")";
  }

  private static boolean isAlike(PendingExchange one, PendingExchange other) {
    return one.agent().key().equals(other.agent().key());
  }

  /** Names all that a person is shown, so that a yes is to that and nothing else. */
  private static String digest(PendingExchange shown) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(shown.id(), shown.delegator(), shown.agent().name()));
    all.addAll(List.of(shown.agent().key().toString(), shown.task().id()));
    all.add(String.valueOf(shown.task().purpose()));
    for (List<String> texts : List.of(shown.grants(), shown.conditions(), shown.budgets())) {
      all.add(Integer.toString(texts.size()));
      all.addAll(texts);
    }
    all.add(howLong(shown));
    StringBuilder text = new StringBuilder();
    all.forEach(one -> text.append(one.length()).append(':').append(one));
    return Digests.sha256Hex(text.toString());
  }

  /** Takes the person's word. */
  HttpAnswer decide(Map<String, String> form, Session session) {
    String id = form.getOrDefault("id", "");
    String answer = form.getOrDefault("answer", "");
    Subject subject = session.person().subject();
    PendingExchange found = exchanges.find(id, subject);
    if (found == null) {
      return gone();
    }
    if (!digest(found).equals(form.get("digest"))) {
      return ConfirmPages.nothingDone("What is asked is not what this page showed.", 409);
    }
    boolean isDone;
    try {
      isDone =
          switch (answer) {
            case "yes" -> exchanges.confirm(id, subject);
            case "no" -> exchanges.refuse(id, subject);
            default -> false;
          };
    } catch (TaperException e) {
      return ConfirmPages.nothingDone("It cannot be recorded now; try again in a minute.", 503);
    }
    return !isDone
        ? gone()
        : ConfirmPages.done(
            answer.equals("yes")
                ? "The agent gets the token when it asks again."
                : "The agent gets nothing.");
  }

  private static HttpAnswer gone() {
    return ConfirmPages.nothingDone(
        "Nothing of that kind waits for you: it was answered, or has ended.", 409);
  }
}
