package dev.taper.server.issuer.confirm;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.issuer.enrol.EnrolmentException;
import dev.taper.server.signin.StrictPage;
import java.util.Locale;

/** What people read when something is done, or is not. */
final class Words {
  private Words() {}

  /** What went wrong, as a sentence. */
  static String sentence(EnrolmentException e) {
    String message = String.valueOf(e.getMessage());
    return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1) + ".";
  }

  static HttpAnswer done(String sentence) {
    return StrictPage.titled("Done")
        .say(sentence)
        .link(ConfirmPages.PATH, "See what else waits for you")
        .answer(200);
  }

  static HttpAnswer nothingDone(String why, int status) {
    return StrictPage.titled("Nothing was done")
        .warn(why)
        .link(ConfirmPages.PATH, "See what waits for you")
        .answer(status);
  }
}
