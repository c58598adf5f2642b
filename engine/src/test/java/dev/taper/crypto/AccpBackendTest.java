package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.Objects;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a library that answers wrongly; Bouncy Castle's provider stands below each. */
class AccpBackendTest {
  private static final String ED25519 = "Ed25519";
  private static final String P256 = "SHA256withECDSA";

  /** How a library answers when it is asked whether a signature is right. */
  private enum Answers {
    RIGHT,
    YES,
    NO,
    THROWS_FOR_NO,
    THROWS
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = "amd64",
      disabledReason =
          "the native provider among the test dependencies is for Linux on x86-64 only")
  void load_linuxOnX8664_isThere() {
    AccpBackend backend = Objects.requireNonNull(AccpBackend.load());

    assertThat(backend.name()).isEqualTo("accp");
  }

  /** A file of names, or a list, is longer than what the library takes for Ed25519. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 20, (1 << 20) + 1, 3 << 20})
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = "amd64",
      disabledReason =
          "the native provider among the test dependencies is for Linux on x86-64 only")
  void signAndVerify_longMessage_areRight(int length) {
    AccpBackend backend = Objects.requireNonNull(AccpBackend.load());
    byte[] message = new byte[length];
    for (Algorithm each : Algorithm.values()) {
      byte[] secret = new byte[32];
      secret[31] = 7;
      dev.taper.crypto.PublicKey key = backend.derive(each, secret);
      byte[] signature = backend.sign(key, secret, message);

      assertThat(SignatureBackend.bouncyCastle().verify(key, message, signature)).isTrue();
      assertThat(backend.verify(key, message, signature)).isTrue();
      message[length - 1]++;
      assertThat(backend.verify(key, message, signature)).isFalse();
    }
  }

  @Test
  void of_rightAnswers_isUsed() throws Exception {
    assertThat(AccpBackend.of(provider(ED25519, Answers.RIGHT))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    ED25519 + ",YES", ED25519 + ",NO", ED25519 + ",THROWS",
    P256 + ",YES", P256 + ",NO", P256 + ",THROWS"
  })
  void of_wrongAnswers_isNotUsed(String algorithm, Answers answers) throws Exception {
    assertThat(AccpBackend.of(provider(algorithm, answers))).isNull();
  }

  /** Some libraries throw where they should say no. */
  @ParameterizedTest
  @ValueSource(strings = {ED25519, P256})
  void verify_throwsForWrongSignatures_saysNo(String algorithm) throws Exception {
    AccpBackend backend =
        Objects.requireNonNull(AccpBackend.of(provider(algorithm, Answers.THROWS_FOR_NO)));

    for (Algorithm each : Algorithm.values()) {
      PrivateKey key = PrivateKey.generate(each);
      byte[] signature = key.sign(new byte[] {1});

      assertThat(backend.verify(key.publicKey(), new byte[] {1}, signature)).isTrue();
      assertThat(backend.verify(key.publicKey(), new byte[] {2}, signature)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void derive_providerThatShowsNoPublicHalf_sameKey(Algorithm algorithm) throws Exception {
    AccpBackend backend = Objects.requireNonNull(AccpBackend.of(provider(ED25519, Answers.RIGHT)));
    PrivateKey key = PrivateKey.generate(algorithm);

    assertThat(backend.derive(algorithm, key.secret().exposeCopy())).isEqualTo(key.publicKey());
  }

  private static Provider provider(String algorithm, Answers answers) {
    return new Altered(new BouncyCastleProvider(), algorithm, answers);
  }

  /** A provider of which one algorithm verifies otherwise. */
  private static final class Altered extends Provider {
    private static final long serialVersionUID = 1;

    private final transient Provider base;
    private final String altered;
    private final Answers answers;

    Altered(Provider base, String altered, Answers answers) {
      super("Altered", "1", "answers otherwise");
      this.base = base;
      this.altered = altered;
      this.answers = answers;
    }

    @Override
    public Service getService(String type, String algorithm) {
      if (!type.equals("Signature")) {
        return base.getService(type, algorithm);
      }
      Answers these = algorithm.equals(altered) ? answers : Answers.RIGHT;
      return new Service(this, type, algorithm, Verifier.class.getName(), null, null) {
        @Override
        public Object newInstance(Object parameter) {
          return new Verifier(base, algorithm, these);
        }
      };
    }
  }

  private static final class Verifier extends SignatureSpi {
    private final Signature right;
    private final Answers answers;

    Verifier(Provider base, String algorithm, Answers answers) {
      try {
        this.right = Signature.getInstance(algorithm, base);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
      this.answers = answers;
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      right.initVerify(key);
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
      right.update(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) throws SignatureException {
      right.update(bytes, from, length);
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      boolean valid = right.verify(signature);
      return switch (answers) {
        case RIGHT -> valid;
        case YES -> true;
        case NO -> false;
        case THROWS_FOR_NO -> {
          if (!valid) {
            throw new SignatureException("not valid");
          }
          yield true;
        }
        case THROWS -> throw new SignatureException("cannot say");
      };
    }

    @Override
    protected void engineInitSign(java.security.PrivateKey key) throws InvalidKeyException {
      right.initSign(key);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      return right.sign();
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException();
    }
  }
}
