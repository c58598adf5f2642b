package dev.taper.assurance;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Fixed keys and one fixed time, so that every run reads an input alike. */
final class Keys {
  static final PrivateKey ROOT = key(Algorithm.ED25519, 1);
  static final PrivateKey PLANNER = key(Algorithm.ED25519, 2);
  static final PrivateKey RESEARCHER = key(Algorithm.SECP256R1, 3);
  static final PrivateKey APPROVER = key(Algorithm.ED25519, 4);
  static final PrivateKey STRANGER = key(Algorithm.SECP256R1, 5);
  static final PrivateKey ANOTHER = key(Algorithm.SECP256R1, 6);

  static final Clock CLOCK = Clock.fixed(Instant.parse("2030-01-01T12:00:00Z"), ZoneOffset.UTC);

  private Keys() {}

  private static PrivateKey key(Algorithm algorithm, int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return PrivateKey.of(algorithm, secret);
  }
}
