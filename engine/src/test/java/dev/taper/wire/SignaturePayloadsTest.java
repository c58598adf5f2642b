package dev.taper.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is signed, byte for byte as the Biscuit specification has it. */
class SignaturePayloadsTest {
  private static final PublicKey ED25519 = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private static final PublicKey P256 = PrivateKey.generate(Algorithm.SECP256R1).publicKey();
  private static final String PAYLOAD = "payload";
  private static final String PREVIOUS = "previous";
  private static final String EXTERNAL = "external";

  @Test
  void block_version0_partsAlone() {
    assertThat(block(0, ED25519, null, null)).isEqualTo("payload\0\0\0\0" + key(ED25519));
    assertThat(block(0, P256, null, null)).isEqualTo("payload\1\0\0\0" + key(P256));
    assertThat(block(0, P256, PREVIOUS, EXTERNAL)).isEqualTo("payloadexternal\1\0\0\0" + key(P256));
  }

  @Test
  void block_version1_partsBehindTheirNames() {
    String common =
        "\0BLOCK\0\0VERSION\0\1\0\0\0\0PAYLOAD\0payload\0ALGORITHM\0\1\0\0\0\0NEXTKEY\0"
            + key(P256);

    assertThat(block(1, P256, null, null)).isEqualTo(common);
    assertThat(block(1, P256, PREVIOUS, null)).isEqualTo(common + "\0PREVSIG\0previous");
    assertThat(block(1, P256, PREVIOUS, EXTERNAL))
        .isEqualTo(common + "\0PREVSIG\0previous\0EXTERNALSIG\0external");
    assertThat(block(1, ED25519, null, null)).contains("\0ALGORITHM\0\0\0\0\0\0NEXTKEY\0");
  }

  @Test
  void externalAndSeal_asSpecified() {
    assertThat(text(SignaturePayloads.external(bytes(PAYLOAD), bytes(PREVIOUS))))
        .isEqualTo("\0EXTERNAL\0\0VERSION\0\1\0\0\0\0PAYLOAD\0payload\0PREVSIG\0previous");
    assertThat(text(SignaturePayloads.seal(bytes(PAYLOAD), P256, bytes("signature"))))
        .isEqualTo("payload\1\0\0\0" + key(P256) + "signature");
  }

  /** The objects that verify these bytes keep their own. */
  @Test
  void signedBlock_arraysOfTheCaller_doNotReachIt() {
    byte[] payload = bytes(PAYLOAD);
    byte[] signature = new byte[64];
    byte[] external = new byte[64];
    SignedBlock.External party = SignedBlock.External.of(external, P256);
    SignedBlock block = SignedBlock.of(payload, ED25519, signature, party, 1);
    TokenEnd.FinalSignature seal = new TokenEnd.FinalSignature(signature);
    ThirdPartyMessages.Contents contents = new ThirdPartyMessages.Contents(payload, party);

    for (byte[] array :
        new byte[][] {
          payload,
          signature,
          external,
          block.payload(),
          block.signature(),
          party.signature(),
          seal.signature(),
          contents.payload()
        }) {
      array[0] ^= 1;
    }

    assertThat(block.payload()).isEqualTo(bytes(PAYLOAD));
    assertThat(block.signature()).isEqualTo(new byte[64]);
    assertThat(party.signature()).isEqualTo(new byte[64]);
    assertThat(seal.signature()).isEqualTo(new byte[64]);
    assertThat(contents.payload()).isEqualTo(bytes(PAYLOAD));
    assertThat(block.size()).isEqualTo(block.encoded().length);
    assertThat(block.externalKey()).isEqualTo(P256);
    assertThat(block.version()).isEqualTo(1);
    assertThat(block.nextKey()).isEqualTo(ED25519);
  }

  /** A signature is of one block, behind one other, and of nothing that is changed. */
  @Test
  void isSignedBy_eachPartChanged_false() {
    PrivateKey signer = PrivateKey.generate(Algorithm.ED25519);
    SignedBlock previous = SignedBlock.of(bytes("a"), ED25519, new byte[64], null, 1);
    SignedBlock other = SignedBlock.of(bytes("a"), ED25519, new byte[65], null, 1);
    SignedBlock.External party = SignedBlock.External.of(bytes(EXTERNAL), P256);
    byte[] message =
        SignaturePayloads.block(1, bytes(PAYLOAD), ED25519, previous.signature(), bytes(EXTERNAL));
    byte[] signature = signer.sign(message);
    SignedBlock block = SignedBlock.of(bytes(PAYLOAD), ED25519, signature, party, 1);

    assertThat(block.isSignedBy(signer.publicKey(), previous)).isTrue();
    assertThat(block.isSignedBy(signer.publicKey(), other)).isFalse();
    assertThat(block.isSignedBy(signer.publicKey(), null)).isFalse();
    assertThat(block.isSignedBy(ED25519, previous)).isFalse();
    for (SignedBlock changed :
        new SignedBlock[] {
          SignedBlock.of(bytes("other"), ED25519, signature, party, 1),
          SignedBlock.of(bytes(PAYLOAD), P256, signature, party, 1),
          SignedBlock.of(bytes(PAYLOAD), ED25519, signature, null, 1),
          SignedBlock.of(bytes(PAYLOAD), ED25519, signature, party, 0)
        }) {
      assertThat(changed.isSignedBy(signer.publicKey(), previous)).isFalse();
    }
  }

  private static String block(
      int version, PublicKey key, @Nullable String previous, @Nullable String external) {
    return text(
        SignaturePayloads.block(
            version,
            bytes(PAYLOAD),
            key,
            previous == null ? null : bytes(previous),
            external == null ? null : bytes(external)));
  }

  private static String key(PublicKey key) {
    return text(key.bytes());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
