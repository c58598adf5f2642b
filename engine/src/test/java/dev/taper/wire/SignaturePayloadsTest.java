package dev.taper.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import java.util.List;
import java.util.OptionalInt;
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

  @Test
  void signedBlock_verifiedAloneOrWithOthers_isTheSame() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    byte[] signature = root.sign(SignaturePayloads.block(1, bytes(PAYLOAD), P256, null, null));
    SignedBlock good = SignedBlock.of(bytes(PAYLOAD), P256, signature, null, 1);
    SignedBlock bad = SignedBlock.of(bytes("other"), P256, signature, null, 1);
    Signatures.Batch batch = Signatures.Batch.preferred();

    assertThat(good.isSignedBy(root.publicKey(), null)).isTrue();
    assertThat(bad.isSignedBy(root.publicKey(), null)).isFalse();
    assertThat(good.verifyIn(batch, root.publicKey(), null)).isTrue();
    assertThat(batch.firstInvalid()).isEqualTo(-1);
    Signatures.Batch both = Signatures.Batch.preferred();
    assertThat(
            good.verifyIn(both, root.publicKey(), null)
                && bad.verifyIn(both, root.publicKey(), null)
                && both.firstInvalid() < 0)
        .isFalse();
    assertThat(good.verifyIn(both, root.publicKey(), null)).isFalse();
    assertThat(good.external()).isNull();
    SignedBlock.External party = SignedBlock.External.of(new byte[64], P256);
    assertThat(SignedBlock.of(bytes(PAYLOAD), P256, signature, party, 1).external())
        .isSameAs(party);
  }

  @Test
  void rawToken_sizeAndText_areThoseOfItsBytes() {
    SignedBlock block = SignedBlock.of(bytes(PAYLOAD), P256, new byte[64], null, 1);
    RawToken made = RawToken.of(OptionalInt.of(7), List.of(block), new TokenEnd.Held());
    RawToken read = RawToken.decode(made.encode(), DecodeLimits.DEFAULT);

    for (RawToken token : List.of(made, read)) {
      assertThat(token.size()).isEqualTo(made.encode().length);
      assertThat(token)
          .hasToString("RawToken(1 blocks, " + made.encode().length + " bytes, redacted)");
    }
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
