package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class AccpDerivationTest {
  private static final String ONLY_LINUX =
      "the native provider among the test dependencies is for Linux on x86-64 only";

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = ONLY_LINUX)
  void derive_randomSecrets_asBouncyCastle() throws Exception {
    AccpDerivation derivation = Objects.requireNonNull(AccpDerivation.of(accp()));
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] secret = new byte[Algorithm.SECRET_BYTES];
      random.nextBytes(secret);

      assertThat(derivation.derive(pkcs8(secret)))
          .isEqualTo(SignatureBackend.bouncyCastle().derive(Algorithm.ED25519, secret).bytes());
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = ONLY_LINUX)
  void derive_notASecret_none() throws Exception {
    AccpDerivation derivation = Objects.requireNonNull(AccpDerivation.of(accp()));

    assertThat(derivation.derive(new byte[48])).isNull();
    assertThat(derivation.derive(pkcs8(new byte[31]))).isNull();
  }

  @Test
  void of_providerWithoutTheFactory_none() {
    Provider other = Objects.requireNonNull(Security.getProvider("SUN"));

    assertThat(AccpDerivation.of(other)).isNull();
  }

  private static Provider accp() throws ReflectiveOperationException {
    return Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
        .asSubclass(Provider.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  private static byte[] pkcs8(byte[] secret) {
    byte[] prefix = Spki.ED25519_SECRET_PREFIX;
    byte[] encoded = new byte[prefix.length + secret.length];
    System.arraycopy(prefix, 0, encoded, 0, prefix.length);
    System.arraycopy(secret, 0, encoded, prefix.length, secret.length);
    return encoded;
  }
}
