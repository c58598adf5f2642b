package dev.taper.integrations.spring;

import dev.taper.integrations.http.GuardedCall;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/**
 * Guards an application with Spring Security. It stands before Spring Security's own filter, so no
 * chain of the application can go around it; they all find the call authenticated. Thread-safe.
 */
final class TaperAuthenticationFilter extends AuthenticationFilter {
  private final ServletGuard guard;

  TaperAuthenticationFilter(ServletGuard guard) {
    super(
        new ProviderManager(new TaperAuthenticationProvider(guard.http())),
        new TaperAuthenticationConverter());
    this.guard = guard;
    setRequestMatcher(request -> !guard.isOpen(request));
    setSuccessHandler(new Proceeding());
    setFailureHandler(refusing());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!guard.answer(request, response)) {
      super.doFilterInternal(request, response, chain);
    }
  }

  private static AuthenticationFailureHandler refusing() {
    return (request, response, failure) -> {
      if (!(failure instanceof RefusedAuthenticationException refused)) {
        throw failure; // by a handler behind it
      }
      ServletGuard.refuse(request, response, refused.refusal());
    };
  }

  /** Goes on with the call. */
  private final class Proceeding implements AuthenticationSuccessHandler {
    @Override
    public void onAuthenticationSuccess(
        HttpServletRequest request,
        HttpServletResponse response,
        FilterChain chain,
        Authentication authentication)
        throws IOException, ServletException {
      GuardedCall call = ((TaperAuthentication) authentication).guarded();
      if (call == null) {
        throw new ServletException("the call was not judged");
      }
      try {
        guard.proceed(call, request, response, chain);
      } finally {
        SecurityContextHolder.clearContext();
      }
    }

    @Override
    public void onAuthenticationSuccess(
        HttpServletRequest request, HttpServletResponse response, Authentication authentication)
        throws ServletException {
      throw new ServletException("there is nothing to go on with");
    }
  }
}
