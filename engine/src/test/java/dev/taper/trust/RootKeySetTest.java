package dev.taper.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.trust.RootKeySet.RootKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootKeySetTest {
  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final OptionalInt NO_ID = OptionalInt.empty();

  // The public keys of RFC 8032, 7.1, test 2, and RFC 6979, A.2.5.
  private static final String ED25519 =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  private static final String P256 =
      "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
  private static final String ONE_KEY =
      "{\"algorithm\": \"ed25519\", \"key_bytes\": \"" + ED25519 + "\", \"key_id\": 7}";

  private static PublicKey newKey() {
    return PrivateKey.generate(Algorithm.ED25519).publicKey();
  }

  private static RootKey expiring(long keyId, Instant expiresAt) {
    return new RootKey(newKey(), keyId, null, expiresAt);
  }

  private static RootKeySet set(RootKey... keys) {
    return RootKeySet.of(CLOCK, List.of(keys));
  }

  @Test
  void read_mostKeysWithTheLongestNames_isWhatWasWritten() {
    List<RootKey> keys = new ArrayList<>();
    for (int i = 0; i < RootKeySet.MAX_KEYS; i++) {
      keys.add(new RootKey(newKey(), 0xffff_ff00L + i, "\u0001".repeat(1024), NOW));
    }
    RootKeySet written = RootKeySet.of(CLOCK, keys);

    assertThat(RootKeySet.read(written.write(), CLOCK).keys()).isEqualTo(written.keys());
  }

  @Test
  void candidates_emptySet_none() {
    assertThat(set().candidates(NO_ID)).isEmpty();
    assertThat(set().candidates(OptionalInt.of(0))).isEmpty();
    assertThat(RootKeySet.read("[]", CLOCK).candidates(NO_ID)).isEmpty();
  }

  @Test
  void candidates_tokenWithId_thatKeyOnly() {
    RootKey first = RootKey.of(1, newKey());
    RootKey second = RootKey.of(2, newKey());
    RootKeySet keys = set(first, second);

    assertThat(keys.candidates(OptionalInt.of(2))).containsExactly(second.publicKey());
    assertThat(keys.candidates(OptionalInt.of(3))).isEmpty();
  }

  @Test
  void candidates_idAbove31Bits_readUnsigned() {
    RootKey key = RootKey.of(0xffff_ffffL, newKey());

    assertThat(set(key).candidates(OptionalInt.of(-1))).containsExactly(key.publicKey());
  }

  @Test
  void candidates_tokenWithoutId_areTheFirstKeyThatHasNotExpired() {
    RootKey first = RootKey.of(9, newKey());
    RootKey expired = expiring(5, NOW.minusSeconds(1));
    RootKey last = expiring(1, NOW.plusSeconds(1));

    assertThat(set(expired, first, last).candidates(NO_ID)).containsExactly(first.publicKey());
    assertThat(set(first, expired, last).prepared())
        .containsExactly(first.publicKey(), last.publicKey());
  }

  @Test
  void candidates_atTheMomentOfExpiry_none() {
    RootKeySet keys = set(expiring(1, NOW), expiring(2, NOW.plusNanos(1)));

    assertThat(keys.candidates(OptionalInt.of(1))).isEmpty();
    assertThat(keys.candidates(OptionalInt.of(2))).hasSize(1);
    assertThat(keys.candidates(NO_ID)).hasSize(1);
  }

  @Test
  void prepared_manyKeys_areBounded() {
    List<RootKey> keys = new ArrayList<>();
    keys.add(expiring(0, NOW));
    for (int id = 1; id <= 20; id++) {
      keys.add(RootKey.of(id, newKey()));
    }
    RootKeySet set = RootKeySet.of(CLOCK, keys);

    assertThat(set.candidates(NO_ID)).containsExactly(keys.get(1).publicKey());
    assertThat(set.prepared())
        .hasSize(16)
        .startsWith(keys.get(1).publicKey())
        .endsWith(keys.get(16).publicKey());
    assertThat(set.candidates(OptionalInt.of(20))).containsExactly(keys.get(20).publicKey());
  }

  @Test
  void with_andWithout_otherSetsAndThisUnchanged() {
    RootKey old = RootKey.of(1, newKey());
    RootKey next = RootKey.of(2, newKey());
    RootKeySet before = set(old);

    RootKeySet during = before.with(next);
    RootKeySet after = during.without(1);

    assertThat(before.keys()).containsExactly(old);
    assertThat(during.keys()).containsExactly(old, next);
    assertThat(after.keys()).containsExactly(next);
    assertThat(after.candidates(OptionalInt.of(1))).isEmpty();
    assertThat(after.without(1)).isSameAs(after);
    assertThat(after).isEqualTo(set(next)).hasSameHashCodeAs(set(next)).isNotEqualTo(during);
  }

  @Test
  void of_sharedIdOrKey_invalidKeySet() {
    RootKey key = RootKey.of(1, newKey());

    assertInvalid(() -> set(key, RootKey.of(1, newKey()))).hasMessageContaining("id 1");
    assertInvalid(() -> set(key).with(RootKey.of(2, key.publicKey())))
        .hasMessageContaining("twice");
  }

  @Test
  void of_tooManyKeys_invalidKeySet() {
    List<RootKey> keys = new ArrayList<>();
    for (int id = 0; id <= RootKeySet.MAX_KEYS; id++) {
      keys.add(RootKey.of(id, newKey()));
    }

    assertInvalid(() -> RootKeySet.of(CLOCK, keys));
    assertThat(RootKeySet.of(CLOCK, keys.subList(1, keys.size())).keys())
        .hasSize(RootKeySet.MAX_KEYS);
    String json = RootKeySet.of(CLOCK, keys.subList(1, keys.size())).write();
    assertInvalid(() -> RootKeySet.read(json.replaceFirst("\\[", "[" + ONE_KEY + ","), CLOCK));
  }

  @Test
  void read_bothAlgorithmsAndEveryMember_keys() {
    RootKeySet keys =
        RootKeySet.read(
            """
            [
              {"key_id": 4294967295, "algorithm": "ed25519", "key_bytes": "%s",
               "issuer": "ops \\u00e9", "expires_at": "2030-02-01T01:00:00.5+02:00"},
              {"algorithm": "secp256r1", "key_bytes": "%s", "key_id": 0,
               "issuer": null, "expires_at": null, "comment": {"nested": [1, 2.5, null]}}
            ]
            """
                .formatted(ED25519.toUpperCase(Locale.ROOT), P256),
            CLOCK);

    assertThat(keys.keys())
        .containsExactly(
            new RootKey(
                PublicKey.parse("ed25519/" + ED25519),
                4294967295L,
                "ops é",
                Instant.parse("2030-01-31T23:00:00.5Z")),
            RootKey.of(0, PublicKey.parse("secp256r1/" + P256)));
  }

  @Test
  void write_thenRead_sameSetAndSameText() {
    RootKeySet keys =
        set(
            new RootKey(newKey(), 3, "an \"issuer\"\n", NOW),
            RootKey.of(1, PrivateKey.generate(Algorithm.SECP256R1).publicKey()));

    String json = keys.write();

    assertThat(RootKeySet.read(json, CLOCK)).isEqualTo(keys);
    assertThat(RootKeySet.read(json, CLOCK).write()).isEqualTo(json);
  }

  @Test
  void write_oneKey_theDocumentedForm() {
    RootKeySet keys =
        set(new RootKey(PublicKey.parse("ed25519/" + ED25519), 7, "ops", NOW.plusMillis(5)));

    assertThat(keys.write())
        .isEqualTo(
            """
            [
              {
                "algorithm" : "ed25519",
                "key_bytes" : "%s",
                "key_id" : 7,
                "issuer" : "ops",
                "expires_at" : "2030-01-31T12:00:00.005Z"
              }
            ]
            """
                .formatted(ED25519));
  }

  static List<String> malformed() {
    String id = "\"key_id\": 7";
    String algorithm = "\"algorithm\": \"ed25519\"";
    String bytes = "\"key_bytes\": \"" + ED25519 + "\"";
    String start = "[{" + algorithm + "," + bytes + "," + id;
    return List.of(
        "",
        " ",
        "{}",
        "null",
        "[",
        "[" + ONE_KEY,
        "[" + ONE_KEY + "] []",
        "[" + ONE_KEY + "] x",
        "[" + ONE_KEY + ",]",
        "[null]",
        "[[]]",
        "[" + ONE_KEY + "," + ONE_KEY + "]",
        "[{}]",
        "[{" + algorithm + "," + bytes + "}]",
        "[{" + algorithm + "," + id + "}]",
        "[{" + bytes + "," + id + "}]",
        start + "," + id + "}]",
        start + ",\"other\": 1,\"other\": 1}]",
        start + ",\"issuer\": 5}]",
        start + ",\"issuer\": \"" + "x".repeat(1025) + "\"}]",
        start + ",\"issuer\": \"\\ud800\"}]",
        start + ",\"expires_at\": 5}]",
        start + ",\"expires_at\": \"\"}]",
        start + ",\"expires_at\": \"2030-01-31\"}]",
        start + ",\"expires_at\": \"2030-01-31T12:00Z         \"}]",
        start + ",\"expires_at\": \"2030-01-31T12:00:00\"}]",
        start + ",\"expires_at\": \"2030-02-31T12:00:00Z\"}]",
        start + ",\"expires_at\": \"+12030-01-31T12:00:00Z\"}]",
        start + ",\"other\":" + "[".repeat(100) + "]".repeat(100) + "}]",
        start + ",\"other\":" + "1".repeat(100) + "}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": \"7\"}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": 7.0}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": null}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": -1}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": 4294967296}]",
        "[{" + algorithm + "," + bytes + ",\"key_id\": 99999999999999999999}]",
        "[{\"algorithm\": \"Ed25519\"," + bytes + "," + id + "}]",
        "[{\"algorithm\": \"secp256r1\"," + bytes + "," + id + "}]",
        "[{\"algorithm\": null," + bytes + "," + id + "}]",
        "[{" + algorithm + ",\"key_bytes\": \"\"," + id + "}]",
        "[{" + algorithm + ",\"key_bytes\": \"0\"," + id + "}]",
        "[{" + algorithm + ",\"key_bytes\": \"zz\"," + id + "}]",
        "[{" + algorithm + ",\"key_bytes\": \"01" + "00".repeat(31) + "\"," + id + "}]",
        "[{" + algorithm + ",\"key_bytes\": \"02" + "00".repeat(31) + "\"," + id + "}]",
        "[" + ONE_KEY + "]" + " ".repeat((2 << 20)));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void read_malformed_invalidKeySet(String json) {
    assertInvalid(() -> RootKeySet.read(json, CLOCK));
  }

  @Test
  void read_asLongAsMayBe_isRead_andNoLonger() {
    String longest = "[" + " ".repeat((2 << 20) - 2) + "]";

    assertThat(RootKeySet.read(longest, CLOCK).candidates(NO_ID)).isEmpty();
    assertInvalid(() -> RootKeySet.read(longest + " ", CLOCK)).hasMessageContaining("characters");
  }

  @Test
  void read_whatIsNoKey_saysSo() {
    assertInvalid(() -> RootKeySet.read("[7]", CLOCK)).hasMessageContaining("a key is an object");
    assertInvalid(() -> RootKeySet.read("{}", CLOCK)).hasMessageContaining("a key set is an array");
  }

  @Test
  void rootKey_issuerAsLongAsMayBe_isTaken() {
    RootKey key = new RootKey(newKey(), 1, "x".repeat(1024), null);

    assertThat(key.issuer()).hasSize(1024);
    assertThatThrownBy(() -> new RootKey(newKey(), 1, "x".repeat(1025), null))
        .hasMessageContaining("1024");
  }

  @Test
  void sets_ofTheSameKeys_areEqual_andShowThem() {
    RootKey key = RootKey.of(7, newKey());

    assertThat(set(key)).isEqualTo(set(key)).hasSameHashCodeAs(set(key));
    assertThat(set(key).hashCode()).isNotEqualTo(set(RootKey.of(8, newKey())).hashCode());
    assertThat(set(key).toString()).contains(key.publicKey().toString());
  }

  @Test
  void read_malformed_messageHasThePosition() {
    assertInvalid(() -> RootKeySet.read("[\n  " + ONE_KEY + ",\n  {\"key_id\": true}]", CLOCK))
        .hasMessageStartingWith("line 3, column 14: ");
    assertInvalid(() -> RootKeySet.read("[\n  x]", CLOCK)).hasMessageStartingWith("line 2, ");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4294967296L})
  void rootKey_idOutOfRange_invalidArgument(long keyId) {
    assertThatThrownBy(() -> RootKey.of(keyId, newKey()))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void rootKey_expiryOutOfRange_invalidArgument() {
    for (Instant moment : new Instant[] {Instant.MAX, Instant.MIN}) {
      assertThatThrownBy(() -> expiring(1, moment))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  private static AbstractThrowableAssert<?, ?> assertInvalid(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY_SET));
  }
}
