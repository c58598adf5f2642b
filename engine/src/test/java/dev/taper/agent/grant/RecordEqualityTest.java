package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import dev.taper.revocation.Fingerprint;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that say themselves when they are equal: each component must count. */
class RecordEqualityTest {
  /** A record, then others that differ from it in one component each. */
  static Stream<List<Record>> records() {
    TreeSet<String> one = new TreeSet<>(List.of("a"));
    TreeSet<String> two = new TreeSet<>(List.of("a", "b"));
    TreeSet<String> key = new TreeSet<>(List.of("ed25519/" + "01".repeat(32)));
    TreeSet<String> keys = new TreeSet<>(key);
    keys.add("ed25519/" + "02".repeat(32));
    return Stream.of(
        List.of(new Term.Variable("a"), new Term.Variable("b")),
        List.of(new Term.Int(1), new Term.Int(1L << 32 | 1)),
        List.of(new Term.Str("a"), new Term.Str("b")),
        List.of(new Term.Date(1), new Term.Date(2)),
        List.of(new Term.Bool(true), new Term.Bool(false)),
        List.of(Term.Set.of(List.of(new Term.Int(1))), Term.Set.of(List.of(new Term.Int(2)))),
        List.of(
            new Expression.Value(new Term.Int(1)),
            new Expression.Value(new Term.Int(2)),
            new Expression.Value(new Term.Date(1))),
        List.of(new Fingerprint(1, 2), new Fingerprint(2, 2), new Fingerprint(1, 1)),
        List.of(
            new DecodeLimits(9, 9, 9, 9, 9),
            new DecodeLimits(8, 9, 9, 9, 9),
            new DecodeLimits(9, 8, 9, 9, 9),
            new DecodeLimits(9, 9, 8, 9, 9),
            new DecodeLimits(9, 9, 9, 8, 9),
            new DecodeLimits(9, 9, 9, 9, 8)),
        List.of(
            new TextSet(BinaryOp.PREFIX, one, List.of("c")),
            new TextSet(BinaryOp.SUFFIX, one, List.of("c")),
            new TextSet(BinaryOp.PREFIX, two, List.of("c")),
            new TextSet(BinaryOp.PREFIX, one, List.of("d"))),
        List.of(new Justified(null), new Justified(Duration.ofMinutes(1))),
        List.of(new Justified(Duration.ofMinutes(1)), new Justified(Duration.ofMinutes(2))),
        List.of(new ApprovedBy(1, keys), new ApprovedBy(2, keys), new ApprovedBy(1, key)),
        List.of(new Expiry(Instant.EPOCH), new Expiry(Instant.EPOCH.plusSeconds(1))),
        List.of(
            Grants.parse("jira.*"),
            Grants.parse("jira.* read"),
            Grants.parse("jira.* on jira:a"),
            Grants.parse("jira.* where n = 1"),
            Grants.parse("jira.* if justified"),
            Grants.parse("wiki.*")));
  }

  @ParameterizedTest
  @MethodSource("records")
  void equals_eachComponent_counts(List<Record> different) throws ReflectiveOperationException {
    Record record = different.get(0);

    assertThat(copy(record)).isEqualTo(record).hasSameHashCodeAs(record);
    for (Record other : different.subList(1, different.size())) {
      assertThat(record).isNotEqualTo(other);
      assertThat(other).isNotEqualTo(record);
    }
    assertThat(record).isNotEqualTo(null).isNotEqualTo("something else");
  }

  private static Record copy(Record record) throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      var accessor = components[i].getAccessor();
      accessor.setAccessible(true);
      values[i] = accessor.invoke(record);
    }
    var constructor = record.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }
}
