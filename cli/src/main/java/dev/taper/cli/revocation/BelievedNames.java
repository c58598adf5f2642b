package dev.taper.cli.revocation;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.NamesOption;
import org.jspecify.annotations.Nullable;

/** A file of names by which keys are revoked: whoever can write it chooses whose. */
final class BelievedNames extends Arguments {
  private final NamesOption names = part(new NamesOption());

  private final Flag unsigned =
      flag(
          "--accept-unsigned-names",
          "Revoke the keys of a file of names although nobody looks at its signature.");

  /** True if one of these options stands on the command line itself. */
  boolean isWritten() {
    return !names.written().isEmpty() || unsigned.given();
  }

  /**
   * Reads the file; null if none is given.
   *
   * @throws CliException if it cannot be read, or nobody is said to have signed it
   * @throws dev.taper.TaperException if it is no file of names, or not signed as it has to be
   */
  @Nullable NamesFile read(Console console) {
    NamesFile file = names.read(console);
    if (file == null) {
      if (unsigned.given()) {
        throw CliException.usage("--accept-unsigned-names needs --names FILE");
      }
      return null;
    }
    if (file.signer() == null && !unsigned.given()) {
      throw CliException.usage(
          "whose names are believed? use --names-key KEY, as its keys are revoked; or"
              + " --accept-unsigned-names");
    }
    return file;
  }
}
