package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureBackendTest {
  private static final String ONLY_LINUX =
      "the native provider among the test dependencies is for Linux on x86-64 only;"
          + " elsewhere every test runs with Bouncy Castle alone";

  static List<SignatureBackend> backends() {
    return SignatureBackend.available();
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = ONLY_LINUX)
  void available_linuxOnX8664_nativeFirst() {
    assertThat(SignatureBackend.available())
        .extracting(SignatureBackend::name)
        .containsExactly("accp", "bouncycastle");
    assertThat(SignatureBackend.available()).hasToString("[accp, bouncycastle]");
  }

  @Test
  void choose_byName_thatOneOrNone() {
    List<SignatureBackend> all = SignatureBackend.available();

    assertThat(Backends.choose(null, all)).isSameAs(all.get(0));
    assertThat(Backends.choose("bouncycastle", all)).isSameAs(SignatureBackend.bouncyCastle());
    assertThat(Backends.choose("accp", List.of(SignatureBackend.bouncyCastle()))).isNull();
    assertThat(Backends.choose("", all)).isNull();
    assertThat(Backends.choose("BouncyCastle", all)).isNull();
  }

  /** One key and one backend are used by many threads at once. */
  @ParameterizedTest
  @MethodSource("backends")
  void verify_manyThreads_rightResults(SignatureBackend backend) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Algorithm algorithm : Algorithm.values()) {
        PrivateKey key = PrivateKey.generate(algorithm);
        Callable<Boolean> task = () -> signsAndVerifies(backend, key);
        for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(32, task))) {
          assertThat(result.get()).isTrue();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean signsAndVerifies(SignatureBackend backend, PrivateKey key) {
    for (int i = 0; i < 20; i++) {
      byte[] message = {(byte) i};
      byte[] signature = key.sign(message);
      byte[] other = {(byte) (i + 1)};
      if (!backend.verify(key.publicKey(), message, signature)
          || backend.verify(key.publicKey(), other, signature)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void sign_everyBackend_sameSignature() {
    byte[] message = "a message".getBytes(UTF_8);
    for (Algorithm algorithm : Algorithm.values()) {
      PrivateKey key = PrivateKey.generate(algorithm);
      byte[] secret = key.secret().exposeCopy();
      for (SignatureBackend backend : SignatureBackend.available()) {
        assertThat(backend.derive(algorithm, secret)).isEqualTo(key.publicKey());
        assertThat(backend.sign(key.publicKey(), secret, message)).isEqualTo(key.sign(message));
      }
    }
  }
}
