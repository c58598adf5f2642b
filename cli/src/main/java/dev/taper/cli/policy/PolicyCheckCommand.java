package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.policies.lint.LintFinding;
import dev.taper.policies.lint.PolicyLint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code taper policy check}. */
@Command(
    name = "check",
    description = {
      "Look for mistakes in policies without running them.",
      "Finds text that does not parse, unsafe variables, unreachable policies and alternatives,"
          + " predicates that nobody states, wrong numbers and types of terms, and invalid regular"
          + " expressions. Exit 0 if nothing is found, else 1."
    })
final class PolicyCheckCommand extends ConsoleCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Policies, or folders of them.")
  private List<String> places = new ArrayList<>();

  @Mixin private final JsonOption json = new JsonOption();

  PolicyCheckCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    PolicyTexts texts = new PolicyTexts(console);
    Map<Path, List<LintFinding>> findings = new LinkedHashMap<>();
    for (Path file : texts.files(places)) {
      findings.put(file, PolicyLint.check(texts.text(file)));
    }
    int found = findings.values().stream().mapToInt(List::size).sum();
    if (json.json()) {
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
        out -> {
          out.writeArrayFieldStart("findings");
          for (Map.Entry<Path, List<LintFinding>> entry : findings.entrySet()) {
            for (LintFinding finding : entry.getValue()) {
              out.writeStartObject();
              out.writeStringField("file", entry.getKey().toString());
              out.writeNumberField("line", finding.line());
              out.writeNumberField("column", finding.column());
              out.writeStringField("code", finding.code());
              out.writeStringField("message", finding.message());
              if (finding.hint() != null) {
                out.writeStringField("hint", finding.hint());
              }
              out.writeEndObject();
            }
          }
          out.writeEndArray();
        });
  }
}
