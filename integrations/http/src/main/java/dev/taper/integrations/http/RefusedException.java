package dev.taper.integrations.http;

import org.jspecify.annotations.Nullable;

/** Ends the reading of a request that is refused. It has no stack trace: anybody can cause it. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpRefusal refusal;

  /** Refuses with an answer. */
  public RefusedException(HttpRefusal refusal) {
    super(refusal.code(), null, false, false);
    this.refusal = refusal;
  }

  /**
   * Refuses with an answer.
   *
   * @param status of HTTP
   * @param code why, as a stable code
   * @param detail why, in one sentence for the caller; or null
   */
  public RefusedException(int status, String code, @Nullable String detail) {
    this(HttpRefusal.of(status, code, detail));
  }

  /** What to answer. */
  public HttpRefusal refusal() {
    return refusal;
  }
}
