package dev.taper.testvectors.profile;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who appears in the vectors. Keys are derived from names, and good for nothing else. */
final class Cast {
  static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  static final String JIRA = "svc:jira";
  static final String DELEGATOR = "user:alice@acme.com";
  static final String TASK = "T-4711";

  private static final Map<String, PrivateKey> KEYS = new LinkedHashMap<>();

  static final PrivateKey ROOT = key("root", Algorithm.ED25519);
  static final PrivateKey ROOT_P256 = key("root-p256", Algorithm.SECP256R1);
  static final PrivateKey PLANNER = key("planner", Algorithm.ED25519);
  static final PrivateKey PLANNER_2 = key("planner-2", Algorithm.ED25519);
  static final PrivateKey PLANNER_3 = key("planner-3", Algorithm.SECP256R1);
  static final PrivateKey RESEARCHER = key("researcher", Algorithm.ED25519);
  static final PrivateKey SCRAPER = key("scraper", Algorithm.SECP256R1);
  static final PrivateKey BOSS = key("boss", Algorithm.SECP256R1);
  static final PrivateKey AUDITOR = key("auditor", Algorithm.ED25519);
  static final PrivateKey LAWYER = key("lawyer", Algorithm.ED25519);
  static final PrivateKey MALLORY = key("mallory", Algorithm.ED25519);
  static final PrivateKey THROW_AWAY = key("throw-away", Algorithm.ED25519);
  static final PrivateKey THROW_AWAY_2 = key("throw-away-2", Algorithm.ED25519);
  static final PrivateKey REVOKER = key("revoker", Algorithm.ED25519);
  static final PrivateKey REVOKER_P256 = key("revoker-p256", Algorithm.SECP256R1);
  static final PrivateKey LOG = key("log", Algorithm.ED25519);
  static final PrivateKey LOG_2 = key("log-2", Algorithm.ED25519);

  private Cast() {}

  private static PrivateKey key(String name, Algorithm algorithm) {
    byte[] secret = Messages.sha256(("taper vectors " + name).getBytes(StandardCharsets.UTF_8));
    PrivateKey key = PrivateKey.of(algorithm, secret);
    KEYS.put(name, key);
    return key;
  }

  /** All keys by name. */
  static Map<String, PrivateKey> keys() {
    return KEYS;
  }
}
