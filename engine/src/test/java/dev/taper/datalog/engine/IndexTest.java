package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {
  private final Budget budget = Budget.unlimited();

  /** An index that grows with its relation finds the rows that a walk over all of them finds. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 40, 3_000})
  void find_growingRelation_rowsOfEachKeyInOrder(int values) {
    Random random = new Random(values);
    Relation relation = new Relation(3);
    Index first = relation.addIndex(new int[] {0}, false);
    Index both = relation.addIndex(new int[] {0, 2}, true);
    Map<Term, List<Integer>> firsts = new HashMap<>();
    Map<List<Term>, List<Integer>> pairs = new HashMap<>();
    for (int limit = 1; limit <= 6_000; limit = 2 * limit + random.nextInt(3)) {
      while (relation.size < limit) {
        Term a = new Term.Int(random.nextInt(values));
        Term c = new Term.Str("s" + random.nextInt(values));
        int row = relation.size;
        relation.add(1, new Term[] {a, new Term.Int(row), c}, budget);
        firsts.computeIfAbsent(a, key -> new ArrayList<>()).add(row);
        pairs.computeIfAbsent(List.of(a, c), key -> new ArrayList<>()).add(row);
      }
      first.extend(relation, limit, budget);
      both.extend(relation, limit, budget);
      both.extend(relation, limit, budget);
      firsts.forEach((key, rows) -> assertThat(rows(first, key)).isEqualTo(rows));
      pairs.forEach((key, rows) -> assertThat(rows(both, key.get(0), key.get(1))).isEqualTo(rows));
      assertThat(first.find(new Term[] {new Term.Int(values)}, budget)).isNull();
      assertThat(both.find(new Term[] {new Term.Int(0), new Term.Str("none")}, budget)).isNull();
    }
  }

  private List<Integer> rows(Index index, Term... key) {
    int[] found = Objects.requireNonNull(index.find(key, budget));
    return Arrays.stream(found, 1, found[0] + 1).boxed().toList();
  }

  @Test
  void find_keysOfOneHash_toldApart() {
    Relation relation = new Relation(2);
    Index index = relation.addIndex(new int[] {0, 1}, false);
    for (long i = 0; i < 40; i++) {
      relation.add(1, new Term[] {new Term.Str("s"), new Term.Int(i % 20 << 32 | i % 20)}, budget);
    }
    index.extend(relation, relation.size, budget);
    for (int i = 0; i < 20; i++) {
      Term key = new Term.Int((long) i << 32 | i);
      assertThat(rows(index, new Term.Str("s"), key)).containsExactly(i);
    }
    Term none = new Term.Int(20L << 32 | 20);
    assertThat(none).hasSameHashCodeAs(new Term.Int(0));
    assertThat(index.find(new Term[] {new Term.Str("s"), none}, budget)).isNull();
  }

  /** What a block's work made, the service does not use, and the other way round. */
  @Test
  void index_ofARelation_isFoundByItsColumnsAndSide() {
    Relation relation = new Relation(3);
    Index one = relation.addIndex(new int[] {0, 1}, false);
    Index other = relation.addIndex(new int[] {0}, true);
    assertThat(relation.index(new int[] {0, 1}, false)).isSameAs(one);
    assertThat(relation.index(other.columns, true)).isSameAs(other);
    assertThat(relation.index(new int[] {0, 1}, true)).isNull();
    assertThat(relation.index(new int[] {0}, false)).isNull();
    assertThat(relation.index(new int[] {1}, true)).isNull();
  }

  @Test
  void extend_rows_costsAStepEach() {
    Relation relation = new Relation(2);
    Term key = new Term.Str("key");
    for (int i = 0; i < 8; i++) {
      relation.add(1, new Term[] {key, new Term.Int(i)}, budget);
    }
    Index index = relation.addIndex(new int[] {0}, false);
    Budget own = Budget.unlimited();
    index.extend(relation, 5, own);
    index.extend(relation, 5, own);
    assertThat(own.stepsUsed()).isEqualTo(5);
    index.extend(relation, 8, own);
    assertThat(own.stepsUsed()).isEqualTo(8);
    assertThat(rows(index, key)).hasSize(8);
    assertThat(own.stepsUsed()).isEqualTo(8);
  }

  /** A table with too few places would charge for the search. */
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 33, 1_000, 10_000})
  void find_differentKeys_foundNearlyAtOnce(int keys) {
    Relation relation = new Relation(1);
    for (int i = 0; i < keys; i++) {
      relation.add(1, new Term[] {new Term.Int(i)}, budget);
    }
    Index index = relation.addIndex(new int[] {0}, false);
    index.extend(relation, keys, budget);
    Budget own = Budget.unlimited();
    for (int i = 0; i < keys; i++) {
      assertThat(rows(index, new Term.Int(i))).containsExactly(i);
      index.find(new Term[] {new Term.Int(i)}, own);
    }
    assertThat(own.stepsUsed()).isLessThan(keys);
  }
}
