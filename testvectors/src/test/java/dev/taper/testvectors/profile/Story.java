package dev.taper.testvectors.profile;

import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Alice lets a planner triage tickets, who lets a researcher search, who lets a scraper help. */
final class Story {
  static final String CONTEXT = "taper/1";
  static final String STATED =
      "delegator(\"user:alice@acme.com\"); holder(\"agent:planner\"); task(\"T-4711\"); ";
  static final String GRANT = "jira.* read, list on jira:project/ACME/*";
  static final String NARROW = "jira.search on jira:project/ACME/Q3/*";
  static final String SEARCH =
      "{\"tool\":\"jira.search\",\"operation\":\"read\","
          + "\"resource\":\"jira:project/ACME/Q3/12\",\"args\":{\"limit\":50}}";
  static final String DELETE =
      "{\"tool\":\"jira.delete\",\"operation\":\"delete\","
          + "\"resource\":\"jira:project/ACME/Q3/12\"}";

  private Story() {}

  /** A block of facts as Datalog, grants and an end. */
  static Block block(
      @Nullable String context, String datalog, @Nullable String grants, @Nullable Duration end) {
    Block.Builder block = Block.builder().merge(Datalog.block(datalog)).context(context);
    if (grants != null) {
      block.check(Grants.parse(grants).check());
    }
    if (end != null) {
      block.check(Condition.expires(Cast.NOON.plus(end)).check());
    }
    return block.build();
  }

  static Block authority(String grants) {
    return block(
        CONTEXT, STATED + "purpose(\"triage Q3 tickets\");", grants, Duration.ofMinutes(60));
  }

  /** A token of the planner's with these grants. */
  static Chain granted(String grants) {
    return Chain.empty().then(authority(grants), Cast.ROOT, Cast.PLANNER.publicKey(), 1);
  }

  /** A token of the planner's whose authority block says this, besides its context. */
  static Chain stating(String datalog) {
    return stating(datalog, CONTEXT);
  }

  static Chain stating(String datalog, @Nullable String context) {
    Block block = Datalog.block(datalog).withContext(context);
    return Chain.empty().then(block, Cast.ROOT, Cast.PLANNER.publicKey(), 1);
  }

  static Chain planner() {
    return granted(GRANT);
  }

  static Chain researcher() {
    Block hop = block(null, "holder(\"agent:researcher\");", NARROW, Duration.ofMinutes(10));
    return planner().then(hop, Cast.PLANNER, Cast.RESEARCHER.publicKey(), 1);
  }

  static Chain scraper() {
    Block hop =
        block(
            null,
            "holder(\"agent:scraper\");",
            "jira.search read where limit <= 50 and only limit",
            null);
    return researcher().then(hop, Cast.RESEARCHER, Cast.SCRAPER.publicKey(), 1);
  }

  /** The planner's token, handed on to the researcher with a block that says this. */
  static Chain hop(String datalog) {
    return planner().then(datalog, Cast.PLANNER, Cast.RESEARCHER.publicKey());
  }

  /** The planner's token with one more block of its own. */
  static Chain own(Chain chain, String datalog) {
    return chain.then(datalog, Cast.PLANNER, Cast.PLANNER.publicKey());
  }

  /** The planner's token as a bearer token, which a throw-away key can extend. */
  static Chain bearer() {
    return planner().then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey());
  }

  /** A third party's block that the planner adds. */
  static Chain third(Chain chain, PrivateKey external, String datalog, @Nullable String context) {
    return chain.third(Datalog.block(datalog).withContext(context), external, Cast.PLANNER);
  }
}
