package dev.taper.revocation;

import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is revoked has one name, which issuers and verifiers work out alike. */
class FingerprintTest {
  private final PublicKey edwards = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final PublicKey p256 = PrivateKey.generate(Algorithm.SECP256R1).publicKey();

  /** The digest as docs/revocation.md has it: a tag, the kind, the value. */
  private static String named(int kind, byte[]... value) {
    byte[] tag = "\0TAPER\0REVOKED\0".getBytes(StandardCharsets.US_ASCII);
    byte[] digest = Digests.sha256(Lists.join(tag, new byte[] {(byte) kind}, Lists.join(value)));
    return HexFormat.of().formatHex(digest, 0, Fingerprint.BYTES);
  }

  private static byte[] key(int algorithm, PublicKey key) {
    return Lists.join(new byte[] {(byte) algorithm}, key.bytes());
  }

  @Test
  void of_everyKind_isTheDigestOfTagKindAndValue() {
    byte[] signature = {1, 2, 3};
    String id = "00112233445566778899aabbccddeeff";
    byte[] task = "T-ü".getBytes(StandardCharsets.UTF_8);
    Map<Fingerprint, String> expected = new LinkedHashMap<>();
    expected.put(Fingerprint.ofBlock(signature), named(1, signature));
    expected.put(Fingerprint.ofTask("T-ü"), named(2, task));
    expected.put(Fingerprint.ofHolder(edwards), named(3, key(0, edwards)));
    expected.put(Fingerprint.ofHolder(p256), named(3, key(1, p256)));
    expected.put(Fingerprint.ofDelegator("T-ü"), named(4, task));
    expected.put(Fingerprint.ofRoot(p256), named(5, key(1, p256)));
    expected.put(
        Fingerprint.ofApproval(p256, id), named(6, key(1, p256), HexFormat.of().parseHex(id)));
    expected.put(Fingerprint.ofLastHolder(edwards), named(7, key(0, edwards)));

    assertThat(expected).hasSize(8);
    expected.forEach(
        (fingerprint, hex) -> {
          assertThat(fingerprint).hasToString(hex);
          assertThat(Fingerprint.parse(hex)).isEqualTo(fingerprint).hasSameHashCodeAs(fingerprint);
        });
  }

  @Test
  void parse_extremes_areReadBackTheSame() {
    for (long high : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (long low : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        Fingerprint fingerprint = new Fingerprint(high, low);

        assertThat(Fingerprint.parse(fingerprint.toString())).isEqualTo(fingerprint);
        assertThat(fingerprint)
            .isNotEqualTo(new Fingerprint(high, low + 1))
            .isNotEqualTo(new Fingerprint(high + 1, low))
            .isNotEqualTo(fingerprint.toString());
      }
    }
  }

  @Test
  void compareTo_anyTwo_isTheOrderOfTheirDigits() {
    List<String> digits =
        List.of(
            "00000000000000000000000000000000",
            "00000000000000000000000000000001",
            "0000000000000000ffffffffffffffff",
            "00000000000000010000000000000000",
            "7fffffffffffffff8000000000000000",
            "80000000000000000000000000000000",
            "ffffffffffffffff0000000000000000");

    for (String one : digits) {
      for (String other : digits) {
        assertThat(Integer.signum(Fingerprint.parse(one).compareTo(Fingerprint.parse(other))))
            .isEqualTo(Integer.signum(one.compareTo(other)));
      }
    }
  }

  @Test
  void parse_anythingElse_isRefused() {
    String good = "00112233445566778899aabbccddeeff";
    for (String bad :
        Arrays.asList("", good + "0", good.substring(1), "+" + good.substring(1), "AA" + good)) {
      refused(() -> Fingerprint.parse(bad), ErrorCode.INVALID_ARGUMENT);
      refused(() -> Fingerprint.ofApproval(p256, bad), ErrorCode.INVALID_ARGUMENT);
    }
  }
}
