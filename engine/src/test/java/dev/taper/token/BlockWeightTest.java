package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything in a block counts, however deep it is in something else. */
class BlockWeightTest {
  private static final long EMPTY = weight(Datalog.block(""), List.of(), 0);

  private static long weight(Block block, List<String> symbols, int size) {
    return BlockWeight.of(new Block.Decoded(block, 3, symbols, List.of(), null), size);
  }

  /** How many there are of each part, and of the bodies' predicates once more. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a(1);                                   | 1 | 0 | 1 | 0 | 0 | 0",
        "a(1); b(2, 3);                          | 2 | 0 | 3 | 0 | 0 | 0",
        "a([1, [2]]);                            | 1 | 0 | 4 | 0 | 0 | 2",
        "a({1, 2});                              | 1 | 0 | 3 | 0 | 0 | 1",
        "a({1: 2, 3: [4]});                      | 1 | 0 | 8 | 0 | 0 | 2",
        "a($x) <- b($x), c($x, 1);               | 3 | 2 | 4 | 1 | 0 | 0",
        "a($x) <- b($x), !($x > 1);              | 2 | 1 | 4 | 1 | 5 | 0",
        "check if a(1) or b(2);                  | 2 | 2 | 2 | 2 | 0 | 0",
        "check if a($x), [1].any($y -> $y == 2); | 1 | 1 | 5 | 1 | 6 | 2",
        "check if a($x), $x.extern::f();         | 1 | 1 | 2 | 1 | 2 | 0",
        "check if a($x), $x.extern::f(1);        | 1 | 1 | 3 | 1 | 3 | 0"
      })
  void of_block_isTheSumOfItsParts(
      String text,
      int predicates,
      int atoms,
      int terms,
      int queries,
      int expressions,
      int collections) {
    assertThat(weight(Datalog.block(text), List.of(), 0) - EMPTY)
        .isEqualTo(
            64L * (predicates + atoms)
                + 28L * terms
                + 220L * queries
                + 36L * expressions
                + 100L * collections);
  }

  @Test
  void of_symbolsAndBytes_countToo() {
    Block empty = Datalog.block("");

    assertThat(EMPTY).isEqualTo(500);
    assertThat(weight(empty, List.of("a", "b"), 0) - EMPTY).isEqualTo(2 * 56);
    assertThat(weight(empty, List.of(), 100) - EMPTY).isEqualTo(2 * 100);
    Block.Decoded withKey =
        new Block.Decoded(
            empty,
            3,
            List.of("a"),
            List.of(PrivateKey.generate(Algorithm.ED25519).publicKey()),
            null);
    assertThat(BlockWeight.of(withKey, 0) - EMPTY).isEqualTo(2 * 56);
  }
}
