package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.NamesFileInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code taper names show}. */
final class NamesShowCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "The file of names, or -.").requiredText();

  private final Value<List<String>> publicKeys =
      option(
              "--names-key",
              "KEY",
              "Take it only if this key has signed it: its text or a file. Several add up.")
          .texts();

  NamesShowCommand(Console console) {
    super(
        console,
        "show",
        "Check a file of names, and show who is in it.",
        "With --names-key its signature is verified, too; without, whoever wrote it is believed.");
  }

  @Override
  protected ExitCode run() {
    NamesFile names = NamesFileInput.read(console, file.get(), publicKeys.get());
    if (json.given()) {
      // The file's own form, whose reader everybody has.
      Json.copy(console.out(), names.write());
      return ExitCode.OK;
    }
    Style style = Style.out(console);
    String number =
        names.number().isPresent() ? "number " + names.number().getAsLong() : "without a number";
    print(
        number
            + (names.signer() == null
                ? ", " + style.warn("no signature was looked at")
                : ", " + style.good("signed by") + " " + names.signer()));
    print(style, "agents", names.agents());
    print(style, "approvers", names.approvers());
    print(style, "groups", names.groups());
    print(style, "issuers", names.issuers());
    return ExitCode.OK;
  }

  private <E> void print(Style style, String section, Map<String, Set<E>> names) {
    if (names.isEmpty()) {
      return;
    }
    print(style.bold(section));
    names.forEach(
        (name, values) -> {
          print("  " + SafeText.line(name));
          values.forEach(value -> print("    " + SafeText.line("" + value)));
        });
  }
}
