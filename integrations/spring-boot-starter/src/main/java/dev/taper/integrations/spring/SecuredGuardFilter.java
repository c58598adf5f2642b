package dev.taper.integrations.spring;

import dev.taper.integrations.http.GuardedCall;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;

/**
 * Guards an application with Spring Security. It stands before Spring Security's own filter, so no
 * chain of the application can go around it; they all find the call authenticated. Thread-safe.
 */
final class SecuredGuardFilter extends GuardFilter {
  private static final long serialVersionUID = 1L;
  private final transient RequestAttributeSecurityContextRepository contexts =
      new RequestAttributeSecurityContextRepository();

  SecuredGuardFilter(ServletGuard guard) {
    super(guard);
  }

  @Override
  void proceed(
      GuardedCall call, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new TaperAuthentication(call));
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
    try {
      super.proceed(call, request, response, chain);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }
}
