package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.TaperException;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SharedData;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownKeyTest {
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final BigInteger L = Ed25519Verification.L;
  private static final byte[] ORDER_8 =
      HexFormat.of().parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

  @Test
  @NeedsSharedData("wycheproof")
  void verify_wycheproofVectors_asPublished() throws IOException {
    JsonNode file =
        new ObjectMapper().readTree(SharedData.path("wycheproof", "ed25519_test.json").toFile());
    List<Integer> unexpected = new ArrayList<>();
    int known = 0;
    for (JsonNode group : file.required("testGroups")) {
      PublicKey key = Pem.readPublicKey(group.required("publicKeyPem").textValue());
      KnownKey table = Objects.requireNonNull(KnownKey.of(key));
      for (JsonNode vector : group.required("tests")) {
        known++;
        boolean valid = vector.required("result").textValue().equals("valid");
        if (verify(key, table, hex(vector, "msg"), hex(vector, "sig")) != valid) {
          unexpected.add(vector.required("tcId").intValue());
        }
      }
    }

    assertThat(unexpected).isEmpty();
    assertThat(known).isEqualTo(file.required("numberOfTests").intValue());
  }

  @Test
  @NeedsSharedData("ed25519-speccheck")
  void verify_speccheckCases_onlyNumberThree() throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(SharedData.path("ed25519-speccheck", "cases.json").toFile());
    List<Integer> accepted = new ArrayList<>();
    int known = 0;
    for (int i = 0; i < cases.size(); i++) {
      PublicKey key = key(hex(cases.get(i), "pub_key"));
      KnownKey table = key == null ? null : KnownKey.of(key);
      if (key != null && table != null) {
        known++;
        if (verify(key, table, hex(cases.get(i), "message"), hex(cases.get(i), "signature"))) {
          accepted.add(i);
        }
      }
    }

    assertThat(accepted).containsExactly(3);
    assertThat(known).isBetween(4, 11);
  }

  private static boolean verify(PublicKey key, KnownKey table, byte[] message, byte[] signature) {
    return SignatureBackend.isAcceptable(key, signature) && table.verify(message, signature);
  }

  private static @Nullable PublicKey key(byte[] bytes) {
    try {
      return PublicKey.of(Algorithm.ED25519, bytes);
    } catch (TaperException e) {
      return null;
    }
  }

  private static byte[] hex(JsonNode node, String name) {
    return HexFormat.of().parseHex(node.required(name).textValue());
  }

  @Test
  void of_notAPointOrNotEd25519_none() {
    byte[] noPoint = new byte[32];
    noPoint[0] = 2;
    assertThat(Ed25519Point.decode(noPoint, 0)).isNull();

    assertThat(KnownKey.of(PublicKey.of(Algorithm.ED25519, noPoint))).isNull();
    assertThat(KnownKey.of(PrivateKey.generate(Algorithm.SECP256R1).publicKey())).isNull();
  }

  /**
   * Keys that are multiples of the base point, with and without a part of small order, so that the
   * sum meets the same point again, its opposite and the neutral one; and every S that is an edge.
   */
  @Test
  void verify_keysThatAreMultiplesOfTheBase_asWithoutTable() {
    Ed25519Point torsion = Objects.requireNonNull(Ed25519Point.decode(ORDER_8, 0));
    int valid = 0;
    for (int a : new int[] {1, -1, 2, -2, 8, 32, 128, -128}) {
      for (int small = 0; small < 8; small++) {
        BigInteger secret = BigInteger.valueOf(a).mod(L);
        byte[] encoded = point(secret, small, torsion);
        PublicKey key = PublicKey.of(Algorithm.ED25519, encoded);
        KnownKey table = Objects.requireNonNull(KnownKey.of(key));
        Ed25519Verification plain = Objects.requireNonNull(Ed25519Verification.of(encoded));
        for (int r : new int[] {0, 1, -1, 2, 128, 256}) {
          for (int smallR = 0; smallR < 8; smallR++) {
            byte[] signature = new byte[64];
            System.arraycopy(
                point(BigInteger.valueOf(r).mod(L), smallR, torsion), 0, signature, 0, 32);
            BigInteger k = little(Sha512.challenge(signature, encoded, MESSAGE)).mod(L);
            BigInteger s = k.multiply(secret).add(BigInteger.valueOf(r)).mod(L);
            for (BigInteger other : List.of(s, s.negate().mod(L), k, BigInteger.ZERO)) {
              write(other, signature);
              boolean form = SignatureBackend.isAcceptable(key, signature);
              assertThat(form).isEqualTo(r != 0);
              boolean expected = plain.verify(MESSAGE, signature);
              assertThat(table.verify(MESSAGE, signature))
                  .as("%s B + %s T, R = %s B + %s T", a, small, r, smallR)
                  .isEqualTo(expected);
              valid += expected ? 1 : 0;
            }
          }
        }
      }
    }
    assertThat(valid).isGreaterThan(300);
  }

  private static byte[] point(BigInteger factor, int small, Ed25519Point torsion) {
    return Ed25519VerificationTest.sum(
            Ed25519VerificationTest.times(factor, Ed25519Point.base()),
            Ed25519VerificationTest.times(BigInteger.valueOf(small), torsion))
        .encode();
  }

  private static BigInteger little(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static void write(BigInteger s, byte[] signature) {
    for (int i = 0; i < 32; i++) {
      signature[32 + i] = s.shiftRight(Byte.SIZE * i).byteValue();
    }
  }

  @Test
  void bytes_ofATableAndOfTheBase_asDocumented() {
    assertThat(KnownKey.bytes()).isEqualTo(84_480);
    assertThat(KnownKey.sharedBytes()).isEqualTo(491_520);
  }

  /** Which of a few signatures is the bad one, in every place and number. */
  @Test
  void firstInvalid_anyOfThemInvalid_thatOne() {
    for (int count = 0; count <= KnownSignatures.MAX; count++) {
      for (int bad = 0; bad < 1 << count; bad++) {
        KnownSignatures some = new KnownSignatures();
        for (int i = 0; i < count; i++) {
          PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
          byte[] signature = key.sign(MESSAGE);
          byte[] message = (bad >> i & 1) == 0 ? MESSAGE : Arrays.copyOf(MESSAGE, 4);
          some.add(Objects.requireNonNull(KnownKey.of(key.publicKey())), message, signature);
          assertThat(some.count()).isEqualTo(i + 1);
        }

        assertThat(some.firstInvalid())
            .isEqualTo(bad == 0 ? -1 : Integer.numberOfTrailingZeros(bad));
        assertThat(some.count()).isZero();
        assertThat(some.firstInvalid()).as("nothing is left").isEqualTo(-1);
      }
    }
  }
}
