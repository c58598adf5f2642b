package dev.taper.cli.policy;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.policies.Policies;
import dev.taper.policies.lint.LintWarning;
import dev.taper.policies.lint.PolicyLint;
import dev.taper.policies.lint.SetWarning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code taper policy check}. */
final class PolicyCheckCommand extends JsonCommand {
  private final Value<List<String>> places =
      parameter(
              "0..*",
              "1..*",
              "FILE|NAME",
              "Policies, as files or by their names in the library, or folders of them.")
          .texts();

  PolicyCheckCommand(Console console) {
    super(
        console,
        "check",
        "Look for mistakes in policies without running them.",
        "Finds text that does not parse, unsafe variables, unreachable policies and alternatives,"
            + " predicates that nobody states, wrong numbers and types of terms, invalid regular"
            + " expressions, and what refuses every call. Exit 0 if nothing is found, else 1.",
        "What is named one by one is also checked as the set that a service loads, in that order.");
  }

  @Override
  protected ExitCode run() {
    Map<String, List<LintWarning>> findings = findings();
    int found = findings.values().stream().mapToInt(List::size).sum();
    if (json.given()) {
      printJson(fields(findings));
    } else {
      findings.forEach((name, some) -> some.forEach(one -> print(SafeText.line(name + ":" + one))));
      Style style = Style.out(console);
      String summary =
          Count.of(findings.size(), "policy", "policies") + ", " + Count.of(found, "finding");
      print(found == 0 ? style.good(summary) : style.bad(summary));
    }
    return found == 0 ? ExitCode.OK : ExitCode.DENIED;
  }

  /** What is wrong with each policy by itself, and with those named one by one as a set. */
  private Map<String, List<LintWarning>> findings() {
    PolicyTexts texts = new PolicyTexts(console);
    Map<String, List<LintWarning>> findings = new LinkedHashMap<>();
    Map<String, String> set = new LinkedHashMap<>();
    for (String place : places.get()) {
      if (Policies.names().contains(place)) {
        set.put(place, Policies.source(place));
      } else if (texts.isFolder(place)) {
        for (Path file : texts.files(List.of(place))) {
          String text = texts.text(file);
          findings.put(file.toString(), new ArrayList<>(PolicyLint.check(text)));
          together(Map.of(file.toString(), text), findings);
        }
      } else {
        GivenPolicies.requireKnown(console, place);
        Path file = console.resolve(place);
        set.put(file.toString(), texts.text(file));
      }
    }
    set.forEach((name, text) -> findings.put(name, new ArrayList<>(PolicyLint.check(text))));
    together(set, findings);
    return findings;
  }

  private static void together(Map<String, String> set, Map<String, List<LintWarning>> findings) {
    SetWarning found = PolicyLint.checkTogether(set);
    if (found != null) {
      findings.computeIfAbsent(found.policy(), name -> new ArrayList<>()).add(found.warning());
    }
  }

  private static JsonFields fields(Map<String, List<LintWarning>> findings) {
    List<JsonFields> rows = new ArrayList<>();
    findings.forEach((file, some) -> some.forEach(one -> rows.add(fields(file, one))));
    return new JsonFields().put("findings", rows);
  }

  private static JsonFields fields(String file, LintWarning finding) {
    return new JsonFields()
        .put("file", file)
        .put("line", finding.line())
        .put("column", finding.column())
        .put("code", finding.code())
        .put("message", finding.message())
        .putIfPresent("hint", finding.hint());
  }
}
