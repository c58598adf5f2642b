package dev.taper.server.console.page;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the modules of a page into one script, so that a browser that opens it asks once and not for
 * each of them. Each stays in a function of its own, behind those that it imports. It knows the few
 * forms of {@code import} and {@code export} that these modules have, each alone on a line, and
 * refuses all others. For one thread.
 */
final class OneScript {
  private static final String FROM = " from \"([./a-z0-9-]+)\";";
  private static final Pattern SOME = Pattern.compile("import \\{ ([\\w$, ]+) \\}" + FROM);
  private static final Pattern WHOLE = Pattern.compile("import \\* as ([\\w$]+)" + FROM);
  private static final Pattern HANDED_ON = Pattern.compile("export \\{ ([\\w$, ]+) \\}" + FROM);
  private static final Pattern DECLARED =
      Pattern.compile("export ((?:async function|function|const|class) ([\\w$]+)\\b.*)");

  private final UnaryOperator<String> sources;
  private final Map<String, String> known = new LinkedHashMap<>();
  private final Set<String> begun = new HashSet<>();
  private final StringBuilder script = new StringBuilder();

  private OneScript(UnaryOperator<String> sources) {
    this.sources = sources;
  }

  /**
   * The script of a module and of all that it needs.
   *
   * @param main its name
   * @param sources gives the text of each module, by its name from the folder of the first one
   * @throws IllegalStateException if one has a form that is not known here, or needs itself
   */
  static String of(String main, UnaryOperator<String> sources) {
    OneScript one = new OneScript(sources);
    var unused = one.add(main);
    return one.script.toString();
  }

  /** Adds a module, if it is not there yet; gives what its exports are found by. */
  private String add(String name) {
    String there = known.get(name);
    if (there != null) {
      return there;
    }
    if (!begun.add(name)) {
      throw new IllegalStateException("a module needs itself: " + name);
    }
    StringBuilder body = new StringBuilder();
    StringJoiner exports = new StringJoiner(", ");
    for (String line : sources.apply(name).lines().toList()) {
      body.append(translated(name, line, exports)).append('\n');
    }
    String variable = "$" + known.size();
    known.put(name, variable);
    script
        .append("// " + name + "\nconst " + variable + " = (() => {\n")
        .append(body)
        .append("return { " + exports + " };\n})();\n");
    return variable;
  }

  private String translated(String name, String line, StringJoiner exports) {
    if (!line.startsWith("import") && !line.startsWith("export")) {
      return line;
    }
    Matcher parts = SOME.matcher(line);
    if (parts.matches()) {
      return "const { %s } = %s;"
          .formatted(parts.group(1).replace(" as ", ": "), added(name, parts.group(2)));
    }
    parts = HANDED_ON.matcher(line);
    if (parts.matches() && !parts.group(1).contains(" as ")) {
      String from = added(name, parts.group(2));
      for (String each : parts.group(1).split(", ", -1)) {
        exports.add(each + ": " + from + "." + each);
      }
      return "";
    }
    parts = WHOLE.matcher(line);
    if (parts.matches()) {
      return "const %s = %s;".formatted(parts.group(1), added(name, parts.group(2)));
    }
    parts = DECLARED.matcher(line);
    if (parts.matches()) {
      exports.add(parts.group(2));
      return parts.group(1);
    }
    throw new IllegalStateException("no form of import or export that is known: " + line);
  }

  private String added(String from, String written) {
    String folder = from.substring(0, from.lastIndexOf('/') + 1);
    String rest = written;
    if (rest.startsWith("../")) {
      folder = folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
      rest = rest.substring(3);
    } else if (rest.startsWith("./")) {
      rest = rest.substring(2);
    } else {
      throw new IllegalStateException("no module beside this one: " + written);
    }
    return add(folder + rest);
  }
}
