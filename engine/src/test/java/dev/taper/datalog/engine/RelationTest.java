package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Relations keep distinct facts in order, however many pages they fill and whoever shares these.
 */
class RelationTest {
  private final Budget budget = Budget.unlimited();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 8, 9, 100, 4095, 4096, 4097, 8192, 9000})
  void add_copiesOfOneRelation_eachHasItsOwnFacts(int shared) {
    Random random = new Random(shared);
    Relation base = new Relation(2);
    Set<OriginFact> facts = new LinkedHashSet<>();
    while (facts.size() < shared) {
      add(base, facts, random, 1);
    }
    List<OriginFact> before = new ArrayList<>(facts);
    Relation one = base.copy();
    Relation other = base.copy();
    Set<OriginFact> ones = new LinkedHashSet<>(facts);
    Set<OriginFact> others = new LinkedHashSet<>(facts);
    for (int i = 0; i < 12_000; i++) {
      add(one, ones, random, 3);
      add(other, others, random, 1);
    }

    assertThat(facts(one)).isEqualTo(new ArrayList<>(ones)).hasSizeGreaterThan(9_000);
    assertThat(facts(other)).isEqualTo(new ArrayList<>(others)).hasSizeGreaterThan(9_000);
    assertThat(facts(base)).isEqualTo(before);
  }

  /** A table with too few places, or one that grows too late, would charge for the search. */
  @ParameterizedTest
  @ValueSource(ints = {9, 16, 17, 64, 1_000, 10_000})
  void add_differentFacts_placesAreFoundNearlyAtOnce(int facts) {
    Relation relation = new Relation(1);
    for (int i = 0; i < facts; i++) {
      assertThat(relation.add(1, new Term[] {new Term.Int(i)}, budget)).isTrue();
    }
    assertThat(budget.stepsUsed()).isLessThan(facts);
  }

  /** Adds one of 40,000 facts, of one of several origins. */
  private void add(Relation relation, Set<OriginFact> facts, Random random, int origins) {
    long origin = 1L << random.nextInt(origins);
    Term[] row = {new Term.Int(random.nextInt(200)), new Term.Int(random.nextInt(200))};
    boolean isNew =
        facts.add(new OriginFact(new Origin(origin), new Fact(new Predicate("f", List.of(row)))));
    assertThat(relation.add(origin, row, budget)).isEqualTo(isNew);
  }

  private static List<OriginFact> facts(Relation relation) {
    List<OriginFact> facts = new ArrayList<>();
    for (int row = 0; row < relation.size; row++) {
      facts.add(new OriginFact(new Origin(relation.origin(row)), relation.fact("f", row)));
    }
    return facts;
  }
}
