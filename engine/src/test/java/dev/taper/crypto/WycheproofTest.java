package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.TaperException;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SharedData;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Project Wycheproof's vectors, on every backend. Each one must come out as published. */
@NeedsSharedData("wycheproof")
class WycheproofTest {
  static List<SignatureBackend> backends() {
    return SignatureBackend.available();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void verify_ed25519Vectors_asPublished(SignatureBackend backend) throws IOException {
    JsonNode file = read("ed25519_test.json");

    assertThat(unexpected(file, backend)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void verify_ecdsaP256Vectors_asPublished(SignatureBackend backend) throws IOException {
    JsonNode file = read("ecdsa_secp256r1_sha256_test.json");

    assertThat(unexpected(file, backend)).isEmpty();
  }

  /** The vectors that came out otherwise, by number, with their comment. */
  private static Map<Integer, String> unexpected(JsonNode file, SignatureBackend backend) {
    Map<Integer, String> unexpected = new TreeMap<>();
    int count = 0;
    for (JsonNode group : file.required("testGroups")) {
      String pem = group.required("publicKeyPem").textValue();
      for (JsonNode vector : group.required("tests")) {
        count++;
        boolean valid = vector.required("result").textValue().equals("valid");
        if (verify(backend, pem, hex(vector, "msg"), hex(vector, "sig")) != valid) {
          unexpected.put(
              vector.required("tcId").intValue(),
              vector.required("comment").textValue() + " " + vector.required("flags"));
        }
      }
    }
    assertThat(count).isEqualTo(file.required("numberOfTests").intValue());
    return unexpected;
  }

  private static boolean verify(
      SignatureBackend backend, String pem, byte[] message, byte[] signature) {
    try {
      return backend.verify(Pem.readPublicKey(pem), message, signature);
    } catch (TaperException e) {
      return false;
    }
  }

  private static byte[] hex(JsonNode vector, String name) {
    return HexFormat.of().parseHex(vector.required(name).textValue());
  }

  private static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(SharedData.path("wycheproof", name).toFile());
  }
}
