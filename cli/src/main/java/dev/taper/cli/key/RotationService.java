package dev.taper.cli.key;

import dev.taper.cli.io.Registries;
import dev.taper.cli.registry.RegistryJson;
import dev.taper.cli.registry.RegistryText;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.io.AuditRecorder;
import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Times;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationKind;
import dev.taper.store.Database;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.trust.RootKey;
import dev.taper.trust.RootKeySet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces root keys: a new one beside the old ones, until nothing depends on those. */
public final class RotationService {
  private final Console console;
  private final Inputs inputs;

  /** Works in the given console. */
  public RotationService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
  }

  /**
   * Adds a root key to a key set, and lets those that are in it end after the overlap.
   *
   * @param file the key set
   * @param key the new public key
   * @param keyId its id, or null for the next one
   * @param issuer whose it is, or null
   * @param overlap how long the old keys stay good, as a duration
   * @param registry what depends on the old ones, or null if that is not asked
   * @param log the audit log, or null
   */
  public ExitCode start(
      String file,
      KeyInput key,
      @Nullable Long keyId,
      @Nullable String issuer,
      String overlap,
      @Nullable String registry,
      @Nullable AuditTarget log) {
    RootKeySet old = read(file);
    PublicKey publicKey = new Keys(console, inputs).publicKey(key);
    Instant end = Times.end(console, overlap);
    List<RootKey> keys = new ArrayList<>();
    long next = 0;
    for (RootKey each : old.keys()) {
      Instant ends = each.expiresAt();
      next = Math.max(next, each.keyId() + 1);
      keys.add(
          ends != null && ends.isBefore(end)
              ? each
              : new RootKey(each.publicKey(), each.keyId(), each.issuer(), end));
    }
    long id = keyId == null ? next : keyId;
    keys.add(new RootKey(publicKey, id, issuer, null));
    RootKeySet rotated = RootKeySet.of(console.clock(), keys);
    record(log, publicKey, "added");
    write(file, rotated);
    console.out().println("Added root key " + id + ": mint with --root-key-id " + id + ".");
    status(rotated, registry, false);
    return ExitCode.OK;
  }

  /**
   * Tells which root keys there are and what depends on each.
   *
   * @param file the key set
   * @param registry what depends on them, or null if that is not asked
   * @param asJson whether to print JSON
   */
  public ExitCode status(String file, @Nullable String registry, boolean asJson) {
    status(read(file), registry, asJson);
    return ExitCode.OK;
  }

  /**
   * Takes a root key out of a key set, and revokes it in the registry.
   *
   * @param file the key set
   * @param keyId which key
   * @param registry where it is revoked too, or null
   * @param early whether to do it before its end, or with delegations that are living
   * @param log the audit log, or null
   */
  public ExitCode retire(
      String file,
      long keyId,
      @Nullable String registry,
      boolean early,
      @Nullable AuditTarget log) {
    RootKeySet keys = read(file);
    RootKey key =
        keys.keys().stream()
            .filter(each -> each.keyId() == keyId)
            .findFirst()
            .orElseThrow(() -> CliException.usage("the key set has no key " + keyId));
    Instant now = console.clock().instant();
    if (!early && !key.isExpiredAt(now)) {
      throw CliException.usage(
          "key "
              + keyId
              + " is still good"
              + (key.expiresAt() == null ? "" : " until " + key.expiresAt())
              + "; --early retires it now, with everything that it signed");
    }
    if (keys.keys().size() == 1) {
      throw CliException.usage("key " + keyId + " is the last one; nothing would be trusted");
    }
    record(log, key.publicKey(), "retired");
    if (registry != null) {
      RevocationEntry entry =
          RevocationEntry.forever(RevocationKind.ROOT, Fingerprint.ofRoot(key.publicKey()));
      Registries.revoked(console, registry, entry);
    }
    write(file, keys.without(keyId));
    console.out().println("Retired root key " + keyId + ".");
    if (registry != null) {
      console.out().println("Verifiers learn of it with: taper registry publish");
    }
    return ExitCode.OK;
  }

  private void record(@Nullable AuditTarget log, PublicKey key, String verdict) {
    new AuditRecorder(console)
        .record(
            log,
            now ->
                AuditEvent.of(AuditKind.ROTATE, now)
                    .subject(AuditSubject.of("root_key", key.toString()).verdict(verdict)));
  }

  /** A root key, and what depends on it: null if nobody was asked. */
  private record Row(RootKey key, @Nullable List<Delegated> living) {
    @Nullable Instant lastEnd() {
      Instant last = null;
      for (Delegated delegation : living == null ? List.<Delegated>of() : living) {
        Instant end = delegation.endsAt();
        if (end == null) {
          return Instant.MAX;
        }
        last = last == null || end.isAfter(last) ? end : last;
      }
      return last;
    }

    /** How many would outlive the key. */
    long tooLong() {
      Instant expiry = key.expiresAt();
      return living == null || expiry == null
          ? 0
          : living.stream().filter(d -> d.endsAt() == null || d.endsAt().isAfter(expiry)).count();
    }
  }

  private void status(RootKeySet keys, @Nullable String registry, boolean asJson) {
    List<Row> rows = new ArrayList<>();
    if (registry == null) {
      keys.keys().forEach(key -> rows.add(new Row(key, null)));
    } else {
      try (Database database = Registries.open(console, registry)) {
        Registry known = new Registry(database, console.clock());
        for (RootKey key : keys.keys()) {
          rows.add(
              new Row(key, known.find(RegistryQuery.living().rootKey(key.publicKey().toString()))));
        }
      }
    }
    if (asJson) {
      json(rows);
    } else {
      rows.forEach(this::print);
    }
  }

  private void print(Row row) {
    Instant now = console.clock().instant();
    RootKey key = row.key();
    StringBuilder line = new StringBuilder("  key ").append(key.keyId()).append("  ");
    line.append(key.publicKey()).append("  ");
    if (key.expiresAt() == null) {
      line.append("no end");
    } else {
      line.append(key.isExpiredAt(now) ? "ended " : "ends ")
          .append(HumanTime.fromNow(key.expiresAt(), now));
    }
    console.out().println(line);
    List<Delegated> living = row.living();
    if (living != null) {
      Instant last = row.lastEnd();
      console
          .out()
          .println(
              "         "
                  + RegistryText.count(living.size(), "living delegation")
                  + (last == null
                      ? ""
                      : last.equals(Instant.MAX)
                          ? ", of which some never end"
                          : ", the last ends " + HumanTime.fromNow(last, now))
                  + (row.tooLong() == 0
                      ? ""
                      : "; " + row.tooLong() + " will be refused when the key ends"));
    }
  }

  private void json(List<Row> rows) {
    Json.object(
        console.out(),
        json -> {
          json.writeArrayFieldStart("keys");
          for (Row row : rows) {
            json.writeStartObject();
            json.writeNumberField("key_id", row.key().keyId());
            json.writeStringField("key", row.key().publicKey().toString());
            RegistryJson.text(json, "issuer", row.key().issuer());
            RegistryJson.moment(json, "expires_at", row.key().expiresAt());
            if (row.living() != null) {
              json.writeNumberField("living", row.living().size());
              json.writeNumberField("outlive_the_key", row.tooLong());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private RootKeySet read(String file) {
    return RootKeySet.read(inputs.text(Source.ofFile(file), InputKind.KEY_SET), console.clock());
  }

  private void write(String file, RootKeySet keys) {
    new Outputs(console).file(file, keys.write().getBytes(StandardCharsets.UTF_8), false, true);
  }
}
