package dev.taper.server.issuer.enrol;

/**
 * An enrolment that is refused, with a stable code. It has no stack trace: anybody can cause it.
 */
public final class EnrolmentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * Refuses.
   *
   * @param code the stable code
   * @param message one sentence for whoever asks
   */
  EnrolmentException(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The stable code. */
  public String code() {
    return code;
  }
}
