package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.revocation.DelegationRows;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.rotation.HolderKeyUse;
import dev.taper.store.registry.Delegated;
import java.time.Instant;
import java.util.List;

/** A command about what depends on a holder's key. */
abstract class HolderKeyCommand extends JsonCommand {
  /** The registry, which knows what depends on it. */
  protected final RegistryOption registry = part(new RegistryOption());

  /** Whether JSON is wanted. */
  HolderKeyCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /** What depends on a key, which is written as text or in a file. */
  protected final HolderKeyUse use(String key) {
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    return HolderKeyUse.of(keys.publicKey(KeyInput.written(key)), access);
  }

  /** What depends on a key, for programs. */
  protected static JsonFields fields(HolderKeyUse use) {
    Instant last = use.lastEnd();
    return new JsonFields()
        .put("key", use.key())
        .rows("held", use.held(), DelegationRows::row)
        .rows("handed_on", use.signed(), DelegationRows::row)
        .putIfPresent("last_ends_at", last == null || last.equals(Instant.MAX) ? null : last);
  }

  /** Prints delegations below a title. */
  protected final void print(String title, List<Delegated> delegations) {
    print(title);
    DelegationRows.print(console.out(), delegations.stream().map(this::words).toList());
  }

  private String words(Delegated delegation) {
    Instant end = delegation.endsAt();
    return delegation.holderName()
        + "  for "
        + delegation.task()
        + ", from "
        + delegation.grantor()
        + ", "
        + (end == null
            ? "never ends"
            : "ends " + HumanTime.fromNow(end, console.clock().instant()));
  }
}
