package dev.taper.testvectors.profile;

import java.time.Duration;

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

  static Chain justify(Chain chain, String tools, long from, long until) {
    return justify(chain, tools, at(from), at(until));
  }

  static Chain justify(Chain chain, String tools, String from, String until) {
    String fact = "justification(\"" + tools + "\", \"a duplicate\", " + from + ", " + until + ");";
    return chain.then(
        Story.block(JUSTIFICATION, fact, null, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
  }
}
