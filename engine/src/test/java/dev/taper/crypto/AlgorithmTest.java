package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlgorithmTest {
  @Test
  void wireId_each_asTheFormatSays() {
    assertThat(Algorithm.ED25519.wireId()).isZero();
    assertThat(Algorithm.SECP256R1.wireId()).isEqualTo(1);
    assertThat(Algorithm.ofWireId(0)).isEqualTo(Algorithm.ED25519);
    assertThat(Algorithm.ofWireId(1)).isEqualTo(Algorithm.SECP256R1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 2, 1L << 32, (1L << 32) + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void ofWireId_another_none(long wireId) {
    assertThat(Algorithm.ofWireId(wireId)).isNull();
  }

  @Test
  void ofText_each_thatOne() {
    for (Algorithm algorithm : Algorithm.values()) {
      assertThat(Algorithm.ofText(algorithm.text())).isEqualTo(algorithm);
    }
    assertThat(Algorithm.ofText("ED25519")).isNull();
    assertThat(Algorithm.ofText("")).isNull();
  }
}
