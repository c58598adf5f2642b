package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.JsonCommand;
import dev.taper.operations.rotation.RootKeyUse;
import dev.taper.operations.rotation.Rotation;
import dev.taper.store.registry.Delegated;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A command about the root keys of a key set's file. */
abstract class RootKeyCommand extends JsonCommand {
  private final Value<String> file =
      option("--keys", "FILE", "The key set (JSON) with the root keys that verifiers trust.")
          .requiredText();

  /** What depends on the keys. */
  protected final RegistryOption registry = part(new RegistryOption());

  /** Whether JSON is wanted. */
  RootKeyCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /** The file of the key set. */
  protected final String file() {
    return file.get();
  }

  /** Replaces keys, and leaves records of that. */
  protected final Rotation rotation(AuditOptions audit) {
    return new Rotation(console.clock(), audit.recorder(console), registry.access(console));
  }

  /** The key set as it stands. */
  protected final RootKeySet read() {
    String text = inputs.text(Source.ofFile(file.get()), InputKind.KEY_SET);
    return RootKeySet.read(text, console.clock());
  }

  /** Replaces the key set. */
  protected final void write(RootKeySet set) {
    outputs.file(file.get(), set.write().getBytes(StandardCharsets.UTF_8), false, true);
  }

  /** A key and what depends on it, for programs. */
  protected static JsonFields fields(RootKeyUse use) {
    RootKey key = use.key();
    JsonFields fields =
        new JsonFields()
            .put("key_id", key.keyId())
            .put("key", key.publicKey())
            .putIfPresent("issuer", key.issuer())
            .putIfPresent("expires_at", key.expiresAt());
    return use.living() == null
        ? fields
        : fields.put("living", use.living().size()).put("outlive_the_key", use.outlivingKey());
  }

  /** Prints a key and what depends on it. */
  protected final void printKey(RootKeyUse use) {
    Instant now = console.clock().instant();
    RootKey key = use.key();
    StringBuilder line = new StringBuilder("  key ").append(key.keyId()).append("  ");
    line.append(key.publicKey()).append("  ");
    if (key.expiresAt() == null) {
      line.append("no end");
    } else {
      line.append(key.isExpiredAt(now) ? "ended " : "ends ")
          .append(HumanTime.fromNow(key.expiresAt(), now));
    }
    print(line.toString());
    List<Delegated> living = use.living();
    if (living != null) {
      String words = Count.of(living.size(), "living delegation");
      print("         " + words + last(use, now) + outliving(use));
    }
  }

  private static String last(RootKeyUse use, Instant now) {
    Instant last = use.lastEnd();
    if (last == null) {
      return "";
    }
    return last.equals(Instant.MAX)
        ? ", of which some never end"
        : ", the last ends " + HumanTime.fromNow(last, now);
  }

  private static String outliving(RootKeyUse use) {
    long count = use.outlivingKey();
    return count == 0 ? "" : "; " + count + " will be refused when the key ends";
  }
}
