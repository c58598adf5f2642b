package dev.taper.cli.io;

import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The key that signs an audit log. */
public final class AuditKeyOptions extends Arguments {
  private final Value<@Nullable String> key =
      option(
              "--audit-key",
              "FILE",
              "File with the private key that signs the audit log, or keeper:NAME for one that a"
                  + " keeper has.")
          .text();

  private final PassphraseOptions passphrase =
      part(
          new PassphraseOptions(
              "audit-",
              "File whose first line opens an encrypted PEM key of the audit log.",
              "Environment variable whose value opens an encrypted PEM key of the audit log."));

  /**
   * True if a key is given.
   *
   * @throws CliException if there is a passphrase without one
   */
  @Override
  public boolean isGiven() {
    if (key.get() == null) {
      passphrase.given().refuseWithout("--audit-key FILE");
    }
    return key.get() != null;
  }

  /**
   * Gives what reads the key that signs. Behind its use, {@link
   * dev.taper.operations.key.KeyFile#wipe} leaves nothing of it.
   *
   * @throws CliException if no key is given, two passphrases, or the text of a key
   */
  public Supplier<Signer> reader(Console console) {
    if (!isGiven()) {
      throw CliException.usage("the key that signs the audit log is missing: --audit-key FILE");
    }
    KeyInput input = input(Objects.requireNonNull(key.get()));
    return () -> new Keys(new Inputs(console)).signer(input);
  }

  private KeyInput input(String named) {
    Source opening = passphrase.source();
    Source source = KeyInput.privateSource(named);
    if (source instanceof Source.Keeper && opening != null) {
      throw CliException.usage("a keeper opens its keys itself: leave the passphrase out");
    }
    return new KeyInput(source, KeyFormat.AUTO, null, opening, false);
  }
}
