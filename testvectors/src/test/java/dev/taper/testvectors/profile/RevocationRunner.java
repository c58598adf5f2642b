package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationReader;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Runs the cases of fingerprints and lists of revocations. */
final class RevocationRunner {
  private RevocationRunner() {}

  static void fingerprint(JsonNode one) {
    byte[] value = Json.bytes(Json.get(one, "value"));
    Expectation.check(
        Json.get(one, "expect"),
        () -> Cases.ok(fingerprint(Json.get(one, "type").intValue(), value).toString()));
  }

  private static Fingerprint fingerprint(int kind, byte[] value) {
    return switch (kind) {
      case 1 -> Fingerprint.ofBlock(value);
      case 2 -> Fingerprint.ofTask(new String(value, StandardCharsets.UTF_8));
      case 3 -> Fingerprint.ofHolder(key(value));
      case 4 -> Fingerprint.ofDelegator(new String(value, StandardCharsets.UTF_8));
      case 5 -> Fingerprint.ofRoot(key(value));
      case 6 -> approval(value);
      case 7 -> Fingerprint.ofLastHolder(key(value));
      default -> throw new IllegalArgumentException("no kind " + kind);
    };
  }

  /** The key of its approver, and its id behind it. */
  private static Fingerprint approval(byte[] value) {
    int keyEnd = value.length - 16;
    String id = HexFormat.of().formatHex(value, keyEnd, value.length);
    return Fingerprint.ofApproval(key(Arrays.copyOf(value, keyEnd)), id);
  }

  private static PublicKey key(byte[] value) {
    Algorithm algorithm = Objects.requireNonNull(Algorithm.ofWireId(value[0]));
    return PublicKey.of(algorithm, Arrays.copyOfRange(value, 1, value.length));
  }

  static RevocationList list(JsonNode issuers, Clock clock) {
    List<PublicKey> keys = new ArrayList<>();
    issuers.forEach(issuer -> keys.add(PublicKey.parse(issuer.textValue())));
    return RevocationList.trusting(keys.toArray(new PublicKey[0]))
        .forgottenAtRestart()
        .clock(clock)
        .build();
  }

  static void list(JsonNode one) {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    RevocationList list = list(Json.get(one, "issuers"), clock);
    for (JsonNode step : Json.get(one, "steps")) {
      Instant now = Instant.ofEpochMilli(Json.get(step, "now").longValue());
      clock.set(now);
      Expectation.check(Json.get(step, "expect"), () -> take(list, step, now));
    }
  }

  /** What a list makes of one step. */
  static JsonNode take(RevocationList list, JsonNode step, Instant now) {
    return step.has("apply") ? apply(list, step) : look(list, step, now);
  }

  private static JsonNode apply(RevocationList list, JsonNode step) {
    byte[] lists = Json.bytes(Json.get(step, "apply"));
    list.apply(lists);
    RevocationHeader latest = list.latest(issuerOfTheLast(list, lists));
    return Cases.ok(Objects.requireNonNull(latest).sequence());
  }

  /** Of several issuers' lists in one file, the last one says whose number is meant. */
  private static PublicKey issuerOfTheLast(RevocationList list, byte[] lists) {
    PublicKey last = null;
    try {
      RevocationReader reader =
          RevocationReader.of(new ByteArrayInputStream(lists), list.issuers());
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        last = next.issuer();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(last);
  }

  private static JsonNode look(RevocationList list, JsonNode step, Instant now) {
    Fingerprint fingerprint = Fingerprint.parse(Json.text(step, "look"));
    RevocationCheck check = list.check(List.of(fingerprint), now);
    if (check.revoked() >= 0) {
      return Cases.code("revoked");
    }
    return check.status() == RevocationStatus.FRESH
        ? Cases.ok("clear")
        : Cases.code("revocation_" + check.status().text());
  }
}
