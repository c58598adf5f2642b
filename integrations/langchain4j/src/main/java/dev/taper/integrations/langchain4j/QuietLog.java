package dev.taper.integrations.langchain4j;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log of messages without what is secret in them: {@code
 * StreamableHttpMcpTransport.builder().logRequests(true).logger(QuietLog.of(logger))}. LangChain4j
 * logs messages whole where it is told to, with token, proof and approvals.
 */
public final class QuietLog {
  private static final String OURS = "dev.taper";
  private static final Pattern SECRET =
      Pattern.compile(
          "(dev\\.taper/(?:token|proof|approvals)\"?\\s*[:=]\\s*)"
              + "(?:\"(?:[^\"\\\\]|\\\\.)*+\"?|\\[[^\\]]*+\\]?|[\\w-]++)");

  /**
   * What is as long as a credential, wherever it stands: a server may send a message back in
   * another spelling, such as within a text.
   */
  private static final Pattern LONG = Pattern.compile("[\\w-]{100,}+");

  private QuietLog() {}

  /** Wraps a logger. */
  public static Logger of(Logger logger) {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(logger, quiet(arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static @Nullable Object @Nullable [] quiet(@Nullable Object @Nullable [] arguments) {
    if (arguments == null) {
      return null;
    }
    @Nullable Object[] quiet = arguments.clone();
    for (int i = 0; i < quiet.length; i++) {
      quiet[i] = quiet(quiet[i]);
    }
    return quiet;
  }

  private static @Nullable Object quiet(@Nullable Object argument) {
    if (argument instanceof Object[] several) {
      return quiet(several);
    }
    if (argument == null || argument instanceof Throwable) {
      return argument;
    }
    String text = argument.toString();
    return text.contains(OURS)
        ? LONG.matcher(SECRET.matcher(text).replaceAll("$1\"…\"")).replaceAll("…")
        : argument;
  }
}
