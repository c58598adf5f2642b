package dev.taper.server.issuer.confirm;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.issuer.enrol.EnrolmentCodes;
import dev.taper.server.issuer.enrol.EnrolmentException;
import dev.taper.server.issuer.enrol.PendingEnrolment;
import dev.taper.server.signin.PersonRole;
import dev.taper.server.signin.Session;
import dev.taper.server.signin.StrictPage;
import java.util.Locale;
import java.util.Map;

/** Codes by which operators enrol agents. Thread-safe. */
final class CodePages {
  private static final String CODE = "code";

  private final EnrolmentCodes codes;

  CodePages(EnrolmentCodes codes) {
    this.codes = codes;
  }

  /** Adds the form that takes a code. */
  static void ask(StrictPage page, Session session) {
    page.card().say("To enrol an agent's key, type the code that the agent shows.");
    page.form(ConfirmPages.CODE).hidden("token", session.token());
    page.field(CODE, "Code").mainButton("answer", "see", "See whose key it is").endForm();
    page.endCard();
  }

  /** Shows what a code is about, or takes the word about it. */
  HttpAnswer answer(Map<String, String> form, Session session) {
    if (!session.person().has(PersonRole.OPERATOR)) {
      return ConfirmPages.nothingDone("Operators enrol agents, and you are none.", 403);
    }
    String code = form.getOrDefault(CODE, "");
    try {
      return switch (form.getOrDefault("answer", "")) {
        case "see" -> show(code, session);
        case "yes" -> decide(form, code, session, true);
        case "no" -> decide(form, code, session, false);
        default -> ConfirmPages.nothingDone("This is no answer.", 400);
      };
    } catch (EnrolmentException e) {
      String message = String.valueOf(e.getMessage());
      return ConfirmPages.nothingDone(
          message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1) + ".", 409);
    }
  }

  private HttpAnswer show(String code, Session session) throws EnrolmentException {
    PendingEnrolment found = codes.find(code, session.person().subject());
    StrictPage page = StrictPage.titled("Is this the agent's key?");
    page.card().facts();
    page.fact("It calls itself", found.name());
    page.code("Its key", found.key().toString());
    page.fact("Asked at", found.asked());
    page.fact("Asked until", found.until());
    page.endFacts().endCard();
    page.say("Compare the whole key with what the agent shows on its own screen.");
    page.warn(
        "Whoever has this key can ask for tokens under this name, from now on. If somebody sent"
            + " you the code, refuse.");
    page.form(ConfirmPages.CODE).hidden("token", session.token());
    page.hidden(CODE, code).hidden("digest", found.digest());
    page.button("answer", "no", "Refuse").mainButton("answer", "yes", "Enrol this key");
    return page.endForm().answer(200);
  }

  private HttpAnswer decide(Map<String, String> form, String code, Session session, boolean yes)
      throws EnrolmentException {
    codes.decide(code, form.getOrDefault("digest", ""), session.person().subject(), yes);
    return ConfirmPages.done(yes ? "The key is enrolled." : "The key is not enrolled.");
  }
}
