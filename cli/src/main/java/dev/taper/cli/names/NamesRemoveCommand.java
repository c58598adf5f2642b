package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Warnings;
import java.util.List;

/** {@code taper names remove}. */
final class NamesRemoveCommand extends NamesChangeCommand {
  private final Value<List<String>> names =
      option("--name", "NAME", "A name, in every section and group. Repeatable.").texts();

  private final Value<List<String>> publicKeys =
      option("--key", "KEY", "A public key: its text, or a file. Repeatable.").texts();

  NamesRemoveCommand(Console console) {
    super(
        console,
        "remove",
        "Take names or keys out of a file of names; the number grows.",
        "A name without a key goes as well, and a group that nobody is in. Without --sign-with the"
            + " result is not signed: sign it again.");
  }

  @Override
  protected ExitCode run() {
    if (names.get().isEmpty() && publicKeys.get().isEmpty()) {
      throw CliException.usage("remove what? use --name or --key");
    }
    return change(this::reduced);
  }

  private NamesFile reduced(NamesFile before) {
    NamesEdit edit = new NamesEdit(before);
    for (String name : names.get()) {
      if (!edit.removeName(name)) {
        throw CliException.usage("the file has no " + name);
      }
    }
    for (String key : publicKeys.get()) {
      if (!edit.removeKey(keys.publicKey(KeyInput.written(key)))) {
        throw CliException.usage("the file does not have the key " + key);
      }
    }
    for (String group : edit.removeEmptyGroups()) {
      Warnings.warn(
          console, "nobody is left in the group " + group + ": what it has to approve never is");
    }
    return edit.build(before);
  }
}
