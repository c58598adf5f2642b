package dev.taper.cli.revocation;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Revoker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A revocation list to issue, and who issues it. */
final class RevocationIssueOptions {
  @Option(
      names = "--revocations",
      paramLabel = "LIST",
      required = true,
      description = {
        "Where the signed list is kept; it is made if there is none.",
        "A file, or a database that others share: " + Place.DATABASE + "."
      })
  private String list = "";

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();

  @Mixin private final HorizonOptions horizon = new HorizonOptions();

  /** Where the list is kept. */
  Place place() {
    return Place.written(list);
  }

  /** Revokes by the list. */
  Revoker revoker(Console console, AuditOptions audit, RegistryOption registry) {
    KeyInput signer = key.input(console);
    return new Revoker(
        console.workplace(),
        new Revoker.Issue(
            place(), () -> new Keys(new Inputs(console)).privateKey(signer), horizon.horizon()),
        audit.recorder(console),
        registry.access(console));
  }
}
