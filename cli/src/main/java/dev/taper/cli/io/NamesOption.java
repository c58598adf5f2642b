package dev.taper.cli.io;

import dev.taper.agent.names.NamesFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is who: the file of names that a command looks keys up in and shows them by. */
public final class NamesOption extends Arguments {
  private final Value<@Nullable String> file =
      option(
              "--names",
              "FILE",
              "Who is who: a file of names and their keys, see taper names. Keys are shown with it.")
          .text();

  private final Value<List<String>> keys =
      option(
              "--names-key",
              "KEY",
              "Take the file of names only if this key has signed it: its text or a file. Several"
                  + " add up.")
          .texts();

  /**
   * Reads the file; null if none is given.
   *
   * @throws CliException if it cannot be read, or a key is given without it
   * @throws dev.taper.TaperException if it is no file of names, or not signed as it has to be
   */
  public @Nullable NamesFile read(Console console) {
    if (file.get() == null) {
      given().refuseWithout("--names FILE");
      return null;
    }
    return NamesFileInput.read(console, file.get(), keys.get());
  }

  /**
   * The file's names, for what is shown.
   *
   * @throws CliException as {@link #read}
   */
  public KeyNames shown(Console console) {
    return new KeyNames(read(console));
  }

  /** Which of these options stand on the command line itself. */
  public GivenOptions written() {
    return new GivenOptions().add("--names", file.isWritten()).add("--names-key", keys.isWritten());
  }
}
