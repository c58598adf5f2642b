package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Denials;
import dev.taper.token.HeldToken;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a call or token holds, its decision comes back, in words, and is recorded. */
class ExplainedAlwaysTest {
  /** No test depends on the machine's speed. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final List<PolicySet> POLICIES =
      List.of(
          set("allow if true;"),
          set("check if arg(\"n\", $n), $n.type() == \"string\"; allow if true;"),
          set("deny if arg(\"u\", $u); allow if true;"),
          set("allow if arg(\"n\", $n), $n.length() < 3;"),
          set("allow if arg(\"u\", $u), arg(\"n\", $n), $u == $n;"));

  private final Story story = new Story();
  private final Random random = new Random(8);

  private static PolicySet set(String text) {
    return PolicySet.of(Datalog.authorizer(text));
  }

  @Test
  void decide_refusedArgumentLongerThanAnyGrant_isDeniedExplainedAndRecorded() {
    Sink sink = new Sink();
    AgentToken token =
        story.issuer.mint(
            Bare.of(story.delegation())
                .withoutExpiry()
                .grant(Grant.tools("jira.comment").where(Constraint.arg("text").is("hello"))));
    ToolCall call = ToolCall.of("jira.comment").text("text", "😀".repeat(2000));
    CallDecision decision;
    try (AuditLog log = log(sink)) {
      decision = story.decide(recording(log).build(), token, story.plannerKey, call);
    }

    assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    Suggestion ask = Objects.requireNonNull(denied(decision).suggestion());
    assertThat(ask.grant()).isEqualTo(Grant.tools("jira.comment"));
    assertThat(ask.unnamed()).containsExactly("text");
    assertThat(decision.explanation()).contains("\"jira.comment\", with any value of text");
    assertThat(sink.decisions()).containsExactly(AuditKind.DENY);
  }

  @Test
  void shortText_longOrBroken_isCutBetweenCharactersAndMended() {
    assertThat(ShortText.of("ab😀cd", 4)).isEqualTo("ab…");
    assertThat(ShortText.of("ab😀cd", 5)).isEqualTo("ab😀…");
    assertThat(ShortText.of("ab😀cd", 6)).isEqualTo("ab😀cd");
    assertThat(ShortText.of("a\ud83d", 6)).isEqualTo("a\ufffd");
  }

  @Test
  void decide_explainingFails_keepsTheCodeAndIsCounted() {
    Verifier verifier =
        story.verifier().policies(set("allow if true;")).listener(event -> {}).build();
    ToolCall call = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q4/1");
    CallDecision decision = story.decide(verifier, story.atResearcher(), story.researcherKey, call);
    Attributed trials =
        new Attributed(story, story.atResearcher(), call, "allow if true;")
            .failing(Attributed.Step.DECIDE);

    CallDecision.Denied bare = trials.refusal();

    assertThat(bare.code()).isEqualTo(codeOf(decision)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(bare.failingHop()).isEqualTo(bare.chain().hops().get(1));
    assertThat(bare.explanation()).contains("a check of this hop does not hold");
    assertThat(bare.toJson()).contains("\"code\":\"out_of_scope\"");
    assertThat(trials.unexplained.count()).isEqualTo(1);
    assertThat(verifier.unexplainedDecisions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void decide_randomChainsAndHostileCalls_alwaysAnswersAndRecords(long seed) {
    RandomDelegation delegations = new RandomDelegation(seed, story);
    random.setSeed(seed);
    Sink sink = new Sink();
    int decided = 0;
    try (AuditLog log = log(sink)) {
      for (int i = 0; i < 150; i++) {
        AgentToken token = story.issuer.mint(delegations.delegation());
        if (random.nextBoolean()) {
          token = token.delegate(story.plannerKey, delegations.hop(story.researcher), story.clock);
        }
        PolicySet policies = POLICIES.get(random.nextInt(POLICIES.size()));
        ToolCall call = hostileCall(delegations);
        CallDecision decision =
            story.decide(recording(log).policies(policies).build(), token, holder(token), call);
        decided++;
        assertReadable(decision, call);
        if (Denials.codeOf(decision) == DenialCode.ARGUMENT_OPAQUE) {
          assertThat(call.arguments().unstated()).isNotEmpty(); // Datalog alone would not know
        } else {
          assertThat(decision.allowed()).isEqualTo(plainly(token, policies, call));
        }
      }
    }
    assertThat(sink.decisions()).hasSize(decided).contains(AuditKind.ALLOW, AuditKind.DENY);
  }

  private static void assertReadable(CallDecision decision, ToolCall call) {
    List<String> texts =
        List.of(
            decision.explanation(),
            decision.toJson(),
            decision.operatorExplanation(),
            decision.toString());
    assertThat(texts).allSatisfy(text -> assertThat(text.length()).isBetween(10, 200_000));
    assertThat(decision.toOperatorJson()).contains(SafeJson.escaped(call.toJson()));
    if (decision instanceof CallDecision.Denied denied && denied.suggestion() != null) {
      assertThat(denied.suggestion().grant().covers(call.facts())).isTrue();
    }
  }

  private boolean plainly(AgentToken token, PolicySet policies, ToolCall call) {
    HeldToken held =
        UnverifiedToken.decode(token.encode()).verifyHeld(RootKeys.of(story.root.publicKey()));
    DelegationChain chain = DelegationChain.of(held);
    try {
      return policies
          .authorizerAfterProof(held)
          .facts(chain.facts(call.facts().time(story.clock).audience(Story.JIRA), null).list())
          .authorize()
          .allowed();
    } catch (TaperException e) {
      return false;
    }
  }

  private PrivateKey holder(AgentToken token) {
    return token.token().holderKey().equals(story.plannerKey.publicKey())
        ? story.plannerKey
        : story.researcherKey;
  }

  /** A call that random chains are about, with names and values as long and odd as there can be. */
  private ToolCall hostileCall(RandomDelegation delegations) {
    ToolCall call = delegations.call();
    if (random.nextInt(4) == 0) {
      call = ToolCall.of("jira." + "t".repeat(1019));
    }
    if (random.nextInt(4) == 0) {
      call = call.operation("o".repeat(1024)).on("p/" + "é".repeat(511));
    }
    for (int i = random.nextInt(3) == 0 ? 60 : 1; i > 0; i--) {
      call = call.argJson("z" + i + "é".repeat(random.nextInt(120)), value());
    }
    for (String name : List.of("n", "u", "text")) {
      if (!call.arguments().names().contains(name)) {
        call = call.argJson(name, value());
      }
    }
    return call;
  }

  private String value() {
    return switch (random.nextInt(8)) {
      case 0 -> "\"" + "a".repeat(random.nextInt(700)) + "\"";
      case 1 -> "\"" + "😀".repeat(random.nextInt(200)) + "\"";
      case 2 -> "[".repeat(14) + "]".repeat(14);
      case 3 -> "{\"a\":[null,{\"b\":true}]}";
      case 4 -> "0.000001";
      case 5 -> "\"\\u2028\\u202e\\u009b \\\\\\\"\"";
      case 6 -> "null";
      default -> "9007199254740992";
    };
  }

  private AuditLog log(AuditSink sink) {
    return AuditLog.on(sink, story.root).clock(story.clock).patience(PATIENCE).open();
  }

  private VerifierBuilder recording(AuditLog log) {
    return story.verifier().deadline(PATIENCE).listener(log);
  }

  /** Keeps records as text, and reads each back. */
  private static final class Sink implements AuditSink {
    private final List<AuditRecord> records = new ArrayList<>();

    @Override
    public synchronized @Nullable AuditRecord last() {
      return records.isEmpty() ? null : records.get(records.size() - 1);
    }

    @Override
    public synchronized void append(List<AuditRecord> batch) {
      batch.forEach(record -> records.add(AuditRecord.parse(record.json())));
    }

    @Override
    public void close() {}

    synchronized List<AuditKind> decisions() {
      return records.stream()
          .filter(record -> record.content() instanceof AuditEvent)
          .map(record -> record.content().kind())
          .toList();
    }
  }
}
