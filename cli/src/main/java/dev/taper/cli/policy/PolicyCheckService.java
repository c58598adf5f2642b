package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.policies.Policies;
import dev.taper.policies.lint.LintWarning;
import dev.taper.policies.lint.PolicyLint;
import dev.taper.policies.lint.SetFinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks for mistakes in policies. */
public final class PolicyCheckService {
  private final Console console;
  private final PolicyTexts texts;

  /** Works in the given console. */
  public PolicyCheckService(Console console) {
    this.console = console;
    this.texts = new PolicyTexts(console);
  }

  /**
   * Checks policies: each by itself, and those that are named one by one as a set, too.
   *
   * @param places files, folders, or names of the library
   * @param json whether to print JSON
   * @return {@link ExitCode#DENIED} if something was found
   */
  public ExitCode run(List<String> places, boolean json) {
    Map<String, List<LintWarning>> findings = new LinkedHashMap<>();
    Map<String, String> set = new LinkedHashMap<>();
    for (String place : places) {
      if (Policies.names().contains(place)) {
        set.put(place, Policies.source(place));
      } else if (texts.isFolder(place)) {
        for (Path file : texts.files(List.of(place))) {
          String text = texts.text(file);
          findings.put(file.toString(), new ArrayList<>(PolicyLint.check(text)));
          together(Map.of(file.toString(), text), findings);
        }
      } else {
        Path file = console.resolve(place);
        set.put(file.toString(), texts.text(file));
      }
    }
    set.forEach((name, text) -> findings.put(name, new ArrayList<>(PolicyLint.check(text))));
    together(set, findings);
    int found = findings.values().stream().mapToInt(List::size).sum();
    if (json) {
      print(findings);
    } else {
      findings.forEach(
          (name, some) ->
              some.forEach(one -> console.out().println(SafeText.line(name + ":" + one))));
      Style style = Style.out(console);
      String summary = findings.size() + " policies, " + found + " findings";
      console.out().println(found == 0 ? style.good(summary) : style.bad(summary));
    }
    return found == 0 ? ExitCode.OK : ExitCode.DENIED;
  }

  private static void together(Map<String, String> set, Map<String, List<LintWarning>> findings) {
    SetFinding found = PolicyLint.checkTogether(set);
    if (found != null) {
      findings.computeIfAbsent(found.policy(), name -> new ArrayList<>()).add(found.finding());
    }
  }

  private void print(Map<String, List<LintWarning>> findings) {
    Json.object(
        console.out(),
        json -> {
          json.writeArrayFieldStart("findings");
          for (Map.Entry<String, List<LintWarning>> entry : findings.entrySet()) {
            for (LintWarning finding : entry.getValue()) {
              json.writeStartObject();
              json.writeStringField("file", entry.getKey());
              json.writeNumberField("line", finding.line());
              json.writeNumberField("column", finding.column());
              json.writeStringField("code", finding.code());
              json.writeStringField("message", finding.message());
              if (finding.hint() != null) {
                json.writeStringField("hint", finding.hint());
              }
              json.writeEndObject();
            }
          }
          json.writeEndArray();
        });
  }
}
