package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestsTest {
  // FIPS 180-4's examples.
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void sha256_knownText_knownDigest() {
    assertThat(hex(Digests.sha256(bytes("abc")))).isEqualTo(OF_ABC);
    assertThat(hex(Digests.sha256(bytes("")))).isEqualTo(OF_NOTHING);
    assertThat(hex(Digests.sha256().digest(bytes("abc")))).isEqualTo(OF_ABC);
  }

  @Test
  void sha256_tagAndBytes_oneBehindTheOther() {
    assertThat(hex(Digests.sha256(bytes("a"), bytes("bc")))).isEqualTo(OF_ABC);
    assertThat(hex(Digests.sha256(bytes("abc"), bytes("")))).isEqualTo(OF_ABC);
  }

  @Test
  void sha256Hex_knownText_knownDigest() {
    assertThat(Digests.sha256Hex("abc")).isEqualTo(OF_ABC);
  }

  /** The tag, then each text with its length in bytes before it. */
  @Test
  void ofTexts_texts_areDigestedWithTheirLengths() {
    byte[] whole = {'t', 0, 0, 0, 2, (byte) 0xc3, (byte) 0xa9, 0, 0, 0, 0, 0, 0, 0, 1, 'b'};

    assertThat(Digests.ofTexts(bytes("t"), List.of("\u00e9", "", "b")))
        .isEqualTo(Digests.sha256(whole));
  }

  /** What is left of a call that failed is not in the next one's digest. */
  @Test
  @SuppressWarnings("NullAway") // nothing to digest
  void sha256_afterAFailure_rightDigest() {
    assertThatNullPointerException().isThrownBy(() -> Digests.sha256(bytes("x"), null));

    assertThat(hex(Digests.sha256(bytes("abc")))).isEqualTo(OF_ABC);
  }

  @Test
  @SuppressWarnings("NullAway") // nothing to digest
  void challenge_afterAFailure_rightDigest() {
    byte[] signature = bytes("s".repeat(64));
    byte[] key = bytes("k".repeat(32));
    byte[] before = Sha512.challenge(signature, key, bytes("abc"));

    assertThatNullPointerException().isThrownBy(() -> Sha512.challenge(signature, key, null));

    assertThat(Sha512.challenge(signature, key, bytes("abc"))).isEqualTo(before);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
