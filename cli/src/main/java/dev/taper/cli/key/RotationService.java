package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.config.Times;
import dev.taper.operations.rotation.RootKeyUse;
import dev.taper.operations.rotation.Rotation;
import dev.taper.store.registry.Delegated;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces root keys in a key set's file, and tells what depends on them. */
final class RotationService extends ConsoleService {
  private final String file;
  private final RegistryOption registry;

  /**
   * Works on a key set.
   *
   * @param console the console
   * @param file the key set
   * @param registry what depends on the keys
   */
  RotationService(Console console, String file, RegistryOption registry) {
    super(console);
    this.file = file;
    this.registry = registry;
  }

  /**
   * Adds a root key, and lets those that are in the set, but for other issuers', end after the
   * overlap.
   *
   * @param key file with the new public key
   * @param keyId its id, or null for the next one
   * @param issuer whose it is, or null
   * @param overlap how long the old keys stay good, as a duration
   * @param audit the audit log
   * @param asJson whether JSON is wanted
   */
  ExitCode start(
      String key,
      @Nullable Long keyId,
      @Nullable String issuer,
      String overlap,
      AuditOptions audit,
      boolean asJson) {
    RootKeySet old = read();
    PublicKey publicKey = keys.publicKey(KeyInput.written(key));
    Instant end = Times.end(console.clock(), overlap);
    Rotation rotation = rotation(audit);
    RootKeySet rotated = rotation.start(old, publicKey, keyId, issuer, end);
    write(rotated);
    long id = rotated.keys().get(rotated.keys().size() - 1).keyId();
    if (asJson) {
      json(id, rotation.uses(rotated));
      return ExitCode.OK;
    }
    console.out().println("Added root key " + id + ": mint with --root-key-id " + id + ".");
    rotation.uses(rotated).forEach(this::print);
    return ExitCode.OK;
  }

  /** Tells which root keys there are and what depends on each. */
  ExitCode status(boolean asJson) {
    List<RootKeyUse> uses = rotation(new AuditOptions()).uses(read());
    if (asJson) {
      json(null, uses);
    } else {
      uses.forEach(this::print);
    }
    return ExitCode.OK;
  }

  /**
   * Takes a root key out of the set, and revokes it in the registry.
   *
   * @param keyId which key
   * @param early whether to do it before its end, or with delegations that are living
   * @param audit the audit log
   * @param asJson whether JSON is wanted
   */
  ExitCode retire(long keyId, boolean early, AuditOptions audit, boolean asJson) {
    write(rotation(audit).retire(read(), keyId, early));
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            json.writeNumberField("key_id", keyId);
            json.writeStringField("keys", file);
          });
      return ExitCode.OK;
    }
    console.out().println("Retired root key " + keyId + ".");
    if (registry.isGiven()) {
      console
          .out()
          .println(
              "Verifiers that have the old set learn of it with: taper registry publish; or, where"
                  + " their list is elsewhere: taper revoke root KEY");
    }
    return ExitCode.OK;
  }

  private Rotation rotation(AuditOptions audit) {
    return new Rotation(console.clock(), audit.recorder(console), registry.access(console));
  }

  private void print(RootKeyUse use) {
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
    console.out().println(line);
    List<Delegated> living = use.living();
    if (living != null) {
      int count = living.size();
      String words = count + (count == 1 ? " living delegation" : " living delegations");
      console.out().println("         " + words + last(use, now) + outliving(use));
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

  private void json(@Nullable Long added, List<RootKeyUse> uses) {
    Json.object(
        console.out(),
        json -> {
          if (added != null) {
            json.writeNumberField("added", added);
          }
          json.writeArrayFieldStart("keys");
          for (RootKeyUse use : uses) {
            RootKey key = use.key();
            json.writeStartObject();
            json.writeNumberField("key_id", key.keyId());
            json.writeStringField("key", key.publicKey().toString());
            Json.text(json, "issuer", key.issuer());
            Json.text(json, "expires_at", key.expiresAt());
            if (use.living() != null) {
              json.writeNumberField("living", use.living().size());
              json.writeNumberField("outlive_the_key", use.outlivingKey());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private RootKeySet read() {
    return RootKeySet.read(inputs.text(Source.ofFile(file), InputKind.KEY_SET), console.clock());
  }

  private void write(RootKeySet keys) {
    outputs.file(file, keys.write().getBytes(StandardCharsets.UTF_8), false, true);
  }
}
