package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import java.util.Objects;

/** Runs the cases of keys and signatures. */
final class KeyRunner {
  private KeyRunner() {}

  private static Algorithm algorithm(JsonNode one) {
    return Objects.requireNonNull(Algorithm.ofText(Json.text(one, "algorithm")));
  }

  static void key(JsonNode one) {
    PrivateKey key = PrivateKey.of(algorithm(one), Json.bytes(Json.get(one, "secret")));
    byte[] message = Json.bytes(Json.get(one, "message"));
    byte[] signature = Json.bytes(Json.get(one, "signature"));
    assertThat(key.publicKey().bytes()).isEqualTo(Json.bytes(Json.get(one, "public")));
    assertThat(key.publicKey().verify(message, signature)).isTrue();
    Expectation.check(
        Json.get(one, "expect"),
        () -> {
          PublicKey read = PublicKey.of(algorithm(one), Json.bytes(Json.get(one, "public")));
          return Cases.ok(read.toString());
        });
  }

  static void signature(JsonNode one) {
    byte[] message = Json.bytes(Json.get(one, "message"));
    byte[] signature = Json.bytes(Json.get(one, "signature"));
    Expectation.check(
        Json.get(one, "expect"),
        () -> {
          PublicKey key = PublicKey.of(algorithm(one), Json.bytes(Json.get(one, "public")));
          if (key.verify(message, signature)) {
            return Cases.ok(true);
          }
          boolean wellFormed = Signatures.isWellFormed(key.algorithm(), signature);
          ErrorCode code = wellFormed ? ErrorCode.INVALID_SIGNATURE : ErrorCode.MALFORMED_SIGNATURE;
          return Cases.code(code.text());
        });
  }
}
