package dev.taper.operations.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.testing.SettableClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenCallsTest {
  private static final String JIRA = "svc:jira";
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOON);
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey researcherKey = PrivateKey.generate(Algorithm.ED25519);
  private int logs;

  private AgentToken planner(String grant) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", plannerKey.publicKey()))
                .task("T-1")
                .grant(grant)
                .expiresIn(Duration.ofDays(1)));
  }

  /**
   * Whoever waits too long denies, and the log loses a record or has one more: nobody does here.
   */
  private VerifierBuilder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .callerStatesMeaning()
        .audience(JIRA)
        .clock(clock)
        .deadline(PATIENCE)
        .withoutRevocation();
  }

  private CallDecision decide(Verifier verifier, AgentToken token, PrivateKey key, ToolCall call) {
    return verifier.decide(
        Credentials.of(token.encodeBase64(), token.prove(key, call, JIRA, clock).encodeBase64()),
        call);
  }

  /** What a log suggests in which a verifier notes what it is asked for. */
  private SeenCalls seen(
      boolean observing, AgentToken token, PrivateKey key, List<ToolCall> calls) {
    Path file = folder.resolve("audit" + logs++ + ".jsonl");
    AuditSink sink = AuditSink.inFileWithoutForcingToDisk(file, clock);
    try (AuditLog log = AuditLog.on(sink, root).clock(clock).patience(PATIENCE).open()) {
      VerifierBuilder builder = verifier().listener(log);
      Verifier verifier = observing ? builder.observeOnly().build() : builder.build();
      calls.forEach(call -> decide(verifier, token, key, call));
    }
    SeenCalls seen = new SeenCalls(TrailFilter.all());
    Place place = new Place.File(file.toString());
    new AuditReader(new Workplace(folder, clock), place, List.of(), null).read(seen::add);
    return seen;
  }

  private static List<Grant> grants(SuggestedAccess suggested) {
    assertThat(suggested.holders()).hasSize(1);
    return suggested.holders().get(0).grants();
  }

  private static ToolCall call(String tool, String operation, String resource) {
    ToolCall call = ToolCall.of(tool);
    call = operation.isEmpty() ? call : call.operation(operation);
    return resource.isEmpty() ? call : call.on(resource);
  }

  @Test
  void suggest_calls_areJoinedWhereThatAllowsNoOthers() {
    SuggestedAccess suggested =
        seen(
                true,
                planner("none"),
                plannerKey,
                List.of(
                    call("jira.get", "read", "jira:project/ACME/1"),
                    call("jira.search", "read", "jira:project/ACME/1"),
                    call("jira.search", "list", "jira:project/ACME/1"),
                    call("jira.close", "write", "jira:project/ACME/2")))
            .suggest();

    assertThat(grants(suggested))
        .extracting(Grant::toString)
        .containsExactly(
            "jira.close write on jira:project/ACME/2",
            "jira.get, jira.search read on jira:project/ACME/1",
            "jira.search list on jira:project/ACME/1");
    assertThat(suggested.services().get(0).policies())
        .contains("allow if tool(\"jira.close\"), operation(\"write\")");
    assertThat(suggested.calls()).isEqualTo(4);
    assertThat(suggested.isWider()).isFalse();
  }

  @Test
  void suggest_callWithoutAnOperation_coversTheOthersOfItsTool() {
    SuggestedAccess suggested =
        seen(
                true,
                planner("none"),
                plannerKey,
                List.of(
                    call("t", "", ""),
                    call("t", "read", "a:1"),
                    call("u", "", "a:1"),
                    call("u", "read", "a:1"),
                    call("u", "read", "a:2")))
            .suggest();

    assertThat(grants(suggested))
        .extracting(Grant::toString)
        .containsExactly("t", "u on a:1", "u read on a:2");
  }

  @Test
  void suggest_deniedCalls_countOnlyIfTheyWentAhead() {
    AgentToken token = planner("jira.get");
    List<ToolCall> calls = List.of(call("jira.get", "", ""), call("jira.close", "", ""));

    assertThat(grants(seen(false, token, plannerKey, calls).suggest()))
        .extracting(Grant::toString)
        .containsExactly("jira.get");
    assertThat(grants(seen(true, token, plannerKey, calls).suggest()))
        .extracting(Grant::toString)
        .containsExactly("jira.close, jira.get");
  }

  @Test
  void suggest_manyResources_areNamedByTheirPrefixes() {
    List<ToolCall> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(call("t", "read", "jira:project/ACME/" + i));
      calls.add(call("t", "read", "jira:project/WIKI/page/" + i % 50));
    }
    SuggestedAccess suggested = seen(true, planner("none"), plannerKey, calls).suggest();

    assertThat(grants(suggested))
        .extracting(Grant::toString)
        .containsExactly("t read on jira:project/ACME/*, jira:project/WIKI/page/*");
    assertThat(suggested.isWider()).isTrue();
  }

  @Test
  void suggest_namesWithQuotesAndStars_areQuotedOrWidened() {
    ToolCall odd = call("t", "read", "x:a, \"b\" where or");
    ToolCall star = call("t", "read", "y:z/a*b");
    SuggestedAccess suggested =
        seen(true, planner("none"), plannerKey, List.of(odd, star)).suggest();

    List<Grant> grants = grants(suggested);
    assertThat(grants).allSatisfy(g -> assertThat(Grant.parse(g.toString())).isEqualTo(g));
    assertThat(new Grants(grants).allows(odd.facts())).isTrue();
    assertThat(new Grants(grants).allows(star.facts())).isTrue();
    assertThat(suggested.isWider()).isTrue();
  }

  /** A grant of that text has all that is below it. */
  @ParameterizedTest
  @ValueSource(strings = {"jira:*", "jira:project/*", "jira:project/"})
  void suggest_resourceThatIsSpelledAsAPrefix_isWidened(String resource) {
    SuggestedAccess suggested =
        seen(true, planner("none"), plannerKey, List.of(call("t", "read", resource))).suggest();

    assertThat(new Grants(grants(suggested)).allows(call("t", "read", resource).facts())).isTrue();
    assertThat(suggested.isWider()).isTrue();
  }

  /** Whoever may call about anything chooses the names of resources. */
  @Test
  void cover_resourcesOfHundredsOfLevels_takesLittle() {
    List<SeenCalls.Seen> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(new SeenCalls.Seen("t", "read", "x:" + i + "/a".repeat(480)));
      calls.add(new SeenCalls.Seen("u", "read", "x:*" + i + "/a".repeat(480)));
      calls.add(new SeenCalls.Seen("v", "read", "x:y" + "/a".repeat(480) + "/" + i));
    }
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();

    CallCover cover = CallCover.of(calls);

    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(500_000_000);
    assertThat(cover.grants())
        .extracting(Grant::toString)
        .containsExactly("t, u read on x:*", "v read on x:y" + "/a".repeat(480) + "/*");
    assertThat(cover.isWider()).isTrue();
  }

  @Test
  void suggest_severalHolders_areToldApart() {
    AgentToken token = planner("*");
    AgentToken other =
        token.delegate(
            plannerKey,
            Hop.to(Agent.of("agent:researcher", researcherKey.publicKey())).grant("*"),
            clock);
    SeenCalls seen = seen(true, other, researcherKey, List.of(call("t", "", "")));

    assertThat(seen.suggest().holders())
        .extracting(SuggestedAccess.ForHolder::holder)
        .containsExactly("agent:researcher");
  }

  @Test
  void suggest_nothingSeen_saysSo() {
    assertThatThrownBy(() -> new SeenCalls(TrailFilter.all()).suggest())
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("nothing_found"));
  }

  /**
   * For random logs, the grants and the policies that are suggested allow every call that was seen;
   * none of them can be left out; and as long as nothing is widened, they allow no call of other
   * parts.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void suggest_randomLogs_allowsAllThatWasSeenAndNothingIsLeftOver(long seed) {
    Random random = new Random(seed);
    List<ToolCall> calls = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      calls.add(random(random, seed % 3 == 0));
    }
    SuggestedAccess suggested = seen(true, planner("none"), plannerKey, calls).suggest();
    List<Grant> grants = grants(suggested);

    AgentToken token = planner("*");
    Verifier judged =
        verifier()
            .policies(PolicySet.of(Datalog.authorizer(suggested.services().get(0).policies())))
            .build();
    for (ToolCall call : calls) {
      assertThat(new Grants(grants).allows(call.facts())).as("%s of %s", call, grants).isTrue();
      assertThat(decide(judged, token, plannerKey, call).allowed()).as("%s", call).isTrue();
    }
    for (Grant one : grants) {
      List<Grant> others = new ArrayList<>(grants);
      others.remove(one);
      assertThat(calls)
          .as("without %s", one)
          .anyMatch(call -> others.stream().noneMatch(g -> g.allows(call.facts())));
    }
    if (seed % 3 != 0) {
      for (int i = 0; i < 200; i++) {
        ToolCall other = random(random, false);
        boolean known = calls.contains(other);
        assertThat(new Grants(grants).allows(other.facts())).as("%s", other).isEqualTo(known);
        assertThat(decide(judged, token, plannerKey, other).allowed()).isEqualTo(known);
      }
    }
    assertThat(suggested).isEqualTo(seen(true, planner("none"), plannerKey, calls).suggest());
  }

  private static ToolCall random(Random random, boolean withGaps) {
    String tool = List.of("a.b", "a.c", "d").get(random.nextInt(3));
    String operation = List.of("read", "write", "").get(random.nextInt(withGaps ? 3 : 2));
    String resource =
        List.of("x:1", "x:2", "x:y/3", "\u00e9 \"q\"", "").get(random.nextInt(withGaps ? 5 : 4));
    return call(tool, operation, resource);
  }
}
