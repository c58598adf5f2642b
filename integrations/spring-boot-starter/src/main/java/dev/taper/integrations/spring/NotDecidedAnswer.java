package dev.taper.integrations.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Answers where a controller does another tool than the one that was allowed. */
final class NotDecidedAnswer implements HandlerExceptionResolver, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(NotDecidedAnswer.class);

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!(failure instanceof NotDecidedException) || response.isCommitted()) {
      return null;
    }
    LOG.warn("{}; the catalog and the service's routes differ", failure.getMessage());
    try {
      ServletGuard.refuse(request, response, TaperWebAutoConfiguration.UNAVAILABLE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }
}
