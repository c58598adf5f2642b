package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.TaperException;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The twelve edge cases of Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs". Only number
 * 3 (points of mixed order for which the equation without cofactor holds) is valid here.
 */
@NeedsSharedData("ed25519-speccheck")
class SpeccheckTest {
  static List<SignatureBackend> backends() {
    return SignatureBackend.available();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void verify_edgeCases_onlyNumberThree(SignatureBackend backend) throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(SharedData.path("ed25519-speccheck", "cases.json").toFile());
    List<Integer> accepted = new ArrayList<>();

    for (int i = 0; i < cases.size(); i++) {
      if (accepts(backend, cases.get(i))) {
        accepted.add(i);
      }
    }

    assertThat(cases).hasSize(12);
    assertThat(accepted).containsExactly(3);
  }

  private static boolean accepts(SignatureBackend backend, JsonNode edgeCase) {
    PublicKey key;
    try {
      key = PublicKey.of(Algorithm.ED25519, hex(edgeCase, "pub_key"));
    } catch (TaperException e) {
      return false;
    }
    return backend.verify(key, hex(edgeCase, "message"), hex(edgeCase, "signature"));
  }

  private static byte[] hex(JsonNode edgeCase, String name) {
    return HexFormat.of().parseHex(edgeCase.required(name).textValue());
  }
}
