package dev.taper.operations.login;

import dev.taper.ShownText;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;

/** What servers of OAuth refuse, as failures of an operation. */
final class Refusals {
  private static final int LONGEST = 300;

  private Refusals() {}

  /**
   * The failure that an answer says.
   *
   * @param who refuses, such as {@code the issuer}
   */
  static OperationException of(Exchanged answer, String who) {
    String code = OperationException.codeOrNull(answer.text("code"));
    if (code == null) {
      code = OperationException.codeOrNull(answer.text("error"));
    }
    if (code == null) {
      return new OperationException(
          Kind.IO, "io", who + " answers with status " + answer.status(), null);
    }
    String detail = answer.text("error_description");
    if (detail == null) {
      detail = answer.text("detail");
    }
    return refused(
        code, who + " refuses" + (detail == null ? "" : ": " + ShownText.of(detail, LONGEST)));
  }

  /** A failure with a code. */
  static OperationException refused(String code, String message) {
    return new OperationException(Kind.REFUSED, code, message, null);
  }
}
