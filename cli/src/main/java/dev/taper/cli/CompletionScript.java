package dev.taper.cli;

import dev.taper.cli.io.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The completion script of a shell: a table of all commands with what stands behind them, and the
 * shell's own code, a resource, that reads it.
 */
final class CompletionScript {
  /** The shells. */
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  /** Labels of arguments that name a file, or something that can be written as one. */
  private static final Set<String> FILES =
      Set.of(
          "CATALOG",
          "DATALOG_FILE",
          "DIR|FILE",
          "FILE",
          "KEY",
          "LIST",
          "LOG",
          "PARENT",
          "REQUEST",
          "SNAPSHOT",
          "TOKEN",
          "[TOKEN] RULE");

  /** Options whose value is a name of the file of names. */
  private static final Set<String> NAMES =
      Set.of("--agent", "--also", "--approver", "--delegator", "--holder", "--name", "--reviewer");

  /** Labels of parameters that name somebody. */
  private static final Set<String> PEOPLE = Set.of("NAME", "PERSON");

  /** Labels of the parameter that names what is revoked, behind its kind. */
  private static final Set<String> REVOCABLES = Set.of("WHAT", "[WHAT]");

  private static final Set<String> KEEPERS = Set.of("--audit-key", "--key");

  /** What servers are called and have below them; they are another program. */
  private static final Map<String, String> ELSEWHERE =
      new TreeMap<>(
          Map.of("console", "", "keeper", "", "mcp", "guard catalog connect", "serve", ""));

  private final Map<String, Entry> table = new TreeMap<>();

  /**
   * What stands behind one command.
   *
   * @param commands the words of commands below it
   * @param options its options, each with the kind of its value behind a colon if it takes one
   * @param positions the kinds of its parameters, in order
   */
  private record Entry(List<String> commands, List<String> options, List<String> positions) {}

  /** Takes all commands of the program. */
  CompletionScript(CommandSpec root) {
    add("", root);
    ELSEWHERE.forEach(
        (name, below) -> {
          List<String> words = below.isEmpty() ? List.of() : List.of(below.split(" "));
          table.put(name, new Entry(words, List.of("--help"), List.of("file")));
          Entry top = table.get("");
          if (top != null) {
            top.commands().add(name);
          }
        });
  }

  private void add(String words, CommandSpec spec) {
    List<String> options = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      for (String name : option.names()) {
        options.add(option.arity().max() == 0 ? name : name + ":" + kinds(option));
      }
    }
    List<String> positions = new ArrayList<>();
    for (PositionalParamSpec position : spec.positionalParameters()) {
      positions.add(kind(position, position.paramLabel(), ""));
    }
    table.put(words, new Entry(new ArrayList<>(spec.subcommands().keySet()), options, positions));
    spec.subcommands()
        .forEach(
            (word, line) ->
                add(words.isEmpty() ? word : words + " " + word, line.getCommandSpec()));
  }

  /** The kinds of all values of an option. */
  private static String kinds(OptionSpec option) {
    List<String> kinds = new ArrayList<>();
    for (String label : option.paramLabel().split(" ", -1)) {
      kinds.add(kind(option, label, option.longestName()));
    }
    return String.join(",", kinds);
  }

  /** What a value is, in the words of the scripts. */
  private static String kind(ArgSpec argument, String label, String option) {
    if (argument.completionCandidates() != null) {
      List<String> all = new ArrayList<>();
      argument.completionCandidates().forEach(all::add);
      return "{" + String.join("|", all) + "}";
    } else if (argument.type().isEnum()) {
      return "{" + String.join("|", names(argument.type().getEnumConstants())) + "}";
    } else if (option.equals("--profile")) {
      return "profile";
    } else if (KEEPERS.contains(option)) {
      return "key";
    } else if (NAMES.contains(option) || (option.isEmpty() && PEOPLE.contains(label))) {
      return "name";
    } else if (option.equals("--task") || (option.isEmpty() && label.equals("ID"))) {
      return "task";
    } else if (option.isEmpty() && REVOCABLES.contains(label)) {
      return "what";
    } else if (label.equals("FILE|NAME")) {
      return "policy";
    } else if (label.equals("FOLDER")) {
      return "dir";
    }
    return FILES.contains(label) ? "file" : "none";
  }

  private static List<String> names(Object[] constants) {
    List<String> names = new ArrayList<>();
    for (Object constant : constants) {
      names.add(constant.toString().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /**
   * The script of a shell.
   *
   * @throws CliException if there is none for it
   */
  String of(String shell) {
    if (!SHELLS.contains(shell)) {
      throw CliException.usage("a shell is " + String.join(", ", SHELLS) + ", not " + shell);
    }
    String table = shell.equals("fish") ? fish() : posix();
    return resource("completion." + shell).replace("@TABLE@\n", table);
  }

  private String posix() {
    StringBuilder text =
        new StringBuilder(
            """
            # Of a command: s, commands below it; o, options with kinds of values; p, of parameters.
            __taper_table() {
              case $1 in
            """);
    table.forEach(
        (words, entry) ->
            text.append("    '")
                .append(words)
                .append("') s='")
                .append(String.join(" ", entry.commands()))
                .append("' o='")
                .append(String.join(" ", entry.options()))
                .append("' p='")
                .append(String.join(" ", entry.positions()))
                .append("' ;;\n"));
    return text.append(
            """
                *) s='' o='' p='' ;;
              esac
            }

            # The kinds of an option's values; nothing if it takes none.
            __taper_kind() {
              case " $o " in
                *" $1:"*)
                  local rest=" $o "
                  rest=${rest#*" $1:"}
                  printf '%s' "${rest%% *}"
                  ;;
              esac
            }

            """)
        .toString();
  }

  private String fish() {
    StringBuilder text =
        new StringBuilder(
            """
            # Of a command: s, commands below it; o, options with kinds of values; p, of parameters.
            function __taper_table
                set -g __taper_s
                set -g __taper_o
                set -g __taper_p
                switch $argv[1]
            """);
    table.forEach(
        (words, entry) -> {
          text.append("        case '").append(words).append("'\n");
          list(text, "s", entry.commands());
          list(text, "o", entry.options());
          list(text, "p", entry.positions());
        });
    return text.append(
            """
                end
            end

            # The kinds of an option's values; nothing if it takes none.
            function __taper_kind
                for option in $__taper_o
                    if string match -q -- "$argv[1]:*" $option
                        string replace -- "$argv[1]:" '' $option
                        return
                    end
                end
            end

            """)
        .toString();
  }

  private static void list(StringBuilder text, String name, List<String> values) {
    if (!values.isEmpty()) {
      text.append("            set __taper_").append(name);
      values.forEach(value -> text.append(" '").append(value).append('\''));
      text.append('\n');
    }
  }

  private static String resource(String name) {
    try (InputStream in = CompletionScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CliException.io("cannot read " + name, e);
    }
  }
}
