package dev.taper.integrations.spring;

import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/** Judges calls by a guard: whoever is not allowed is not authenticated. Thread-safe. */
record TaperAuthenticationProvider(HttpGuard guard) implements AuthenticationProvider {
  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    IncomingRequest request =
        authentication instanceof TaperAuthentication ours ? ours.request() : null;
    if (request == null) {
      return null;
    }
    try {
      return TaperAuthentication.of(PlacedRequest.judged(guard, request));
    } catch (RefusedException e) {
      throw new RefusedAuthenticationException(e.refusal());
    }
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return TaperAuthentication.class.isAssignableFrom(authentication);
  }
}
