package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.SmallReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
  private static final long NOW = 1_772_366_400_000L; // 2026-03-01T12:00:00Z
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final byte[] STATE = {1, 2, 3, 4};

  /** Where the signature of a proof of form 1 begins: behind header, nonce and seven hints. */
  private static final int SIGNATURE = 3 + 8 + 16 + 7 * 4;

  private static final String AUDIENCE = "svc:jira";
  private static final ToolCall CALL =
      ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/12").arg("limit", 50);

  private final SettableClock clock = new SettableClock(Instant.ofEpochMilli(NOW));
  private final AcceptedProofs cache = accepted(AcceptedProofs.Window.DEFAULT, 100);

  private AcceptedProofs accepted(AcceptedProofs.Window window, int capacity) {
    return AcceptedProofs.of(window, SmallReplayMemory.of(capacity), clock);
  }

  @ParameterizedTest
  @EnumSource
  void check_sameTokenAudienceAndCall_isAccepted(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);

    Proof received = Proof.decode(proof.encodeBase64());

    assertThat(received).isEqualTo(proof).hasSameHashCodeAs(proof);
    assertThat(received.algorithm()).isEqualTo(algorithm);
    assertThat(received.issuedAt()).isEqualTo(clock.instant());
    assertThat(received.nonce()).hasSize(Proof.NONCE_BYTES);
    use(received, key.publicKey(), STATE, AUDIENCE, CALL, cache);
    assertThat(cache.fill().size()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void check_anotherKeyOrToken_isAMismatch(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);
    PublicKey holder = key.publicKey();
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);

    mismatch(proof, PrivateKey.generate(algorithm).publicKey(), STATE, AUDIENCE, CALL);
    mismatch(proof, otherAlgorithm(algorithm), STATE, AUDIENCE, CALL);
    mismatch(proof, holder, new byte[] {1, 2, 3, 5}, AUDIENCE, CALL);
    mismatch(proof, holder, new byte[] {1, 2, 3}, AUDIENCE, CALL);
    mismatch(proof, holder, new byte[] {1, 2, 3, 4, 0}, AUDIENCE, CALL);
    assertThat(cache.fill().size()).isZero();
    use(proof, holder, STATE, AUDIENCE, CALL, cache); // no failure spent the nonce
  }

  @Test
  void check_anotherAudienceOrCall_isAnotherRequest() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    PublicKey holder = key.publicKey();
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);

    for (String audience : new String[] {"svc:wiki", "svc:jir", "svc:Jira"}) {
      Refused.with(
          ErrorCode.REQUEST_MISMATCH, () -> use(proof, holder, STATE, audience, CALL, cache));
    }
    for (ToolCall other : otherCalls()) {
      Refused.with(
          ErrorCode.REQUEST_MISMATCH, () -> use(proof, holder, STATE, AUDIENCE, other, cache));
    }
    assertThat(cache.fill().size()).isZero();
    use(proof, holder, STATE, AUDIENCE, CALL, cache);
  }

  private static ToolCall[] otherCalls() {
    ToolCall base = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/12");
    return new ToolCall[] {
      ToolCall.of("jira.delete").operation("read").on("jira:project/ACME/Q3/12").arg("limit", 50),
      CALL.operation("write"),
      CALL.on("jira:project/ACME/Q3/13"),
      ToolCall.of("jira.search").on("jira:project/ACME/Q3/12").arg("limit", 50),
      ToolCall.of("jira.search").operation("read").arg("limit", 50),
      base,
      base.arg("limit", 51),
      base.arg("limit", "50"),
      base.argJson("limit", "[50]"),
      base.argJson("limit", "null"),
      base.arg("Limit", 50),
      CALL.arg("more", 1),
    };
  }

  @Test
  void check_everyBitOfTheProof_matters() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] good = made(key, STATE, AUDIENCE, CALL, clock).encode();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> use(Proof.decode(bad), key.publicKey(), STATE, AUDIENCE, CALL, cache))
          .isInstanceOf(dev.taper.TaperException.class);
    }
    assertThat(cache.fill().size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, ACCEPTED",
    "60000, ACCEPTED",
    "60001, HOLDER_PROOF_EXPIRED",
    "-30000, ACCEPTED",
    "-30001, HOLDER_PROOF_NOT_YET_VALID",
    "86400000, HOLDER_PROOF_EXPIRED",
    "-86400000, HOLDER_PROOF_NOT_YET_VALID"
  })
  void check_defaultWindow_holdsBothEdges(long age, String outcome) {
    checkAge(accepted(AcceptedProofs.Window.DEFAULT, 100), age, outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "5000, ACCEPTED",
    "5001, HOLDER_PROOF_EXPIRED",
    "-250, ACCEPTED",
    "-251, HOLDER_PROOF_NOT_YET_VALID"
  })
  void check_windowOfOnesOwn_holdsBothEdges(long age, String outcome) {
    AcceptedProofs.Window window =
        new AcceptedProofs.Window(Duration.ofSeconds(5), Duration.ofMillis(250));
    checkAge(accepted(window, 10), age, outcome);
  }

  @ParameterizedTest
  @CsvSource({"0, ACCEPTED", "1, HOLDER_PROOF_EXPIRED", "-1, HOLDER_PROOF_NOT_YET_VALID"})
  void check_emptyWindow_isOneMillisecond(long age, String outcome) {
    AcceptedProofs.Window window = new AcceptedProofs.Window(Duration.ZERO, Duration.ZERO);
    checkAge(accepted(window, 10), age, outcome);
  }

  private void checkAge(AcceptedProofs replay, long age, String outcome) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);
    clock.set(Instant.ofEpochMilli(NOW + age));
    if (outcome.equals("ACCEPTED")) {
      use(proof, key.publicKey(), STATE, AUDIENCE, CALL, replay);
      Refused.with(
          ErrorCode.HOLDER_PROOF_REPLAYED,
          () -> use(proof, key.publicKey(), STATE, AUDIENCE, CALL, replay));
    } else {
      Refused.with(
          ErrorCode.valueOf(outcome),
          () -> use(proof, key.publicKey(), STATE, AUDIENCE, CALL, replay));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
  void check_clockBeforeTheEpoch_refusesAllThatIsLater(long time) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] bytes = made(key, STATE, AUDIENCE, CALL, clock).encode();
    Arrays.fill(bytes, 3, 11, (byte) 0xff);
    bytes[3] = 0x7f;
    clock.set(Instant.ofEpochMilli(time));
    Refused.with(
        ErrorCode.HOLDER_PROOF_NOT_YET_VALID,
        () -> use(Proof.decode(bytes), key.publicKey(), STATE, AUDIENCE, CALL, cache));
  }

  @Test
  void make_twice_usesAnotherNonce() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Proof one = made(key, STATE, AUDIENCE, CALL, clock);
    Proof other = made(key, STATE, AUDIENCE, CALL, clock);
    assertThat(one.nonce()).isNotEqualTo(other.nonce());
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void make_atTheEpoch_isAProofOfThen() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    clock.set(Instant.EPOCH);
    Proof proof = Proof.decode(made(key, STATE, AUDIENCE, CALL, clock).encode());

    assertThat(proof.issuedAt()).isEqualTo(Instant.EPOCH);
    use(proof, key.publicKey(), STATE, AUDIENCE, CALL, cache);
  }

  @Test
  void make_impossibleInput_isRefused() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> made(key, new byte[0], AUDIENCE, CALL, clock));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> made(key, STATE, "", CALL, clock));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> made(key, STATE, AUDIENCE, CALL, new SettableClock(Instant.ofEpochMilli(-1))));
    Refused.with(
        ErrorCode.SIGNING_FAILED,
        () -> made(new BrokenSigner(key.publicKey()), STATE, AUDIENCE, CALL, clock));
  }

  @ParameterizedTest
  @EnumSource
  void decode_wrongLength_isRefused(Algorithm algorithm) {
    byte[] good = made(PrivateKey.generate(algorithm), STATE, AUDIENCE, CALL, clock).encode();
    int shortest = algorithm == Algorithm.ED25519 ? good.length : SIGNATURE + 8;
    for (int length = 0; length < shortest; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, () -> Proof.decode(cut));
    }
    for (int more : new int[] {1, 9, 64, 10_000}) {
      int length = Math.max(good.length, SIGNATURE + 72) + more;
      Refused.with(
          ErrorCode.MALFORMED_HOLDER_PROOF, () -> Proof.decode(Arrays.copyOf(good, length)));
    }
  }

  @Test
  void decode_bytesBehindADerSignature_verifyNothing() {
    PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
    byte[] good = made(key, STATE, AUDIENCE, CALL, clock).encode();
    for (int length = SIGNATURE + 8; length <= SIGNATURE + 72; length++) {
      if (length == good.length) {
        continue;
      }
      Proof proof = Proof.decode(Arrays.copyOf(good, length));
      mismatch(proof, key.publicKey(), STATE, AUDIENCE, CALL);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "0, 1", "0, 3", "0, 255", "1, 0", "1, 5", "1, 255", "2, 2", "2, 255", "3, 128", "3, 255"
  })
  void decode_unknownHeader_isRefused(int index, int value) {
    byte[] bytes =
        made(PrivateKey.generate(Algorithm.ED25519), STATE, AUDIENCE, CALL, clock).encode();
    bytes[index] = (byte) value;
    Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, () -> Proof.decode(bytes));
  }

  @Test
  void check_wrongAlgorithmByte_isAMismatch() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] bytes = made(key, STATE, AUDIENCE, CALL, clock).encode();
    bytes[2] = 1;
    mismatch(Proof.decode(bytes), key.publicKey(), STATE, AUDIENCE, CALL);
    mismatch(Proof.decode(bytes), otherAlgorithm(Algorithm.ED25519), STATE, AUDIENCE, CALL);
  }

  @Test
  void decode_otherSpellingsOfTheText_areRefused() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] nonce = new byte[16];
    String text;
    byte[] bytes;
    do { // a proof whose text shows what sets the alphabets apart
      nonce[0]++;
      Proof proof = made(key, STATE, AUDIENCE, CALL, clock, nonce);
      bytes = proof.encode();
      text = proof.encodeBase64();
    } while (text.indexOf('-') < 0 && text.indexOf('_') < 0);
    assertThat(Proof.decode(text).encode()).isEqualTo(bytes);

    String standard = Base64.getEncoder().encodeToString(bytes);
    String[] others = {
      "",
      "=",
      text + "=",
      text + "==",
      text + "A",
      text + "AAAA",
      " " + text,
      text + "\n",
      text.substring(1),
      text.substring(0, text.length() - 1),
      standard,
      text.substring(0, 60) + "\n" + text.substring(60),
      text.substring(0, 60) + "=" + text.substring(61),
      text.substring(0, 60) + "\u00e9" + text.substring(61),
      "A".repeat(100_000),
    };
    for (String other : others) {
      Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, () -> Proof.decode(other));
    }
  }

  /** Only lengths that do not fill the last character leave bits that a decoder may overlook. */
  @Test
  void decode_strayBits_areRefused() {
    PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int tried = 0;
    while (tried < 10) {
      String text = made(key, STATE, AUDIENCE, CALL, clock).encodeBase64();
      if (text.length() % 4 == 0) {
        continue;
      }
      int last = alphabet.indexOf(text.charAt(text.length() - 1));
      String stray = text.substring(0, text.length() - 1) + alphabet.charAt(last + 1);
      assertThat(Base64.getUrlDecoder().decode(stray))
          .isEqualTo(Base64.getUrlDecoder().decode(text));
      Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, () -> Proof.decode(stray));
      tried++;
    }
  }

  @Test
  void check_otherEcdsaSignatureOfTheSameProof_isAReplay() {
    PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);
    Proof twin = Proof.decode(withOtherS(proof.encode()));
    assertThat(twin).isNotEqualTo(proof);

    use(proof, key.publicKey(), STATE, AUDIENCE, CALL, cache);
    Refused.with(
        ErrorCode.HOLDER_PROOF_REPLAYED,
        () -> use(twin, key.publicKey(), STATE, AUDIENCE, CALL, cache));
    use(twin, key.publicKey(), STATE, AUDIENCE, CALL, accepted(AcceptedProofs.Window.DEFAULT, 100));
  }

  @Test
  void checkPrepared_onlyWithTheDigestOfTheState() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);
    Audience audience = Audience.of(AUDIENCE);
    byte[] digest = Digests.sha256(STATE);
    byte[] other = digest.clone();
    other[31] ^= 1;

    for (byte[] bad : new byte[][] {{}, STATE, Arrays.copyOf(digest, 31)}) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          () -> proof.check(key.publicKey(), subject(bad, audience), cache));
    }
    Refused.with(
        ErrorCode.HOLDER_PROOF_MISMATCH,
        () -> proof.check(key.publicKey(), subject(other, audience), cache));
    proof.check(key.publicKey(), subject(digest, audience), cache).claim(SHARE);
  }

  @Test
  void check_forgedProofs_neitherFillTheCacheNorSpendNonces() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey thief = PrivateKey.generate(Algorithm.ED25519);
    AcceptedProofs small = accepted(AcceptedProofs.Window.DEFAULT, 1);
    Proof proof = made(key, STATE, AUDIENCE, CALL, clock);
    for (int i = 0; i < 10; i++) {
      Proof forged = made(thief, STATE, AUDIENCE, CALL, clock, proof.nonce());
      Refused.with(
          ErrorCode.HOLDER_PROOF_MISMATCH,
          () -> use(forged, key.publicKey(), STATE, AUDIENCE, CALL, small));
    }
    use(proof, key.publicKey(), STATE, AUDIENCE, CALL, small);
  }

  @Test
  void toString_proof_showsNoSignature() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    assertThat(made(key, STATE, AUDIENCE, CALL, clock))
        .hasToString("Proof(TOOL, ed25519, 2026-03-01T12:00:00Z)");
  }

  private static Proof.Subject subject(byte[] stateDigest, Audience audience) {
    return new Proof.Subject(stateDigest, audience, SentApprovals.NONE, CALL.sent());
  }

  private static Proof made(
      Signer key, byte[] state, String audience, ToolCall call, java.time.Clock clock) {
    return Proof.make(key, state, audience, SentApprovals.NONE, call.sent(), clock);
  }

  private static Proof made(
      Signer key,
      byte[] state,
      String audience,
      ToolCall call,
      java.time.Clock clock,
      byte[] nonce) {
    Proof.Subject subject =
        Proof.Subject.of(state, Audience.of(audience), SentApprovals.NONE, call.sent());
    return Proof.make(key, subject, clock, nonce);
  }

  /** Checks a proof, and claims it. */
  private static void use(
      Proof proof,
      PublicKey holder,
      byte[] state,
      String audience,
      ToolCall call,
      AcceptedProofs memory) {
    Proof.Subject subject =
        Proof.Subject.of(state, Audience.of(audience), SentApprovals.NONE, call.sent());
    proof.check(holder, subject, memory).claim(SHARE);
  }

  private void mismatch(
      Proof proof, PublicKey holder, byte[] state, String audience, ToolCall call) {
    Refused.with(
        ErrorCode.HOLDER_PROOF_MISMATCH, () -> use(proof, holder, state, audience, call, cache));
  }

  private static PublicKey otherAlgorithm(Algorithm algorithm) {
    Algorithm other = algorithm == Algorithm.ED25519 ? Algorithm.SECP256R1 : Algorithm.ED25519;
    return PrivateKey.generate(other).publicKey();
  }

  private static byte[] concat(byte[]... parts) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Puts n − s in the place of s, in DER. */
  private static byte[] withOtherS(byte[] proof) {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    int der = SIGNATURE;
    int rLength = proof[der + 3];
    int sStart = der + 4 + rLength + 2;
    byte[] r = Arrays.copyOfRange(proof, der + 2, der + 4 + rLength);
    byte[] s =
        order
            .subtract(new BigInteger(Arrays.copyOfRange(proof, sStart, proof.length)))
            .toByteArray();
    byte[] sequence = {0x30, (byte) (r.length + 2 + s.length)};
    return concat(Arrays.copyOf(proof, der), sequence, r, new byte[] {0x02, (byte) s.length}, s);
  }

  private record BrokenSigner(PublicKey publicKey) implements Signer {
    @Override
    public byte[] sign(byte[] message) {
      return new byte[63];
    }
  }
}
