package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;

/** {@code taper rotate retire}. */
final class RotateRetireCommand extends RootKeyCommand {
  private final Value<Long> keyId = option("--key-id", "N", "Which key.").required(Long.class, 0L);

  private final Flag early =
      flag("--early", "Before its end: everything that it signed is refused from then on.");

  private final AuditOptions audit = part(new AuditOptions());

  RotateRetireCommand(Console console) {
    super(
        console,
        "retire",
        "Take an old root key out of a key set.",
        "With --registry: revoke it too, for verifiers that still have the old set.");
  }

  @Override
  protected ExitCode run() {
    write(rotation(audit).retire(read(), keyId.get(), early.given()));
    if (json.given()) {
      printJson(new JsonFields().put("key_id", keyId.get()).put("keys", file()));
      return ExitCode.OK;
    }
    print("Retired root key " + keyId.get() + ".");
    if (registry.isGiven()) {
      print(
          "Verifiers that have the old set learn of it with: taper registry publish; or, where"
              + " their list is elsewhere: taper revoke root KEY");
    }
    return ExitCode.OK;
  }
}
