package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.testing.FullSize;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every backend gives the same answer, also for input that an attacker would try. */
@FullSize
class BackendsAgreeTest {
  private static final int CASES = FullSize.Cases.of(400, 1_500);

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void verify_mutatedEd25519_sameAnswer(long seed) {
    mutate(Algorithm.ED25519, new Random(seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void verify_mutatedP256_sameAnswer(long seed) {
    mutate(Algorithm.SECP256R1, new Random(seed));
  }

  private static void mutate(Algorithm algorithm, Random random) {
    int accepted = 0;
    for (int i = 0; i < CASES; i++) {
      PrivateKey signer = PrivateKey.of(algorithm, bytes(random, 32));
      byte[] message = bytes(random, random.nextInt(200));
      byte[] signature = signer.sign(message);
      byte[] key = signer.publicKey().bytes();
      boolean untouched = false;
      switch (random.nextInt(6)) {
        case 0 -> flip(random, key);
        case 1 -> flip(random, signature);
        case 2 -> signature = edge(algorithm, random, signature);
        case 3 -> message = Arrays.copyOf(message, message.length + 1);
        case 4 -> key = algorithm == Algorithm.ED25519 ? key : otherSign(key);
        default -> untouched = true;
      }
      PublicKey decoded = decode(algorithm, key);
      if (decoded != null && agreed(decoded, message, signature)) {
        accepted++;
      } else {
        assertThat(untouched).isFalse();
      }
    }
    assertThat(accepted).isBetween(CASES / 8, CASES / 2);
  }

  private static byte[] edge(Algorithm algorithm, Random random, byte[] signature) {
    if (algorithm == Algorithm.ED25519) {
      // S + L is congruent to S.
      BigInteger s = little(Arrays.copyOfRange(signature, 32, 64)).add(Ed25519Verification.L);
      byte[] changed = Arrays.copyOf(signature, 64);
      System.arraycopy(little(s), 0, changed, 32, 32);
      return changed;
    }
    EcdsaSignature parsed = Objects.requireNonNull(EcdsaSignature.parse(signature));
    BigInteger high = P256.N.subtract(parsed.s());
    return switch (random.nextInt(4)) {
      case 0 -> new EcdsaSignature(parsed.r(), high).toDer();
      case 1 -> new EcdsaSignature(parsed.r().add(P256.N), parsed.s()).toDer();
      case 2 -> new EcdsaSignature(parsed.r(), parsed.s().negate()).toDer();
      default -> new EcdsaSignature(parsed.s(), parsed.r()).toDer();
    };
  }

  private static byte[] otherSign(byte[] point) {
    byte[] changed = point.clone();
    changed[0] ^= 1;
    return changed;
  }

  /**
   * Keys and signatures with a part of small order, which is where verification with and without
   * cofactor differ. With A = aB + iT, R = rB + jT, T of order 8 and S = r + ka, the equation
   * without cofactor holds exactly if 8 divides j + ik.
   */
  @Test
  void verify_pointsOfMixedOrder_validExactlyWithoutCofactor() throws Exception {
    Random random = new Random(5);
    Ed25519Point torsion =
        point("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    int valid = 0;
    int cases = 400;
    for (int n = 0; n < cases; n++) {
      BigInteger a = new BigInteger(252, random);
      BigInteger r = new BigInteger(252, random);
      int i = random.nextInt(8);
      int j = random.nextInt(8);
      byte[] key = mixed(a, i, torsion);
      byte[] commitment = mixed(r, j, torsion);
      byte[] message = bytes(random, 20);
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(commitment);
      digest.update(key);
      digest.update(message);
      BigInteger k = little(digest.digest()).mod(Ed25519Verification.L);
      byte[] signature = Arrays.copyOf(commitment, 64);
      byte[] s = little(r.add(k.multiply(a)).mod(Ed25519Verification.L));
      System.arraycopy(s, 0, signature, 32, 32);

      boolean expected =
          k.multiply(BigInteger.valueOf(i))
                  .add(BigInteger.valueOf(j))
                  .mod(BigInteger.valueOf(8))
                  .signum()
              == 0;
      assertThat(agreed(PublicKey.of(Algorithm.ED25519, key), message, signature))
          .isEqualTo(expected);
      valid += expected ? 1 : 0;
    }
    assertThat(valid).isBetween(cases / 16, cases / 2);
  }

  private static byte[] mixed(BigInteger factor, int small, Ed25519Point torsion) {
    return Ed25519VerificationTest.sum(
            Ed25519VerificationTest.times(factor, Ed25519Point.base()),
            Ed25519VerificationTest.times(BigInteger.valueOf(small), torsion))
        .encode();
  }

  private static boolean agreed(PublicKey key, byte[] message, byte[] signature) {
    boolean answer = SignatureBackend.bouncyCastle().verify(key, message, signature);
    for (SignatureBackend backend : SignatureBackend.available()) {
      assertThat(backend.verify(key, message, signature))
          .as("%s: %s %s", backend, key, HexFormat.of().formatHex(signature))
          .isEqualTo(answer);
    }
    return answer;
  }

  private static @Nullable PublicKey decode(Algorithm algorithm, byte[] key) {
    try {
      return PublicKey.of(algorithm, key);
    } catch (TaperException e) {
      return null;
    }
  }

  private static void flip(Random random, byte[] bytes) {
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
  }

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Ed25519Point point(String hex) {
    return Objects.requireNonNull(Ed25519Point.decode(HexFormat.of().parseHex(hex), 0));
  }

  private static BigInteger little(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static byte[] little(BigInteger value) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(Byte.SIZE * i).byteValue();
    }
    return bytes;
  }
}
