package dev.taper.server.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles signals of the operating system, so that a process that one of them ends can have an exit
 * code of its own. The JDK has that in {@code jdk.unsupported} alone, which no compiler takes
 * without a warning; so it is looked up by its name. Thread-safe.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final String SIGNAL = "sun.misc.Signal";

  private Signals() {}

  /**
   * Handles a signal from now on.
   *
   * @param name such as {@code TERM}
   * @param handler gets its number, in a thread of the JVM's
   * @return false if the JVM leaves none to others (-Xrs), or the system has no such signal
   */
  static boolean handle(String name, IntConsumer handler) {
    try {
      Class<?> signal = Class.forName(SIGNAL);
      Class<?> type = Class.forName(SIGNAL + "Handler");
      InvocationHandler calls =
          (self, method, given) -> {
            switch (method.getName()) {
              case "handle" -> {
                Object number = signal.getMethod("getNumber").invoke(given[0]);
                handler.accept(number instanceof Integer known ? known : 0);
              }
              case "equals" -> {
                return self == given[0];
              }
              case "hashCode" -> {
                return System.identityHashCode(self);
              }
              default -> {
                return name;
              }
            }
            return null;
          };
      Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls);
      Object named = signal.getConstructor(String.class).newInstance(name);
      Object before = signal.getMethod("handle", signal, type).invoke(null, named, proxy);
      LOG.debug("handles {}, as before {}", name, before);
      return true;
    } catch (ReflectiveOperationException e) {
      LOG.debug("cannot handle {}", name, e);
      return false;
    }
  }
}
