package dev.taper.cli.io;

import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.ListReader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The revocation list to look at, and whose signature counts. */
public final class RevocationListOptions extends Arguments {
  private final Value<@Nullable String> list =
      option(
              "--revocations",
              "LIST",
              "The signed list of what is revoked: a file, an http(s) URL,",
              "or a database: " + Place.DATABASE + ".")
          .text();

  private final Value<List<String>> keys =
      option(
              "--revocation-key",
              "KEY",
              "Who may sign it: a public key's text, a file, or -. Several add up.")
          .texts();

  private final Value<@Nullable String> memory =
      option(
              "--revocation-memory",
              "FILE",
              "Remember its number there from run to run, so that no older list is taken. Without it,"
                  + " a rolled-back list is not seen.")
          .text();

  /**
   * True if a list is given.
   *
   * @throws CliException if options that go with it are missing, or stand alone
   */
  @Override
  public boolean isGiven() {
    if (list.get() == null) {
      given().refuseWithout("--revocations LIST");
      return false;
    }
    if (keys.get().isEmpty()) {
      throw CliException.usage("who may sign the revocation list? use --revocation-key KEY");
    }
    return true;
  }

  /**
   * These options; a list must be given.
   *
   * @throws CliException if none is given
   */
  public RevocationListOptions required() {
    if (!isGiven()) {
      throw CliException.usage("the revocation list is missing: use --revocations LIST");
    }
    return this;
  }

  /** Where the list is that is given. */
  public Place place() {
    return Place.of(Objects.requireNonNull(list.get()));
  }

  /** Whose signatures count. */
  public List<PublicKey> issuers(Console console) {
    return new Keys(new Inputs(console)).publicKeys(keys.get());
  }

  /** The file that remembers the number of the list, or null. */
  public @Nullable String memory() {
    return memory.get();
  }

  /** Reads the list that is given. */
  public ListReader reader(Console console) {
    return new ListReader(console.workplace(), place(), issuers(console), memory.get());
  }

  /**
   * Takes the list to look up what is living; null if none is given. Says so if it cannot be relied
   * on.
   *
   * @throws dev.taper.operations.OperationException if it cannot be read
   * @throws dev.taper.TaperException if it is refused
   */
  public @Nullable Revocations lookUp(Console console) {
    if (!isGiven()) {
      return null;
    }
    RevocationList found = reader(console).load(console.clock());
    RevocationStatus status = found.check(List.of(), console.clock().instant()).status();
    if (status != RevocationStatus.FRESH) {
      console
          .err()
          .println(
              "taper: note: the revocation list is "
                  + status.text()
                  + ": what it does not name may be revoked by now");
    }
    return found;
  }
}
