package dev.taper.operations.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrailTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final String TASK = "T-1";
  private static final String ALICE = "user:alice@acme.com";

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOON);
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey issuer = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);

  private AgentToken atPlanner(String delegator) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by(delegator)
                .to(Agent.of("agent:planner", plannerKey.publicKey()))
                .task(TASK)
                .grant("jira.search")
                .expiresIn(Duration.ofHours(1)));
  }

  private Trail trail(Consumer<AuditLog> events) {
    return trail(Endings.of(null, NOON), events);
  }

  /** What a log tells of the task, after the events that it is given. */
  private Trail trail(Endings elsewhere, Consumer<AuditLog> events) {
    AuditSink sink = AuditSink.inFile(folder.resolve("audit.jsonl"), clock);
    try (AuditLog log =
        AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519))
            .clock(clock)
            .patience(Duration.ofMinutes(1))
            .open()) {
      events.accept(log);
    }
    Trail trail = new Trail(TrailFilter.all().task(TASK), elsewhere);
    Place place = new Place.File("audit.jsonl");
    trail.read(
        new AuditLogs(
            List.of(new AuditReader(new Workplace(folder, clock), place, List.of(), null))));
    return trail;
  }

  private static List<String> states(Trail trail) {
    TaskTrail task = trail.tasks().get(0);
    return task.tokens().stream().map(token -> trail.state(task, token, NOON)).toList();
  }

  private AuditEvent revoked(AuditEvent.Subject subject) {
    return AuditEvent.of(AuditKind.REVOKE, NOON).by(issuer.publicKey().toString()).subject(subject);
  }

  /** Eleven asks are no eleven denied calls. */
  @Test
  void asks_countAsNoCalls() {
    AgentToken token = atPlanner(ALICE);
    ToolCall call = ToolCall.of("jira.delete");
    Trail trail =
        trail(
            log -> {
              Verifier verifier =
                  Verifier.trusting(RootKeys.of(root.publicKey()))
                      .callerStatesMeaning()
                      .audience("svc:jira")
                      .clock(clock)
                      .withoutRevocation()
                      .listener(log)
                      .build();
              for (int i = 0; i < 11; i++) {
                var unused = verifier.asked(token.token(), call, SentApprovals.NONE, false);
              }
              Proof proof = token.prove(plannerKey, call, "svc:jira", clock);
              assertThat(verifier.decide(token.token(), call, proof, SentApprovals.NONE).allowed())
                  .isFalse();
            });

    Trail.TokenTrail used = trail.tasks().get(0).tokens().get(0);
    assertThat(used.allowed() + used.denied()).as("calls").isEqualTo(1);
    assertThat(used.calls()).hasSize(1);
    assertThat(used.events()).hasSize(11);
    assertThat(RecordWords.event(used.events().get(0).event(), RecordWords::shortened))
        .startsWith("ask, jira.delete, out_of_scope, by agent:planner, proven");
  }

  @ParameterizedTest
  @EnumSource(names = {"REVOKED", "LAPSED"})
  void state_endedByAReviewAndLifted_isLiving(ReviewDecision decision) {
    AuditEvent minted = AuditEvent.minted(atPlanner(ALICE), NOON);
    AuditEvent.Subject block = AuditEvent.Subject.of("block", String.valueOf(minted.token()));
    AuditEvent review =
        AuditEvent.of(AuditKind.REVIEW, NOON)
            .by("user:erin@acme.com")
            .task(TASK)
            .subject(block.decision(decision.text()));

    assertThat(
            states(
                trail(
                    log -> {
                      log.append(minted);
                      log.append(review);
                    })))
        .containsExactly(decision.text());
    assertThat(states(trail(log -> log.append(revoked(block.reason("a slip").decision("lifted"))))))
        .containsExactly("living");
  }

  @Test
  void state_liftedWithoutARecordOfTheEnd_isLiving() {
    AuditEvent minted = AuditEvent.minted(atPlanner(ALICE), NOON);
    AuditEvent.Subject task =
        AuditEvent.Subject.of("task", TASK).reason("a slip").decision("lifted");

    assertThat(
            states(
                trail(
                    log -> {
                      log.append(minted);
                      log.append(revoked(task));
                    })))
        .containsExactly("living");
  }

  /** Anybody with a copy of the token can make the first call, whose record names no chain. */
  private void callWithoutAProofAndWithOne(AuditLog log) {
    AgentToken token = atPlanner(ALICE);
    ToolCall call = ToolCall.of("jira.search");
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .clock(clock)
            .withoutRevocation()
            .listener(log)
            .deadline(Duration.ofMinutes(1))
            .build();
    assertThat(verifier.decide(token.token(), call, null, SentApprovals.NONE).allowed()).isFalse();
    assertThat(
            verifier
                .decide(
                    token.token(),
                    call,
                    token.prove(plannerKey, call, "svc:jira", clock),
                    SentApprovals.NONE)
                .allowed())
        .isTrue();
  }

  @Test
  void state_delegatorRevokedAfterACallWithoutAProof_isRevoked() {
    Trail trail =
        trail(
            log -> {
              callWithoutAProofAndWithOne(log);
              log.append(revoked(AuditEvent.Subject.of("delegator", ALICE)));
            });

    assertThat(trail.tasks().get(0).delegator()).isEqualTo(ALICE);
    assertThat(states(trail)).containsExactly("revoked");
  }

  @Test
  void state_delegatorRevokedElsewhereAfterACallWithoutAProof_isRevoked() {
    Endings endings;
    try (Database database = Database.open("sqlite:taper.db", folder)) {
      RevocationEntry entry =
          new RevocationEntry(RevocationEntry.Kind.DELEGATOR, Fingerprint.ofDelegator(ALICE), null);
      new SqlRevocations(database, clock).enter(List.of(entry));
      endings = Endings.of(new Registry(database, clock), null, NOON);
    }

    assertThat(states(trail(endings, this::callWithoutAProofAndWithOne)))
        .containsExactly("revoked");
  }

  @Test
  void state_taskIdOfTwoDelegators_goesByEachTokensOwn() {
    Trail trail =
        trail(
            log -> {
              log.append(AuditEvent.minted(atPlanner("user:mallory@acme.com"), NOON));
              log.append(AuditEvent.minted(atPlanner(ALICE), NOON));
              log.append(revoked(AuditEvent.Subject.of("delegator", ALICE)));
            });

    assertThat(trail.tasks().get(0).delegator()).isEqualTo("user:mallory@acme.com, " + ALICE);
    assertThat(states(trail)).containsExactly("living", "revoked");
  }
}
