package dev.taper.integrations.langchain4j;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;

/** A log that is kept. */
final class LogLines {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  Logger logger() {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              if (arguments != null) {
                lines.add(method.getName() + Arrays.deepToString(arguments));
              }
              return method.getReturnType() == boolean.class ? true : null;
            });
  }

  String text() {
    return String.join("\n", lines);
  }
}
