package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TermTest {
  private static final Term VARIABLE = new Term.Variable("x");

  /** Different terms of every type in canonical order, made anew at each call. */
  private static List<Term> ordered() {
    Term.Int one = new Term.Int(1);
    Term.Int two = new Term.Int(2);
    return List.of(
        new Term.Variable("a"),
        new Term.Variable("b"),
        new Term.Int(Long.MIN_VALUE),
        new Term.Int(-1),
        new Term.Int(1),
        new Term.Int(2),
        new Term.Str(""),
        new Term.Str("1"),
        new Term.Str("a"),
        new Term.Str("aa"),
        new Term.Date(0),
        new Term.Date(1),
        new Term.Date(-1), // unsigned
        new Term.Bytes(new byte[0]),
        new Term.Bytes(new byte[1]),
        new Term.Bytes(new byte[2]),
        new Term.Bytes(new byte[] {1}),
        new Term.Bytes(new byte[] {-1}), // unsigned
        new Term.Bool(false),
        new Term.Bool(true),
        Term.Set.of(List.of()),
        Term.Set.of(List.of(one)),
        Term.Set.of(List.of(two, one)),
        Term.Set.of(List.of(two)),
        new Term.Null(),
        new Term.Array(List.of()),
        new Term.Array(List.of(one)),
        new Term.Array(List.of(one, two)),
        new Term.Array(List.of(two, one)),
        Term.Map.of(Map.of()),
        Term.Map.of(Map.of(one, one)),
        Term.Map.of(Map.of(two, one, one, one)),
        Term.Map.of(Map.of(one, two)),
        Term.Map.of(Map.of(two, one)),
        Term.Map.of(Map.of(new Term.Str("a"), one)));
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATALOG));
  }

  @Test
  void equalsAndCompareTo_everyPair_agree() {
    List<Term> terms = ordered();
    List<Term> copies = ordered();
    for (int i = 0; i < terms.size(); i++) {
      for (int j = 0; j < copies.size(); j++) {
        assertThat(terms.get(i).equals(copies.get(j)))
            .as("%s equals %s", terms.get(i), copies.get(j))
            .isEqualTo(i == j);
        assertThat(Integer.signum(terms.get(i).compareTo(copies.get(j))))
            .as("%s compared to %s", terms.get(i), copies.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
      assertThat(terms.get(i)).hasSameHashCodeAs(copies.get(i)).isNotEqualTo("a");
      assertThat(new Expression.Value(terms.get(i)))
          .isEqualTo(new Expression.Value(copies.get(i)))
          .hasSameHashCodeAs(new Expression.Value(copies.get(i)))
          .isNotEqualTo(new Expression.Value(terms.get((i + 1) % terms.size())));
    }
  }

  /** Terms come from tokens, so a table of them must not become a list. */
  @Test
  void hashCode_manyTerms_spread() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 100; i < 200; i++) {
      hashes.add(new Term.Variable("x" + i).hashCode());
      hashes.add(new Expression.Value(new Term.Int(i * 1_000L)).hashCode());
      hashes.add(new Term.Str("s" + i).hashCode());
      hashes.add(new Term.Date(i * 1_000_000_000L).hashCode());
      hashes.add(new Term.Bytes(new byte[] {1, (byte) i}).hashCode());
      hashes.add(Term.Set.of(List.of(new Term.Str("e" + i))).hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(580);
    assertThat(new Term.Bool(true).hashCode()).isNotEqualTo(new Term.Bool(false).hashCode());
  }

  @Test
  void collections_holdingVariables_areRefused() {
    assertInvalid(() -> Term.Set.of(List.of(VARIABLE)));
    assertInvalid(() -> Term.Set.of(List.of(Term.Set.of(List.of()))));
    assertInvalid(() -> new Term.Array(List.of(new Term.Int(1), VARIABLE)));
    assertInvalid(() -> Term.Map.of(Map.of(new Term.Int(1), VARIABLE)));
  }

  @Test
  void isGround_onlyOfVariables_isFalse() {
    for (Term term : ordered()) {
      assertThat(term.isGround()).isEqualTo(!(term instanceof Term.Variable));
      assertThat(Predicate.of("p", new Term.Int(1), term).isGround()).isEqualTo(term.isGround());
    }
    assertInvalid(() -> Fact.of("p", VARIABLE));
  }

  /** Whatever order a caller had them in: what is signed has one form. */
  @Test
  void collections_inAnotherOrder_takeTheCanonicalOne() {
    TreeSet<Term> elements = new TreeSet<>(Comparator.reverseOrder());
    TreeMap<Term.MapKey, Term> entries = new TreeMap<>(TermOrder.KEYS.reversed());
    for (int i : new int[] {1, 2, 3}) {
      elements.add(new Term.Int(i));
      entries.put(new Term.Int(i), new Term.Null());
    }
    assertThat(new Term.Set(elements)).hasToString("{1, 2, 3}");
    assertThat(new Term.Map(entries)).hasToString("{1: null, 2: null, 3: null}");
  }

  @Test
  void bytes_areCopiedInAndOut() {
    byte[] array = {1, (byte) 0xab};
    Term.Bytes bytes = new Term.Bytes(array);
    array[0] = 9;
    bytes.value()[1] = 9;
    assertThat(bytes.value()).isEqualTo(new byte[] {1, (byte) 0xab});
    assertThat(bytes.length()).isEqualTo(2);
    assertThat(bytes.hex()).isEqualTo("01ab");
  }

  @Test
  void toString_everyType_isItsText() {
    assertThat(ordered().stream().filter(term -> !(term instanceof Term.Date)).map(Term::toString))
        .startsWith("$a", "$b", "-9223372036854775808", "-1", "1", "2", "\"\"", "\"1\"")
        .contains("hex:", "hex:01", "false", "true", "{,}", "{1, 2}", "null", "[2, 1]")
        .endsWith("{1: 1, 2: 1}", "{1: 2}", "{2: 1}", "{\"a\": 1}");
  }
}
