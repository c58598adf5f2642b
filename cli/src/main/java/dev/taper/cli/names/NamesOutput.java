package dev.taper.cli.names;

import dev.taper.agent.NamesFile;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a changed file of names goes. */
final class NamesOutput extends Arguments {
  private final Value<@Nullable String> out =
      option(
              "-o, --out",
              "FILE",
              "Where the changed file goes; it may be the old one. Default: standard output.")
          .text();

  private final JsonOption json = part(new JsonOption());

  /** Writes it, without a signature. */
  ExitCode write(Console console, NamesFile names) {
    String text = names.write();
    if (out.get() == null || out.get().equals("-")) {
      console.out().print(text);
    } else {
      Outputs outputs = new Outputs(console);
      outputs.file(out.get(), text.getBytes(StandardCharsets.UTF_8), false, true);
      if (json.json()) {
        outputs.written(out.get());
      }
    }
    return ExitCode.OK;
  }
}
