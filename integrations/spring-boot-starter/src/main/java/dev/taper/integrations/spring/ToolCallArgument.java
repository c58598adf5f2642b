package dev.taper.integrations.spring;

import dev.taper.agent.call.ToolCall;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives a controller the call that was allowed, with the arguments that were judged. */
final class ToolCallArgument implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType().equals(ToolCall.class);
  }

  @Override
  public ToolCall resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    ToolCall call = CurrentCall.get();
    if (call == null) {
      throw CurrentCall.notDecided("any tool");
    }
    return call;
  }
}
