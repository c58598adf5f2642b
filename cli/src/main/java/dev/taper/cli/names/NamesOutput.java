package dev.taper.cli.names;

import dev.taper.agent.NamesFile;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.NamesFileInput;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A file of names that is changed: who signs it again, and where it goes. Not thread-safe. */
final class NamesOutput extends Arguments {
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

  private final JsonOption json = part(new JsonOption());

  /**
   * Changes a file: reads it, and writes what it has become.
   *
   * @param file its name, or - for standard input
   * @param change says what it has become
   */
  ExitCode change(Console console, String file, UnaryOperator<NamesFile> change) {
    if (signWith.get() == null) {
      return write(console, change.apply(NamesFileInput.read(console, file, List.of())).write());
    }
    Signer signer = new Keys(new Inputs(console)).signer(KeyInput.file(signWith.get()));
    try {
      NamesFile changed =
          change.apply(NamesFileInput.readToSign(console, file, signer.publicKey()));
      NamesFile numbered = changed.number().isPresent() ? changed : changed.withNumber(1);
      return write(console, numbered.sign(signer));
    } finally {
      KeyFile.wipe(signer);
    }
  }

  private ExitCode write(Console console, String text) {
    new Outputs(console).document(out.get(), text, true, json.json());
    return ExitCode.OK;
  }
}
