package dev.taper.testvectors;

import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testvectors.ExpectedDecision.FailedCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything in v3.0 and v3.1 that Taper and biscuit-java 4.0.1 are known to judge differently. The
 * generated tokens hold none of it; {@link DifferenceTest} shows that each still is a difference.
 *
 * @param name a short name
 * @param reason what differs, and how
 * @param block a token's only block that shows it, judged by {@code allow if true}
 * @param taper what Taper says
 * @param biscuitJava what biscuit-java says, or null if it refuses the token
 */
record Difference(
    String name,
    String reason,
    Block block,
    ExpectedDecision taper,
    @Nullable ExpectedDecision biscuitJava) {
  /** The list. */
  static List<Difference> all() {
    return List.of(
        new Difference(
            "order of facts",
            "One match ends a query, another makes its expression fail: Taper visits facts in the"
                + " order of writing, biscuit-java in the order of their hashes.",
            text("level(9223372036854775807); level(1); check if level($l), $l + 1 === 2;"),
            ExpectedDecision.executionError(),
            allowed()),
        new Difference(
            "empty set",
            "Taper takes an empty set, as the reference implementation does; biscuit-java writes"
                + " but does not read it.",
            text("tags({,});"),
            allowed(),
            null),
        new Difference(
            "bytes in predicate",
            "A byte array as a constant in a query's predicate: for Taper it matches equal bytes, for"
                + " biscuit-java nothing. In expressions, both compare the bytes.",
            text("digest(hex:00ff); check if digest(hex:00ff);"),
            allowed(),
            failed()),
        new Difference(
            "boolean inequality",
            "'!==' on two booleans: biscuit-java answers what '===' would.",
            text("check if true !== false;"),
            allowed(),
            failed()),
        new Difference(
            "smallest integer divided",
            "The smallest integer divided by -1: an overflow for Taper, itself for biscuit-java.",
            text("check if -9223372036854775808 / -1 < 0;"),
            ExpectedDecision.executionError(),
            allowed()),
        new Difference(
            "late dates",
            "Dates are unsigned on the wire; biscuit-java compares them as signed numbers.",
            Block.builder()
                .fact("time", new Term.Date(Long.MIN_VALUE))
                .merge(text("check if time($t), $t > 1970-01-01T00:00:00Z;"))
                .build(),
            allowed(),
            failed()),
        new Difference(
            "invalid pattern",
            "An invalid regular expression matches nothing for Taper, as in the reference"
                + " implementation; biscuit-java ends with an exception.",
            text("check if \"a\".matches(\"(\");"),
            failed(),
            ExpectedDecision.executionError()));
  }

  @Override
  public String toString() {
    return name;
  }

  private static Block text(String datalog) {
    return Datalog.block(datalog);
  }

  private static ExpectedDecision allowed() {
    return ExpectedDecision.allow(0, List.of());
  }

  private static ExpectedDecision failed() {
    return ExpectedDecision.allow(0, List.of(new FailedCheck(0, 0)));
  }
}
