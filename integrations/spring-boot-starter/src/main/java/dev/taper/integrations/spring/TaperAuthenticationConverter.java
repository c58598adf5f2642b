package dev.taper.integrations.spring;

import dev.taper.integrations.http.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** Takes every request for a call; one without a token is refused, and not let through unnamed. */
final class TaperAuthenticationConverter implements AuthenticationConverter {
  @Override
  public TaperAuthentication convert(HttpServletRequest request) {
    try {
      return TaperAuthentication.of(ServletGuard.received(request));
    } catch (RefusedException e) {
      throw new RefusedAuthenticationException(e.refusal());
    }
  }
}
