package dev.taper.cli.revocation;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Revoker;

/** A revocation list to issue, and who issues it. */
public final class RevocationIssueOptions extends Arguments {
  private final Value<String> list =
      option(
              "--revocations",
              "LIST",
              "Where the signed list is kept; it is made if there is none.",
              "A file, or a database that others share: " + Place.DATABASE + ".")
          .requiredText();

  private final PrivateKeyInput key = part(new PrivateKeyInput());

  private final HorizonOptions horizon = part(new HorizonOptions());

  /** Where the list is kept. */
  public Place place() {
    return Place.written(list.get());
  }

  /** Revokes by the list. */
  public Revoker revoker(Console console, AuditOptions audit, RegistryOption registry) {
    KeyInput signer = key.input(console);
    return new Revoker(
        console.workplace(),
        new Revoker.Issue(
            place(), () -> new Keys(new Inputs(console)).signer(signer), horizon.horizon()),
        audit.recorder(console),
        registry.access(console));
  }
}
