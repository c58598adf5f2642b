package dev.taper.integrations.spring;

import dev.taper.integrations.http.GuardedCall;
import dev.taper.integrations.http.RefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Guards an application. Thread-safe. */
class GuardFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient ServletGuard guard;

  GuardFilter(ServletGuard guard) {
    this.guard = guard;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (guard.isOpen(request)) {
      chain.doFilter(request, response);
      return;
    }
    if (guard.answer(request, response)) {
      return;
    }
    GuardedCall call;
    try {
      call = guard.judge(request);
    } catch (RefusedException e) {
      ServletGuard.refuse(request, response, e.refusal());
      return;
    }
    proceed(call, request, response, chain);
  }

  /** Lets a call that is allowed go ahead. */
  void proceed(
      GuardedCall call, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    guard.proceed(call, request, response, chain);
  }
}
