package dev.taper.server.serve.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.trail.AuditStatement;
import dev.taper.server.process.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two requests with the same statement at once. */
class StatementsEndpointTest {
  private static final String ORIGIN = "https://audit.example.com";
  private static final String AUDIENCE = "svc:audit";

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final AgentToken token =
      Issuer.of(root)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", planner.publicKey()))
                  .task("T-4711")
                  .grant("jira.* read")
                  .expiresIn(Duration.ofHours(1)));
  private final AgentToken handedOn =
      token.delegate(
          planner,
          Hop.to(Agent.of("agent:researcher", PrivateKey.generate(Algorithm.ED25519).publicKey()))
              .grant("jira.search read"));

  /** Refuses one append, and only when it is told to. */
  private static final class SlowSink implements AuditSink {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch told = new CountDownLatch(1);
    private final List<AuditRecord> records = new ArrayList<>();
    private volatile boolean opened;

    @Override
    public synchronized @Nullable AuditRecord last() {
      return records.isEmpty() ? null : records.get(records.size() - 1);
    }

    @Override
    public void append(List<AuditRecord> batch) {
      if (opened && asked.getCount() > 0) {
        asked.countDown();
        try {
          told.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "the disk is full");
      }
      synchronized (this) {
        records.addAll(batch);
      }
    }

    synchronized List<AuditKind> kinds() {
      return records.stream()
          .map(record -> record.content().kind())
          .filter(kind -> !kind.ofTheLog())
          .toList();
    }

    @Override
    public void close() {}
  }

  /** The statement, each time with a proof of its own. */
  private IncomingRequest request() {
    byte[] content = AuditStatement.of(handedOn).content();
    SentHttp sent =
        SentHttp.of("POST", ORIGIN, AuditStatement.PATH).ownContent("application/json", content);
    String proof =
        token.prove(planner, sent, AUDIENCE, SentApprovals.NONE, Clock.systemUTC()).encodeBase64();
    return IncomingRequest.of(
        "POST",
        AuditStatement.PATH,
        true,
        Map.of(
            "content-type",
            "application/json",
            "authorization",
            "Taper " + token.encodeBase64(),
            "taper-proof",
            proof),
        content);
  }

  /**
   * The first one is being recorded, which fails. Meanwhile the second comes: it is told that the
   * statement is recorded only when it is.
   */
  @Test
  void answer_sameStatementIsBeingRecordedAndFails_recordsItBeforeItSaysSo() throws Exception {
    SlowSink sink = new SlowSink();
    try (AuditLog log =
        AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519))
            .patience(Duration.ofHours(1))
            .open()) {
      sink.opened = true;
      Verifier verifier =
          Verifier.trusting(RootKeys.of(root.publicKey()))
              .callerStatesMeaning()
              .audience(AUDIENCE)
              .withoutRevocation()
              .build();
      StatementsEndpoint endpoint =
          new StatementsEndpoint(() -> verifier, log, ORIGIN, new Metrics(), Clock.systemUTC());
      FutureTask<HttpAnswer> first =
          new FutureTask<>(() -> Objects.requireNonNull(endpoint.answer(request())));
      new Thread(first, "first").start();
      sink.asked.await();

      List<AuditKind> recordedWhenAnswered = new ArrayList<>();
      FutureTask<HttpAnswer> second =
          new FutureTask<>(
              () -> {
                HttpAnswer answer = Objects.requireNonNull(endpoint.answer(request()));
                recordedWhenAnswered.addAll(sink.kinds());
                return answer;
              });
      Thread asking = new Thread(second, "second");
      asking.start();
      while (asking.getState() == Thread.State.NEW || asking.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      sink.told.countDown();

      assertThat(first.get().status()).isEqualTo(503);
      assertThat(second.get().status()).isEqualTo(200);
      assertThat(recordedWhenAnswered).containsExactly(AuditKind.DELEGATE);
    }
  }
}
