package dev.taper.cli;

import dev.taper.Nearest;
import dev.taper.cli.io.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What is probably meant by a command or option that there is not: by a table of words that people
 * know from elsewhere, by the same name under another noun, or by the nearest one. It makes all
 * commands, so it is only asked after a mistake.
 */
final class Hints {
  /** The most suggestions of one mistake. */
  private static final int MOST = 4;

  /**
   * Commands that people ask for by another name; the words of a command stand as they are typed.
   */
  private static final Map<String, List<String>> COMMANDS =
      Map.ofEntries(
          Map.entry("verify", List.of("authorize", "audit verify", "revocations verify")),
          Map.entry("validate", List.of("authorize", "config check", "catalog check")),
          Map.entry("check", List.of("authorize", "config check", "policy check", "doctor")),
          Map.entry("decide", List.of("authorize")),
          Map.entry("allow", List.of("authorize", "approve")),
          Map.entry("token", List.of("mint", "inspect", "delegate")),
          Map.entry("tokens", List.of("registry list", "inspect")),
          Map.entry("list", List.of("registry list", "revocations show", "review show")),
          Map.entry("ls", List.of("registry list")),
          Map.entry("log", List.of("audit trace", "audit verify")),
          Map.entry("logs", List.of("audit trace", "audit verify")),
          Map.entry("history", List.of("audit trace")),
          Map.entry("trace", List.of("audit trace")),
          Map.entry("report", List.of("audit report", "review report")),
          Map.entry("export", List.of("audit export")),
          Map.entry("create", List.of("mint", "keygen")),
          Map.entry("issue", List.of("mint")),
          Map.entry("new", List.of("mint", "keygen")),
          Map.entry("key", List.of("keygen", "rotate start")),
          Map.entry("keys", List.of("keygen", "rotate status", "names show")),
          Map.entry("show", List.of("inspect", "registry list", "audit trace")),
          Map.entry("decode", List.of("inspect")),
          Map.entry("print", List.of("inspect")),
          Map.entry("narrow", List.of("attenuate", "delegate")),
          Map.entry("restrict", List.of("attenuate", "delegate")),
          Map.entry("grant", List.of("mint", "delegate")),
          Map.entry("sign", List.of("prove", "revocations sign", "names sign", "third-party sign")),
          Map.entry("proof", List.of("prove")),
          Map.entry("revocation", List.of("revocations show", "revoke")),
          Map.entry("revoke list", List.of("revocations show", "registry list")),
          Map.entry("unrevoke", List.of("revocations lift")),
          Map.entry("ban", List.of("revoke")),
          Map.entry("leave", List.of("offboard")),
          Map.entry("lift", List.of("revocations lift")),
          Map.entry("end", List.of("task end")),
          Map.entry("approval", List.of("approve", "escalate")),
          Map.entry("approvals", List.of("approve", "escalate")),
          Map.entry("ask", List.of("escalate")),
          Map.entry("who", List.of("names show", "audit trace")),
          Map.entry("whoami", List.of("inspect")),
          Map.entry("test", List.of("policy test")),
          Map.entry("lint", List.of("policy check")),
          Map.entry("format", List.of("policy fmt")),
          Map.entry("policy format", List.of("policy fmt")),
          Map.entry("policy lint", List.of("policy check")),
          Map.entry("tools", List.of("catalog show", "catalog draft")),
          Map.entry("settings", List.of("config check")),
          Map.entry("server", List.of("serve")),
          Map.entry("signin", List.of("login")),
          Map.entry("register", List.of("enrol")),
          Map.entry("status", List.of("doctor", "rotate status")),
          Map.entry("version", List.of("--version")));

  /** Options that people ask for by another name. */
  private static final Map<String, List<String>> OPTIONS =
      Map.ofEntries(
          Map.entry("--pubkey", List.of("--public-key")),
          Map.entry("--root-key", List.of("--public-key", "--keys")),
          Map.entry("--root-keys", List.of("--keys", "--public-key")),
          Map.entry("--root", List.of("--public-key", "--keys")),
          Map.entry("--private-key", List.of("--key")),
          Map.entry("--output", List.of("--out")),
          Map.entry("--file", List.of("--out")),
          Map.entry("--expiry", List.of("--expires", "--ttl")),
          Map.entry("--ttl", List.of("--expires")),
          Map.entry("--valid-for", List.of("--expires", "--for")),
          Map.entry("--duration", List.of("--for", "--expires")),
          Map.entry("--to", List.of("--holder")),
          Map.entry("--agent", List.of("--holder")),
          Map.entry("--user", List.of("--delegator")),
          Map.entry("--subject", List.of("--delegator")),
          Map.entry("--scope", List.of("--grant")),
          Map.entry("--tool", List.of("--grant")),
          Map.entry("--service", List.of("--audience")),
          Map.entry("--call", List.of("--request")),
          Map.entry("--list", List.of("--revocations")),
          Map.entry("--revocation-list", List.of("--revocations")),
          Map.entry("--revoked", List.of("--revocations")),
          Map.entry("--log", List.of("--audit")),
          Map.entry("--db", List.of("--registry")),
          Map.entry("--database", List.of("--registry")),
          Map.entry("--policies", List.of("--policy")),
          Map.entry("--force-yes", List.of("--yes")));

  /** Commands of the server, which is another program behind the same launcher. */
  private static final List<String> ELSEWHERE =
      List.of("serve", "console", "keeper", "mcp guard", "mcp catalog", "mcp connect");

  private final Map<String, CommandSpec> commands = new LinkedHashMap<>();

  Hints(Console console) {
    for (CommandTable command : CommandTable.values()) {
      add(command.text(), command.build(console).spec());
    }
  }

  private void add(String name, CommandSpec spec) {
    commands.put(name, spec);
    spec.subcommands().forEach((word, line) -> add(name + " " + word, line.getCommandSpec()));
  }

  /** All commands by their words, groups too; those of the server are not among them. */
  Map<String, CommandSpec> commands() {
    return commands;
  }

  /** Commands of the tables of this class, for tests. */
  static Set<String> named() {
    Set<String> named = new LinkedHashSet<>();
    COMMANDS.values().forEach(named::addAll);
    return named;
  }

  /** Options of the tables of this class, for tests. */
  static Set<String> namedOptions() {
    Set<String> named = new LinkedHashSet<>();
    OPTIONS.values().forEach(named::addAll);
    return named;
  }

  /**
   * Says what is probably meant by a word.
   *
   * @param under the words of the command that it stands behind, or nothing for the first word
   * @param word what is no option or command there
   * @return the rest of a sentence, or null if nothing is near
   */
  @Nullable String of(String under, String word) {
    return word.startsWith("-") && word.length() > 1 ? option(under, word) : command(under, word);
  }

  /** Says what is probably meant by a value where a command of that kind takes others. */
  @Nullable String ofValue(String under, String value) {
    Set<String> found = new LinkedHashSet<>(COMMANDS.getOrDefault(under + " " + value, List.of()));
    return found.isEmpty() ? null : "did you mean " + either(found) + "?";
  }

  /** Says what is probably meant by a value that has to be one of some. */
  static @Nullable String ofChoice(String value, Iterable<String> choices) {
    List<String> all = new ArrayList<>();
    choices.forEach(all::add);
    String nearest = Nearest.of(value, all);
    return nearest == null ? null : "did you mean " + nearest + "?";
  }

  private @Nullable String command(String under, String word) {
    String typed = under.isEmpty() ? word : under + " " + word;
    Set<String> found = new LinkedHashSet<>(COMMANDS.getOrDefault(typed, List.of()));
    if (under.isEmpty()) {
      List<String> first = new ArrayList<>();
      commands.keySet().stream().filter(name -> name.indexOf(' ') < 0).forEach(first::add);
      ELSEWHERE.forEach(name -> first.add(name.split(" ", 2)[0]));
      addNearest(found, "", word, first);
    } else {
      addNearest(found, under + " ", word, below(under));
    }
    if (!under.isEmpty() && commands.containsKey(word)) {
      found.add(word);
    }
    addOfVerb(found, word);
    if (!under.isEmpty() && found.isEmpty()) {
      found.addAll(COMMANDS.getOrDefault(word, List.of()));
    }
    if (found.isEmpty()) {
      Set<String> verbs = new LinkedHashSet<>();
      commands.keySet().forEach(name -> verbs.add(name.substring(name.lastIndexOf(' ') + 1)));
      String verb = Nearest.of(word, verbs);
      if (verb != null) {
        addOfVerb(found, verb);
      }
    }
    return found.isEmpty() ? null : "did you mean " + either(found) + "?";
  }

  /** Adds the same verb of all nouns. */
  private void addOfVerb(Set<String> to, String verb) {
    commands.keySet().stream().filter(name -> name.endsWith(" " + verb)).forEach(to::add);
  }

  private static void addNearest(Set<String> to, String before, String word, List<String> among) {
    String nearest = Nearest.of(word, among);
    if (nearest != null) {
      to.add(before + nearest);
    }
  }

  private List<String> below(String group) {
    CommandSpec spec = commands.get(group);
    return spec == null ? List.of() : List.copyOf(spec.subcommands().keySet());
  }

  private @Nullable String option(String under, String written) {
    int equals = written.indexOf('=');
    String name = equals < 0 ? written : written.substring(0, equals);
    CommandSpec spec = commands.get(under);
    Set<String> own = new LinkedHashSet<>();
    if (spec != null) {
      spec.options().forEach(option -> own.add(option.longestName()));
    }
    Set<String> found = new LinkedHashSet<>(OPTIONS.getOrDefault(name, List.of()));
    found.retainAll(own);
    addNearest(found, "", name, List.copyOf(own));
    if (!found.isEmpty()) {
      return "did you mean " + either(found) + "?";
    }
    Set<String> others = new LinkedHashSet<>();
    commands.forEach(
        (words, other) -> {
          if (other.findOption(name) != null) {
            others.add(words);
          }
        });
    return others.isEmpty() ? null : name + " is an option of " + all(others);
  }

  private static String either(Set<String> names) {
    return listed(names, " or ");
  }

  private static String all(Set<String> names) {
    return listed(names, " and ");
  }

  private static String listed(Set<String> names, String last) {
    List<String> few = names.stream().limit(MOST).toList();
    if (few.size() == 1) {
      return few.get(0);
    }
    boolean more = names.size() > few.size();
    String first = String.join(", ", few.subList(0, few.size() - (more ? 0 : 1)));
    return first + last + (more ? "others" : few.get(few.size() - 1));
  }
}
