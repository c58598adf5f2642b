package dev.taper.integrations.http;

/** Ends the reading of a request that is refused. It has no stack trace: anybody can cause it. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpRefusal refusal;

  /** Refuses with an answer. */
  public RefusedException(HttpRefusal refusal) {
    super(refusal.code(), null, false, false);
    this.refusal = refusal;
  }

  /** What to answer. */
  public HttpRefusal refusal() {
    return refusal;
  }
}
