package dev.taper.assurance;

import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ExplainedSetting;
import dev.taper.operations.config.TaperConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/**
 * The readers of a service's configuration. What is taken can be explained, each setting once; what
 * is refused has the one code, and a message that can be shown.
 */
final class ConfigReader {
  private static final Workplace HERE = new Workplace(Path.of(""), Clock.systemUTC());
  private static final int MAX_MESSAGE = 4096;

  private ConfigReader() {}

  static boolean yaml(byte[] input) {
    return read("fuzz.yaml", Laws.utf8(input));
  }

  static boolean properties(byte[] input) {
    return read("fuzz.properties", Laws.utf8(input));
  }

  private static boolean read(String label, String text) {
    TaperConfig config;
    try {
      config = TaperConfig.parse(label, text, HERE);
    } catch (OperationException e) {
      String message = String.valueOf(e.getMessage());
      if (!e.code().equals("invalid_config")
          || !message.startsWith(label)
          || message.length() > MAX_MESSAGE
          || message.contains("-private/")) {
        throw new AssertionError("refused with " + e.code() + ": " + message, e);
      }
      return false;
    }
    Set<String> names = new HashSet<>();
    for (ExplainedSetting setting : config.explain()) {
      if (!names.add(setting.name()) || setting.text().isBlank()) {
        throw new AssertionError("explained as " + setting);
      }
    }
    Laws.same("read again", config.explain(), TaperConfig.parse(label, text, HERE).explain());
    return true;
  }
}
