package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PredicateTableTest {
  private static String name(int i) {
    return "p" + i / 3;
  }

  private static PredicateTable table(int size) {
    PredicateTable table = new PredicateTable();
    for (int i = 0; i < size; i++) {
      assertThat(table.find(name(i), i % 3)).isEqualTo(-1);
      assertThat(table.add(name(i), i % 3)).isEqualTo(i);
    }
    return table;
  }

  private static void assertHolds(PredicateTable table, int size) {
    assertThat(table.size()).isEqualTo(size);
    for (int i = 0; i < size; i++) {
      assertThat(table.find(name(i), i % 3)).isEqualTo(i);
      assertThat(table.add(name(i), i % 3)).isEqualTo(i);
      assertThat(table.name(i)).isEqualTo(name(i));
      assertThat(table.arity(i)).isEqualTo(i % 3);
    }
    assertThat(table.find(name(size), size % 3)).isEqualTo(-1);
    assertThat(table.find("p0", 3)).isEqualTo(-1);
  }

  @Test
  void find_anyNumberOfPredicates_numbersInOrder() {
    for (int size : new int[] {0, 1, 7, 8, 9, 16, 17, 1_000}) {
      assertHolds(table(size), size);
    }
  }

  /** Names whose hashes are equal are told apart, also where the table ends. */
  @Test
  void find_collidingNames_areToldApart() {
    PredicateTable table = new PredicateTable();
    String[] names = {"AaAa", "BBBB", "AaBB", "BBAa"};
    for (int i = 0; i < 400; i++) {
      assertThat(table.add(names[i % 4] + i / 4, 1)).isEqualTo(i);
    }
    for (int i = 0; i < 400; i++) {
      assertThat(table.find(names[i % 4] + i / 4, 1)).isEqualTo(i);
    }
  }

  @Test
  void copy_isChanged_originalStays() {
    for (int size : new int[] {0, 5, 8, 20}) {
      PredicateTable table = table(size);
      PredicateTable one = table.copy();
      PredicateTable other = table.copy();
      assertThat(one.add("one", 1)).isEqualTo(size);
      assertThat(other.add("other", 1)).isEqualTo(size);
      assertThat(one.find("other", 1)).isEqualTo(-1);
      assertThat(other.find("one", 1)).isEqualTo(-1);
      assertThat(one.name(size)).isEqualTo("one");
      assertHolds(table, size);
    }
  }

  @Test
  void append_knownPredicate_findReturnsTheOldNumber() {
    PredicateTable table = table(9);
    assertThat(table.append(name(4), 1)).isEqualTo(9);
    assertThat(table.find(name(4), 1)).isEqualTo(4);
    assertThat(table.name(9)).isEqualTo(name(4));
    assertThat(table.arity(9)).isEqualTo(1);
  }
}
