package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.ShownText;
import java.text.Normalizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tools of ours that a model sees. Thread-safe. */
final class ModelTools {
  private static final Pattern SIGNS = Pattern.compile("[^a-z0-9]+");

  private final Map<String, ModelTool> tools = new LinkedHashMap<>();
  private final FailureLog failures;

  ModelTools(List<ModelTool> tools, Clock clock) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
    this.failures = FailureLog.of(ModelTools.class, "answering a tool", clock);
  }

  /**
   * True for every name that is ours, whether there is such a tool or not, and for those that pass
   * for one: in other letters, with what nobody sees, or with signs in place of which clients write
   * others, because models take none but a few.
   */
  static boolean isOurs(String name) {
    StringBuilder seen = new StringBuilder();
    name.codePoints().filter(point -> !ShownText.isHidden(point)).forEach(seen::appendCodePoint);
    String letters = Normalizer.normalize(seen, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String plain = SIGNS.matcher(letters).replaceAll("_");
    return plain.startsWith(ModelTool.PREFIX) || plain.startsWith("_" + ModelTool.PREFIX);
  }

  /** The definitions, as elements of {@code tools/list}. */
  List<Map<String, Object>> definitions() {
    List<Map<String, Object>> definitions = new ArrayList<>();
    tools.values().forEach(tool -> definitions.add(tool.definition()));
    return definitions;
  }

  /**
   * Calls a tool; whatever goes wrong is an answer.
   *
   * @param arguments as they came
   * @param isAwaited whether anybody still waits for the answer
   */
  ToolAnswer call(String name, @Nullable Object arguments, BooleanSupplier isAwaited)
      throws InterruptedException {
    ModelTool tool = tools.get(name);
    if (tool == null) {
      return ToolAnswer.mistake(
          "There is no such tool. There are: " + String.join(", ", tools.keySet()));
    }
    try {
      return tool.call(arguments, isAwaited);
    } catch (MistakeException e) {
      return ToolAnswer.mistake(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) { // nobody else answers on this thread
      failures.failed(e);
      return ToolAnswer.mistake(
          "That failed, and it is not known how much of it was done. Tell the user.");
    }
  }
}
