package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.NamesFileInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Changes a file of names: who signs it again, and where it goes. Not thread-safe. */
abstract class NamesChangeCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "The file of names, or -.").requiredText();

  private final Value<@Nullable String> signWith =
      option(
              "--sign-with",
              "FILE",
              "Sign the changed file with this private key, or keeper:NAME; a file that was signed"
                  + " before must be by the same key. Default: the result is not signed.")
          .text();

  private final Value<@Nullable String> out =
      option(
              "-o, --out",
              "FILE",
              "Where the changed file goes; it may be the old one. Default: standard output.")
          .text();

  NamesChangeCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /**
   * Changes the file: reads it, and writes what it has become.
   *
   * @param change says what it has become
   */
  protected final ExitCode change(UnaryOperator<NamesFile> change) {
    if (signWith.get() == null) {
      return write(change.apply(NamesFileInput.read(console, file.get(), List.of())).write());
    }
    return keys.signing(
        KeyInput.file(signWith.get()),
        signer -> {
          NamesFile changed =
              change.apply(NamesFileInput.readToSign(console, file.get(), signer.publicKey()));
          NamesFile numbered = changed.number().isPresent() ? changed : changed.withNumber(1);
          return write(numbered.sign(signer));
        });
  }

  private ExitCode write(String text) {
    outputs.document(out.get(), text, true, json.given());
    return ExitCode.OK;
  }
}
