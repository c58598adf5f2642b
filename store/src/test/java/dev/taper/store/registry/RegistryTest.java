package dev.taper.store.registry;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ShownText;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegistryTest {
  private static final RegistryQuery ALL = RegistryQuery.living();

  @TempDir Path folder;
  private final Story story = new Story();

  @ParameterizedTest
  @EnumSource
  void issued_chain_isARowForEachHandOver(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atScraper(story.atResearcher(story.atPlanner()));
      registry.issued(token, story.root.publicKey());
      registry.issued(token, story.root.publicKey());

      List<Delegated> found = registry.find(ALL);

      assertThat(found)
          .extracting(Delegated::grantor, Delegated::holder, Delegated::depth, Delegated::tools)
          .containsExactly(
              row(Story.ALICE, "agent:planner", 0, "jira.comment", "jira.read", "jira.search"),
              row("agent:planner", "agent:researcher", 1, "jira.read", "jira.search"),
              row("agent:researcher", "agent:scraper", 2, "jira.search"));
      Delegated first = found.get(0);
      assertThat(first.delegator()).isEqualTo(Story.ALICE);
      assertThat(first.holderKey()).isEqualTo(story.planner.key().toString());
      assertThat(first.task()).isEqualTo("T-1");
      assertThat(first.purpose()).isEqualTo("triage tickets");
      assertThat(first.rootKey()).isEqualTo(story.root.publicKey().toString());
      assertThat(first.endsAt()).isEqualTo(Story.NOON.plus(Duration.ofMinutes(60)));
      assertThat(first.recordedAt()).isEqualTo(Story.NOON);
      assertThat(first.calls()).isZero();
      assertThat(first.lastCall()).isNull();
      Delegated last = found.get(2);
      assertThat(last.parent()).isEqualTo(found.get(1).id());
      assertThat(last.endsAt()).isEqualTo(Story.NOON.plus(Duration.ofMinutes(10)));
      assertThat(last.granted()).contains("jira.search").doesNotContain("jira.comment");
    }
  }

  private static org.assertj.core.groups.Tuple row(
      String grantor, String holder, int depth, String... tools) {
    return org.assertj.core.groups.Tuple.tuple(grantor, holder, depth, List.of(tools));
  }

  @ParameterizedTest
  @EnumSource
  void decided_callsOfASubAgent_countForTheWholeChain(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atResearcher(story.atPlanner());

      CallDecision allowed = story.call(registry, token, story.researcherKey, "jira.search");
      story.clock.forward(Duration.ofSeconds(5));
      story.call(registry, token, story.researcherKey, "jira.search");
      CallDecision denied = story.call(registry, token, story.researcherKey, "jira.comment");

      assertThat(allowed.allowed()).isTrue();
      assertThat(denied.allowed()).isFalse();
      assertThat(registry.find(ALL))
          .extracting(
              Delegated::holder, Delegated::calls, Delegated::denied, Delegated::unexercised)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  "agent:planner", 2L, 1L, List.of("jira.comment", "jira.read")),
              org.assertj.core.groups.Tuple.tuple(
                  "agent:researcher", 2L, 1L, List.of("jira.read")));
      assertThat(registry.find(ALL).get(0).lastCall()).isEqualTo(Story.NOON.plusSeconds(5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void decided_deniedCallsOfUnknownChains_addNoRows(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      UsageBuffer buffer = UsageBuffer.into(registry, Duration.ofDays(1));
      AgentToken known = story.atPlanner();
      registry.issued(known, null);
      AgentToken unknown = story.atResearcher(known);

      story.call(registry, unknown, story.researcherKey, "jira.delete");
      story.call(buffer, unknown, story.researcherKey, "jira.delete");
      buffer.close();

      assertThat(registry.find(ALL))
          .singleElement()
          .matches(d -> d.holderName().equals("agent:planner") && d.denied() == 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void issued_moreToolsThanARowNames_isAnyTool(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      String[] tools = new String[ChainRecord.MAX_TOOLS + 1];
      Arrays.setAll(tools, i -> "jira.tool" + i);
      AgentToken token = story.atPlannerOfMany(Story.ALICE);
      Hop hop = Hop.to(story.researcher).grant(Grant.tools(tools));

      registry.issued(token.delegate(story.plannerKey, hop, story.clock), null);

      assertThat(registry.find(ALL).get(0).tools()).hasSize(ChainRecord.MAX_TOOLS);
      assertThat(registry.find(ALL).get(1).tools()).containsExactly(ChainRecord.ANY_TOOL);
    }
  }

  /** That an audit log fails is nothing that the holder did. */
  @ParameterizedTest
  @EnumSource
  void decided_laterListenerFails_isNoDenialOfTheHolder(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      DecisionListener log =
          event -> {
            throw new IllegalStateException("full");
          };

      CallDecision decision =
          story.call(List.of(registry, log), story.atPlanner(), story.plannerKey, "jira.search");

      assertThat(codeOf(decision)).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
      assertThat(registry.find(ALL)).singleElement().matches(d -> d.denied() == 0);
    }
  }

  /** PostgreSQL has no U+0000 in texts: one check of a holder would keep everybody's calls out. */
  @ParameterizedTest
  @EnumSource
  void issued_hiddenCharacters_areKeptAsEscapes(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token =
          Issuer.of(story.root)
              .clock(story.clock)
              .mint(
                  Delegation.by(Story.ALICE)
                      .to(story.planner)
                      .task("T-1", "tri\u202eage")
                      .grant("jira.search")
                      .expiresIn(Duration.ofMinutes(60)));

      registry.issued(token, null);

      assertThat(registry.find(ALL).get(0).purpose()).isEqualTo("tri\\u{202e}age");
      assertThat(ShownText.escaped("a\u0000b")).isEqualTo("a\\u{0}b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void decided_afterIssueWithoutARootKey_learnsIt(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atPlanner();
      registry.issued(token, null);
      assertThat(registry.find(ALL).get(0).rootKey()).isNull();

      story.call(registry, token, story.plannerKey, "jira.search");

      String root = story.root.publicKey().toString();
      assertThat(registry.find(ALL.rootKey(root))).hasSize(1);
      revoke(database, RevocationEntry.Kind.ROOT, Fingerprint.ofRoot(story.root.publicKey()));
      assertThat(registry.find(ALL)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_withFilters_findsThose(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken alices = story.atScraper(story.atResearcher(story.atPlanner()));
      AgentToken bobs = story.atPlanner(Story.BOB, "T-2");
      registry.issued(alices, null);
      registry.issued(bobs, null);
      for (String tool : List.of("jira.search", "jira.read", "jira.comment")) {
        assertThat(story.call(registry, bobs, story.plannerKey, tool).allowed()).isTrue();
      }

      assertThat(holders(registry, ALL)).hasSize(4);
      assertThat(holders(registry, ALL.delegator(Story.BOB))).containsExactly("agent:planner");
      assertThat(holders(registry, ALL.holder("agent:scraper"))).containsExactly("agent:scraper");
      assertThat(holders(registry, ALL.task("T-1"))).hasSize(3);
      assertThat(holders(registry, ALL.task("T-3"))).isEmpty();
      assertThat(holders(registry, ALL.neverUsed()))
          .containsExactly("agent:planner", "agent:researcher", "agent:scraper");
      assertThat(holders(registry, ALL.notFullyExercised())).hasSize(3);
      assertThat(holders(registry, ALL.endsWithin(Duration.ofMinutes(30))))
          .containsExactly("agent:researcher", "agent:scraper");
      assertThat(holders(registry, ALL.deeperThan(1))).containsExactly("agent:scraper");
      assertThat(holders(registry, ALL.grantedBy(List.of(Story.BOB, "user:eve@acme.com"))))
          .containsExactly("agent:planner");
      assertThat(holders(registry, ALL.grantedBy(List.of("agent:researcher"))))
          .containsExactly("agent:scraper");
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_pastTheEnd_isNotLiving(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      registry.issued(story.atResearcher(story.atPlanner()), null);
      story.clock.forward(Duration.ofMinutes(10));
      assertThat(holders(registry, ALL)).containsExactly("agent:planner");
      assertThat(holders(registry, ALL.withDead())).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_somethingRevoked_whatStandsOnItIsNotLiving(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atResearcher(story.atPlanner());
      registry.issued(story.atScraper(token), null);
      registry.issued(story.atPlanner(Story.BOB, "T-2"), null);
      registry.issued(story.atPlanner(Story.BOB, "T-3"), null);

      revoke(database, RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-3"));
      assertThat(tasks(registry)).containsExactly("T-1", "T-1", "T-1", "T-2");
      revoke(
          database,
          RevocationEntry.Kind.BLOCK,
          Fingerprint.ofBlock(token.token().revocationIds().get(1)));
      assertThat(tasks(registry)).containsExactly("T-1", "T-2");
      revoke(database, RevocationEntry.Kind.DELEGATOR, Fingerprint.ofDelegator(Story.ALICE));
      assertThat(tasks(registry)).containsExactly("T-2");
      revoke(database, RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(story.planner.key()));
      assertThat(tasks(registry)).isEmpty();
      assertThat(registry.find(ALL.withDead())).hasSize(5).allMatch(Delegated::revoked);
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_ownNarrowingRevoked_whatWasHandedOnAfterItIsNotLiving(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken narrowed =
          story
              .atPlanner()
              .delegate(story.plannerKey, Hop.toSelf().grant("jira.read"), story.clock);
      registry.issued(story.atResearcher(narrowed), null);
      assertThat(holders(registry, ALL)).containsExactly("agent:planner", "agent:researcher");
      assertThat(registry.find(ALL).get(1).tools()).containsExactly("jira.read");

      revoke(
          database,
          RevocationEntry.Kind.BLOCK,
          Fingerprint.ofBlock(narrowed.token().revocationIds().get(1)));

      assertThat(holders(registry, ALL)).containsExactly("agent:planner");
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_revocationPastItsEnd_doesNotCount(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      registry.issued(story.atPlanner(), null);
      new SqlRevocations(database, story.clock)
          .enter(
              List.of(
                  new RevocationEntry(
                      RevocationEntry.Kind.TASK,
                      Fingerprint.ofTask("T-1"),
                      Story.NOON.plusSeconds(60))));
      assertThat(registry.find(ALL)).isEmpty();
      story.clock.forward(Duration.ofSeconds(61));
      assertThat(registry.find(ALL)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void forget_whatEndedBefore_keepsTheRest(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atResearcher(story.atPlanner());
      story.call(registry, token, story.researcherKey, "jira.search");

      Instant end = Story.NOON.plus(Duration.ofMinutes(10));
      assertThat(registry.forget(end)).isZero();
      assertThat(registry.forget(end.plusMillis(1))).isEqualTo(1);
      assertThat(holders(registry, ALL.withDead())).containsExactly("agent:planner");
      assertThat(registry.find(ALL).get(0).calls()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tables_holdNoTokenSignatureOrSecret(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atResearcher(story.atPlanner());
      registry.issued(token, story.root.publicKey());
      story.call(registry, token, story.researcherKey, "jira.search");

      Map<String, byte[]> forbidden = new LinkedHashMap<>();
      byte[] encoded = token.encode();
      forbidden.put("a part of the token", Arrays.copyOfRange(encoded, 30, 90));
      forbidden.put(
          "the token's end", Arrays.copyOfRange(encoded, encoded.length - 60, encoded.length));
      token.token().revocationIds().forEach(one -> forbidden.put("a signature", one));
      for (PrivateKey key : List.of(story.root, story.plannerKey, story.researcherKey)) {
        forbidden.put("the secret of " + key.publicKey(), key.secret().exposeCopy());
      }
      for (String value : everything(database)) {
        forbidden.forEach(
            (what, bytes) ->
                forms(bytes)
                    .forEach(
                        form ->
                            assertThat(value.toLowerCase(Locale.ROOT))
                                .as(what)
                                .doesNotContain(form)));
      }
    }
  }

  /** How bytes could stand in a text: as they are, in hexadecimal, and in base64 at any place. */
  private static List<String> forms(byte[] bytes) {
    List<String> forms = new ArrayList<>();
    forms.add(new String(bytes, StandardCharsets.ISO_8859_1));
    forms.add(HexFormat.of().formatHex(bytes));
    for (int skip = 0; skip < 3; skip++) {
      int length = (bytes.length - skip) / 3 * 3;
      byte[] part = Arrays.copyOfRange(bytes, skip, skip + length);
      forms.add(Base64.getEncoder().encodeToString(part));
      forms.add(Base64.getUrlEncoder().encodeToString(part));
    }
    return forms.stream().map(form -> form.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<String> everything(Database database) {
    List<String> values = new ArrayList<>();
    for (String table : List.of("delegation", "granted_tool", "tool_use", "stands_on")) {
      database.transaction(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
              int columns = row.getMetaData().getColumnCount();
              while (row.next()) {
                for (int i = 1; i <= columns; i++) {
                  Object value = row.getObject(i);
                  values.add(
                      value instanceof byte[] bytes
                          ? new String(bytes, StandardCharsets.ISO_8859_1)
                          : String.valueOf(value));
                }
              }
            }
            return true;
          });
    }
    assertThat(values).hasSizeGreaterThan(20);
    return values;
  }

  private static void revoke(
      Database database, RevocationEntry.Kind kind, Fingerprint fingerprint) {
    new SqlRevocations(database, new Story().clock)
        .enter(List.of(RevocationEntry.forever(kind, fingerprint)));
  }

  private static List<String> holders(Registry registry, RegistryQuery query) {
    return registry.find(query).stream().map(Delegated::holderName).toList();
  }

  private static List<String> tasks(Registry registry) {
    return registry.find(ALL).stream().map(Delegated::task).toList();
  }

  @ParameterizedTest
  @EnumSource
  void decided_databaseClosed_deniesTheCall(TestDatabase kind) {
    Database database = kind.open(folder);
    Registry registry = new Registry(database, story.clock);
    database.close();
    CallDecision decision =
        story.call(registry, story.atPlanner(), story.plannerKey, "jira.search");
    assertThat(codeOf(decision)).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
  }
}
