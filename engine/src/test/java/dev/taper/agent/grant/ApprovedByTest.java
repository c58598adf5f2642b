package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovedByTest {
  private static final String A = key("ed25519/", 'a');
  private static final String B = key("ed25519/", 'b');
  private static final String C = "secp256r1/" + "0c".repeat(33);

  private static String key(String algorithm, char digit) {
    return algorithm + String.valueOf(digit).repeat(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "ed25519",
        "ed25519/",
        "/0101010101010101010101010101010101010101010101010101010101010101",
        "ed25518/0101010101010101010101010101010101010101010101010101010101010101",
        "ed25519/010101010101010101010101010101010101010101010101010101010101010",
        "ed25519/01010101010101010101010101010101010101010101010101010101010101010",
        "ed25519/010101010101010101010101010101010101010101010101010101010101010g",
        "ed25519/A101010101010101010101010101010101010101010101010101010101010101",
      })
  void new_textOfNoKey_isRefused(String text) {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new ApprovedBy(1, new TreeSet<>(List.of(A, text))));
  }

  /** The canonical order of activations, which every reader must know alike. */
  @Test
  void compareTexts_anyTwo_isTheOrderOfTheirTexts() {
    TreeSet<String> many = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      many.add("ed25519/" + String.format("%064x", i));
    }
    List<ApprovedBy> all = new ArrayList<>();
    for (TreeSet<String> keys :
        List.of(
            new TreeSet<>(List.of(A)),
            new TreeSet<>(List.of(B)),
            new TreeSet<>(List.of(C)),
            new TreeSet<>(List.of(A, B)),
            new TreeSet<>(List.of(A, C)),
            new TreeSet<>(List.of(B, C)),
            new TreeSet<>(List.of(A, B, C)),
            many)) {
      for (int count = 1; count <= keys.size(); count++) {
        all.add(new ApprovedBy(count, keys));
      }
    }

    for (ApprovedBy one : all) {
      for (ApprovedBy other : all) {
        assertThat(Integer.signum(ApprovedBy.compareTexts(one, other)))
            .as("%s and %s", one, other)
            .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
      }
    }
  }
}
