package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** What opens or encrypts a PEM key: the first line of a file, or an environment variable. */
public final class PassphraseOptions extends Arguments {
  private final Value<@Nullable String> file;
  private final Value<@Nullable String> variable;

  /**
   * Takes {@code --passphrase-file} and {@code --passphrase-env}, or such with a prefix.
   *
   * @param prefix what stands before the names, such as {@code audit-}
   * @param ofFile what the file is for
   * @param ofVariable what the variable is for
   */
  public PassphraseOptions(String prefix, String ofFile, String ofVariable) {
    file = option("--" + prefix + "passphrase-file", "FILE", ofFile).text();
    variable = option("--" + prefix + "passphrase-env", "NAME", ofVariable).text();
  }

  /** Where the passphrase is; null if none is given. */
  public @Nullable Source source() {
    return Source.exclusive(file, variable);
  }
}
