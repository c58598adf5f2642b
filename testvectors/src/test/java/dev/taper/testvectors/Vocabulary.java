package dev.taper.testvectors;

import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Relations with typed columns, and few values for each type, so that facts meet. */
final class Vocabulary {
  /** The types of values. */
  enum Kind {
    STR,
    INT,
    BOOL,
    DATE,
    BYTES,
    SET;

    static Kind of(Term value) {
      if (value instanceof Term.Str) {
        return STR;
      }
      if (value instanceof Term.Int) {
        return INT;
      }
      if (value instanceof Term.Bool) {
        return BOOL;
      }
      if (value instanceof Term.Date) {
        return DATE;
      }
      return value instanceof Term.Bytes ? BYTES : SET;
    }
  }

  /**
   * A relation.
   *
   * @param name the predicate's name
   * @param columns the types of its terms
   */
  record Relation(String name, List<Kind> columns) {}

  private static final List<Relation> RELATIONS =
      List.of(
          new Relation("resource", List.of(Kind.STR)),
          new Relation("operation", List.of(Kind.STR)),
          new Relation("right", List.of(Kind.STR, Kind.STR)),
          new Relation("right", List.of(Kind.STR)),
          new Relation("time", List.of(Kind.DATE)),
          new Relation("level", List.of(Kind.INT)),
          new Relation("size", List.of(Kind.STR, Kind.INT)),
          new Relation("enabled", List.of(Kind.BOOL)),
          new Relation("digest", List.of(Kind.STR, Kind.BYTES)),
          new Relation("tags", List.of(Kind.STR, Kind.SET)),
          new Relation("limits", List.of(Kind.SET)),
          new Relation("ready", List.of()));

  private static final List<String> STRINGS =
      List.of("file1", "file2.txt", "read", "write", "a/b", "\u00e9t\u00e9", "\ud83d\udd11", "");

  private static final long NEW_YEAR_2026 = 1_767_225_600L;

  private final Random random;

  Vocabulary(Random random) {
    this.random = random;
  }

  Relation relation() {
    return RELATIONS.get(random.nextInt(RELATIONS.size()));
  }

  Fact fact() {
    Relation relation = relation();
    List<Term> terms = new ArrayList<>();
    for (Kind kind : relation.columns()) {
      terms.add(value(kind));
    }
    return new Fact(new Predicate(relation.name(), terms));
  }

  Term value(Kind kind) {
    return switch (kind) {
      case STR -> new Term.Str(string());
      case INT -> new Term.Int(random.nextInt(9) - 3);
      case BOOL -> new Term.Bool(random.nextBoolean());
      case DATE -> new Term.Date(NEW_YEAR_2026 + random.nextInt(5) * 86_400L);
      case BYTES -> new Term.Bytes(string().getBytes(StandardCharsets.UTF_8));
      case SET -> set();
    };
  }

  private Term set() {
    Kind kind = random.nextInt(4) == 0 ? Kind.INT : Kind.STR;
    List<Term> elements = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      elements.add(value(kind));
    }
    return Term.Set.of(elements);
  }

  private String string() {
    return STRINGS.get(random.nextInt(STRINGS.size()));
  }
}
