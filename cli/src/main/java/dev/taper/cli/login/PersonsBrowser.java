package dev.taper.cli.login;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens the browser of whoever sits at the terminal. Where that fails, the printed URL is left. */
final class PersonsBrowser {
  private PersonsBrowser() {}

  /** Opens a URL; it goes to a program as one argument, and through no shell. */
  static void open(URI url, Map<String, String> env) {
    List<String> command = command(url, env, System.getProperty("os.name", ""));
    if (command == null) {
      return;
    }
    try {
      var unused =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      // There is no such program; the person opens what was printed.
    }
  }

  /** The command that opens a URL; null where there is no screen to open it on. */
  static @Nullable List<String> command(URI url, Map<String, String> env, String system) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return List.of("open", url.toString());
    }
    if (name.startsWith("windows")) {
      return List.of("rundll32", "url.dll,FileProtocolHandler", url.toString());
    }
    boolean hasScreen = env.containsKey("DISPLAY") || env.containsKey("WAYLAND_DISPLAY");
    return hasScreen ? List.of("xdg-open", url.toString()) : null;
  }
}
