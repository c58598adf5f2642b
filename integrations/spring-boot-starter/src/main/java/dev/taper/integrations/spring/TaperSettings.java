package dev.taper.integrations.spring;

import dev.taper.operations.Workplace;
import dev.taper.operations.config.TaperConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * What stands below {@code taper} in an application's configuration. The settings of {@link
 * TaperConfig} have the same names here, or stand in the file that {@code taper.config} names;
 * {@code taper.http} is how requests arrive. Nothing that is unknown is left aside. As everywhere
 * in Spring Boot a source that comes first hides what later ones say of a name, and of a whole
 * list. Immutable.
 *
 * @param service the settings of the service, without {@code taper.}
 * @param file the file with them; null if they stand here
 * @param dialledAs the origin that clients dial; null if {@code Host} says it
 * @param targetFrom the field in which a proxy says the target; null without one
 * @param maxContent the most bytes of a content; null for the usual
 * @param open the paths that are not judged as requests
 */
record TaperSettings(
    Map<String, String> service,
    @Nullable String file,
    @Nullable String dialledAs,
    @Nullable String targetFrom,
    @Nullable Integer maxContent,
    Set<String> open) {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("taper");
  private static final Pattern PLAIN_PATH =
      Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?");

  /** True if nothing stands there. */
  boolean isEmpty() {
    return service.isEmpty() && file == null;
  }

  /**
   * Takes what an environment says.
   *
   * @throws IllegalStateException what is wrong with it
   */
  static TaperSettings of(Environment environment) {
    Map<String, String> settings = read(environment);
    String file = settings.remove("config");
    String dialledAs = settings.remove("http.dialled-as");
    String targetFrom = settings.remove("http.target-from");
    Integer maxContent = number(settings.remove("http.max-content"));
    Set<String> open = paths(settings);
    for (String name : settings.keySet()) {
      if (file != null || name.equals("http") || name.startsWith("http.")) {
        throw new IllegalStateException(
            file == null
                ? "there is no setting taper." + name
                : "taper." + name + " is for the file that taper.config names");
      }
    }
    return new TaperSettings(
        Map.copyOf(settings), file, dialledAs, targetFrom, maxContent, Set.copyOf(open));
  }

  /** Everything that stands there; it may make no sense. */
  static Map<String, String> read(Environment environment) {
    Map<String, String> settings = new TreeMap<>();
    Map<String, ConfigurationPropertySource> lists = new HashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        for (ConfigurationPropertyName name : iterable) {
          ConfigurationProperty property =
              ROOT.isAncestorOf(name) ? iterable.getConfigurationProperty(name) : null;
          if (property != null && isOf(source, name, lists)) {
            settings.putIfAbsent(
                text(name),
                environment.resolveRequiredPlaceholders(String.valueOf(property.getValue())));
          }
        }
      }
    }
    return settings;
  }

  /** False for a part of a list that an earlier source has. */
  private static boolean isOf(
      ConfigurationPropertySource source,
      ConfigurationPropertyName name,
      Map<String, ConfigurationPropertySource> lists) {
    for (int i = 1; i < name.getNumberOfElements(); i++) {
      if (name.isNumericIndex(i)) {
        ConfigurationPropertySource first = lists.putIfAbsent(text(name.chop(i)), source);
        if (first != null && first != source) {
          return false;
        }
      }
    }
    return true;
  }

  /** A name as properties of {@link TaperConfig} have it. */
  private static String text(ConfigurationPropertyName name) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < name.getNumberOfElements(); i++) {
      String element = name.getElement(i, Form.ORIGINAL);
      if (name.isNumericIndex(i)) {
        text.append('[').append(element).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(element);
      }
    }
    return text.toString();
  }

  private static @Nullable Integer number(@Nullable String text) {
    try {
      return text == null ? null : Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalStateException("taper.http.max-content is a number of bytes", e);
    }
  }

  private static Set<String> paths(Map<String, String> settings) {
    Set<String> paths = new LinkedHashSet<>();
    for (Map.Entry<String, String> setting : new ArrayList<>(settings.entrySet())) {
      String name = setting.getKey();
      if (name.equals("http.open") || name.startsWith("http.open[")) {
        paths.addAll(List.of(setting.getValue().split(",", -1)));
        settings.remove(name);
      }
    }
    for (String path : paths) {
      if (!PLAIN_PATH.matcher(path).matches()) {
        throw new IllegalStateException(
            "taper.http.open has single paths, such as /actuator/health, and no patterns");
      }
    }
    return paths;
  }

  /**
   * The service's configuration. Relative paths start from its file, or from where the application
   * was started.
   *
   * @throws dev.taper.operations.OperationException what is wrong with it, and where
   */
  TaperConfig config() {
    Clock clock = Clock.systemUTC();
    return file == null
        ? TaperConfig.of(service, new Workplace(Path.of("").toAbsolutePath(), clock))
        : TaperConfig.load(Path.of(file), clock);
  }
}
