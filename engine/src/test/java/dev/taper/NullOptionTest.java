package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.audit.AuditLog;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.token.TokenCache;
import dev.taper.trust.RootKeySet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Null never switches off what protects a service. */
@SuppressWarnings({"NullAway", "DataFlowIssue"}) // what callers without NullAway can do
class NullOptionTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final VerifierBuilder verifier =
      Verifier.trusting(RootKeys.of(key.publicKey())).callerStatesMeaning();

  @TestFactory
  List<DynamicTest> option_null_isRefused() {
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    verifier(calls);
    revocation(calls);
    Signer signer = key;
    calls.put("Issuer.of", () -> Issuer.of(null));
    calls.put("Issuer.clock", () -> Issuer.of(signer).clock(null));
    calls.put("AuditLog.on, sink", () -> AuditLog.on(null, signer));
    calls.put("AuditLog.on, signer", () -> AuditLog.on(new NoSink(), null));
    calls.put("AuditLog.clock", () -> AuditLog.on(new NoSink(), signer).clock(null));
    calls.put(
        "AuditLog.checkpointEvery",
        () -> AuditLog.on(new NoSink(), signer).checkpointEvery((Duration) null));
    calls.put("AuditLog.patience", () -> AuditLog.on(new NoSink(), signer).patience(null));
    calls.put("TokenCache.of", () -> TokenCache.of(1, null));
    ReplayMemory memory = ReplayMemory.inMemory();
    calls.put("AcceptedProofs.of, window", () -> AcceptedProofs.of(null, memory, CLOCK));
    calls.put(
        "AcceptedProofs.of, memory",
        () -> AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, null, CLOCK));
    calls.put(
        "AcceptedProofs.of, clock",
        () -> AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, memory, null));
    calls.put("ReplayMemory.inFolder", () -> ReplayMemory.inFolder(null));
    calls.put("ApprovalUses.inFolder", () -> ApprovalUses.inFolder(null));
    calls.put("Budgets.inFolder", () -> Budgets.inFolder(null));
    calls.put("AgentDirectory.of", () -> AgentDirectory.of(null));
    calls.put("RootKeySet.of, clock", () -> RootKeySet.of(null, List.of()));
    calls.put("RootKeySet.of, keys", () -> RootKeySet.of(CLOCK, null));
    calls.put("PolicySet.of", () -> PolicySet.of((AuthorizerCode) null));
    calls.put("PolicySet.of, parts", () -> PolicySet.of((List<PolicySet.Part>) null));
    return calls.entrySet().stream()
        .map(call -> DynamicTest.dynamicTest(call.getKey(), () -> refused(call.getValue())))
        .toList();
  }

  private void verifier(Map<String, ThrowingCallable> calls) {
    calls.put("Verifier.trusting", () -> Verifier.trusting(null).callerStatesMeaning());
    calls.put("policies", () -> verifier.policies(null));
    calls.put("revocations", () -> verifier.revocations(null));
    calls.put("directory", () -> verifier.directory(null));
    calls.put("replayMemory", () -> verifier.replayMemory(null));
    calls.put("proofWindow", () -> verifier.proofWindow(null));
    calls.put("approvalUses", () -> verifier.approvalUses(null));
    calls.put("budgets", () -> verifier.budgets("acme", null));
    calls.put("issuerNames", () -> verifier.issuerNames(null));
    calls.put("longestJustification", () -> verifier.longestJustification(null));
    calls.put("clock", () -> verifier.clock(null));
    calls.put("ticker", () -> verifier.ticker(null));
    calls.put("limits", () -> verifier.limits(null));
    calls.put("tokenCache", () -> verifier.tokenCache(null));
    calls.put("externs", () -> verifier.externs(null));
    calls.put("decodeLimits", () -> verifier.decodeLimits(null));
    calls.put("listener", () -> verifier.listener(null));
    calls.put("listener, who", () -> verifier.listener(null, DecisionListener.AuditFailure.DENY));
    calls.put("listener, failure", () -> verifier.listener(event -> {}, null));
  }

  private void revocation(Map<String, ThrowingCallable> calls) {
    RevocationList.Builder list = RevocationList.trusting(key.publicKey());
    RevocationList known = list.forgottenAtRestart().build();
    RevocationSource source = RevocationSource.file(Path.of("list"));
    calls.put("RevocationList.trusting", () -> RevocationList.trusting((PublicKey) null));
    calls.put("RevocationList.trusting, all", () -> RevocationList.trusting((PublicKey[]) null));
    calls.put("rememberedIn", () -> list.rememberedIn(null));
    calls.put("RevocationList.clock", () -> list.clock(null));
    calls.put("RevocationList.ticks", () -> list.ticks(null));
    calls.put("feed, source", () -> RevocationFeed.start(null, known, Duration.ofDays(1)));
    calls.put("feed, list", () -> RevocationFeed.start(source, null, Duration.ofDays(1)));
    calls.put("feed, every", () -> RevocationFeed.start(source, known, null));
    calls.put("RevocationSource.file", () -> RevocationSource.file(null));
    calls.put("RevocationSource.http", () -> RevocationSource.http(null));
    calls.put(
        "RevocationSource.http, timeout",
        () -> RevocationSource.http(URI.create("https://lists.example/revoked"), 1, null));
    calls.put("RevocationIssuer.of", () -> RevocationIssuer.of(null));
    calls.put("RevocationFile.of", () -> RevocationFile.of(null, CLOCK));
    calls.put("RevocationFile.of, clock", () -> RevocationFile.of(Path.of("list"), null));
  }

  @Test
  void revocations_null_doesNotCountAsDecided() {
    refused(() -> verifier.audience("svc:jira").revocations(null));

    refused(verifier::build);
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  private static final class NoSink implements dev.taper.audit.AuditSink {
    @Override
    public dev.taper.audit.AuditRecord last() {
      return null;
    }

    @Override
    public void append(List<dev.taper.audit.AuditRecord> records) {}

    @Override
    public void close() {}
  }
}
