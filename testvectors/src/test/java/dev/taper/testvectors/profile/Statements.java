package dev.taper.testvectors.profile;

import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.time.Duration;
import java.util.List;

/** Blocks that justify the planner's deletion of an issue. */
final class Statements {
  static final String JUSTIFICATION = "taper/1 justification";
  static final String CALL =
      "{\"tool\":\"jira.delete\",\"resource\":\"jira:project/ACME/Q3/12\",\"args\":{\"limit\":1}}";
  static final Duration QUARTER = Duration.ofMinutes(15);

  private Statements() {}

  private static String at(long seconds) {
    return Cast.NOON.plusSeconds(seconds).toString();
  }

  /** A justification for a window, in seconds from noon on. */
  static Chain justify(Chain chain, String tools, long from, long until) {
    String fact =
        "justification(\"" + tools + "\", \"a duplicate\", " + at(from) + ", " + at(until) + ");";
    return justify(chain, Story.block(JUSTIFICATION, fact, null, null));
  }

  /**
   * A justification that ends at a date, in seconds since 1970, perhaps beyond what text can say.
   */
  static Chain justifyUntil(Chain chain, long end) {
    Term from = new Term.Date(Cast.NOON.getEpochSecond());
    Predicate stated =
        new Predicate(
            "justification",
            List.of(new Term.Str("jira.*"), new Term.Str("a duplicate"), from, new Term.Date(end)));
    return justify(chain, Block.builder().fact(new Fact(stated)).context(JUSTIFICATION).build());
  }

  private static Chain justify(Chain chain, Block block) {
    return chain.then(block, Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
  }
}
