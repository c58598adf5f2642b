package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesFileInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper names sign}. */
final class NamesSignCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "The file of names, or -; a signature in it is replaced.")
          .requiredText();

  private final Value<@Nullable Long> number =
      option(
              "--number",
              "N",
              "Its number. Default: the file's own, and one more if it was signed before; else 1.")
          .optional(Long.class);

  private final Value<@Nullable String> out =
      option("-o, --out", "FILE", "Where the signed file goes. Default: standard output.").text();

  private final PrivateKeyInput key = part(new PrivateKeyInput());

  NamesSignCommand(Console console) {
    super(
        console,
        "sign",
        "Sign a file of names, so that readers take it only from you.",
        "The number grows with every change: a reader refuses an older file than the one in use.");
  }

  @Override
  protected ExitCode run() {
    NamesFile names = NamesFileInput.read(console, file.get(), List.of());
    NamesFile numbered = names.withNumber(next(names));
    String signed = keys.signing(key.input(console), numbered::sign);
    outputs.document(out.get(), signed, true, json.given());
    return ExitCode.OK;
  }

  private long next(NamesFile names) {
    if (number.get() != null) {
      return number.get();
    }
    return names.number().orElse(0) + (names.isSigned() || names.number().isEmpty() ? 1 : 0);
  }
}
