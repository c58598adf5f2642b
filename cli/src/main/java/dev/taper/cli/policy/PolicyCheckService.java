package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.policies.lint.LintFinding;
import dev.taper.policies.lint.PolicyLint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks for mistakes in policies. */
final class PolicyCheckService {
  private final Console console;
  private final PolicyTexts texts;

  PolicyCheckService(Console console) {
    this.console = console;
    this.texts = new PolicyTexts(console);
  }

  /**
   * Checks policies.
   *
   * @param places files, or folders
   * @param json whether to print JSON
   * @return {@link ExitCode#DENIED} if something was found
   */
  ExitCode run(List<String> places, boolean json) {
    Map<Path, List<LintFinding>> findings = new LinkedHashMap<>();
    for (Path file : texts.files(places)) {
      findings.put(file, PolicyLint.check(texts.text(file)));
    }
    int found = findings.values().stream().mapToInt(List::size).sum();
    if (json) {
      print(findings);
    } else {
      findings.forEach(
          (file, some) ->
              some.forEach(one -> console.out().println(SafeText.line(file + ":" + one))));
      Style style = Style.out(console);
      String summary = findings.size() + " policies, " + found + " findings";
      console.out().println(found == 0 ? style.good(summary) : style.bad(summary));
    }
    return found == 0 ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(Map<Path, List<LintFinding>> findings) {
    Json.object(
        console.out(),
        json -> {
          json.writeArrayFieldStart("findings");
          for (Map.Entry<Path, List<LintFinding>> entry : findings.entrySet()) {
            for (LintFinding finding : entry.getValue()) {
              json.writeStartObject();
              json.writeStringField("file", entry.getKey().toString());
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
