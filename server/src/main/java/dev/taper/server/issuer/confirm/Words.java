package dev.taper.server.issuer.confirm;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.signin.StrictPage;

/** What people read when something is done, or is not. */
final class Words {
  private Words() {}

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
