package dev.taper.integrations.spring;

import dev.taper.integrations.http.HttpRefusal;
import org.springframework.security.core.AuthenticationException;

/** A refusal, on its way through Spring Security. */
final class RefusedAuthenticationException extends AuthenticationException {
  private static final long serialVersionUID = 1L;

  private final transient HttpRefusal refusal;

  RefusedAuthenticationException(HttpRefusal refusal) {
    super(refusal.code());
    this.refusal = refusal;
  }

  HttpRefusal refusal() {
    return refusal;
  }

  /** Without a stack trace: anybody can cause it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
