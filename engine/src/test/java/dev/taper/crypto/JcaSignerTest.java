package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signs with keys that a provider of the platform keeps. */
class JcaSignerTest {
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

  private static KeyPair pair(Algorithm algorithm) throws GeneralSecurityException {
    if (algorithm == Algorithm.ED25519) {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }
    return curve("secp256r1");
  }

  private static KeyPair curve(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sign_platformKey_verifies(Algorithm algorithm) throws GeneralSecurityException {
    JcaSigner signer = JcaSigner.of(pair(algorithm));

    assertThat(signer.publicKey().algorithm()).isEqualTo(algorithm);
    assertThat(signer.publicKey().verify(MESSAGE, signer.sign(MESSAGE))).isTrue();
    assertThat(signer).hasToString("JcaSigner(of " + signer.publicKey() + ")");
  }

  /** Half of all ECDSA signatures have the larger s. */
  @Test
  void sign_p256_alwaysGivesTheLowForm() throws GeneralSecurityException {
    JcaSigner signer = JcaSigner.of(pair(Algorithm.SECP256R1));

    for (int i = 0; i < 40; i++) {
      byte[] signature = signer.sign(new byte[] {(byte) i});

      assertThat(Signatures.isWellFormed(Algorithm.SECP256R1, signature)).isTrue();
      assertThat(Signatures.revocationKey(Algorithm.SECP256R1, signature)).isEqualTo(signature);
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sign_otherPublicHalf_fails(Algorithm algorithm) throws GeneralSecurityException {
    JcaSigner signer = JcaSigner.of(pair(algorithm).getPrivate(), pair(algorithm).getPublic());

    Refused.with(
        ErrorCode.SIGNING_FAILED, "is not by " + signer.publicKey(), () -> signer.sign(MESSAGE));
  }

  @Test
  void sign_keyOfAnotherAlgorithm_fails() throws GeneralSecurityException {
    JcaSigner signer =
        JcaSigner.of(pair(Algorithm.ED25519).getPrivate(), pair(Algorithm.SECP256R1).getPublic());

    Refused.with(
        ErrorCode.SIGNING_FAILED, "no provider signs SHA256withECDSA", () -> signer.sign(MESSAGE));
  }

  @Test
  void provider_named_signsAlone() throws GeneralSecurityException {
    JcaSigner signer = JcaSigner.of(pair(Algorithm.ED25519));

    assertThat(signer.provider(Security.getProvider("SunEC")).sign(MESSAGE))
        .isEqualTo(signer.sign(MESSAGE));
    JcaSigner without = signer.provider(Security.getProvider("SunJSSE"));
    Refused.with(ErrorCode.SIGNING_FAILED, "the provider cannot sign", () -> without.sign(MESSAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp384r1", "secp521r1"})
  void of_otherCurve_isRefused(String name) throws GeneralSecurityException {
    KeyPair pair = curve(name);

    Refused.with(ErrorCode.INVALID_KEY, "neither for Ed25519", () -> JcaSigner.of(pair));
  }

  @Test
  void of_publicKeyWithoutEncoding_isRefused() throws GeneralSecurityException {
    KeyPair pair = pair(Algorithm.ED25519);

    Refused.with(
        ErrorCode.INVALID_KEY,
        "no X.509 encoding",
        () -> JcaSigner.of(pair.getPrivate(), new Opaque()));
  }

  /** A public key that a device does not let out. */
  private static final class Opaque implements java.security.PublicKey {
    private static final long serialVersionUID = 1L;

    @Override
    public String getAlgorithm() {
      return "Ed25519";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    @SuppressWarnings("NullAway") // as the platform says that keys may do
    public byte[] getEncoded() {
      return null;
    }
  }
}
