package dev.taper.kept;

import static dev.taper.kept.KeptService.AUDIENCE;
import static dev.taper.kept.KeptService.DELETE;
import static dev.taper.kept.KeptService.NOON;
import static dev.taper.kept.KeptService.SEARCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.KeptFiles;
import dev.taper.token.UnverifiedToken;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What earlier versions wrote is read, and goes on. */
class KeptFilesTest {
  private static final String FOLDERS = "dev.taper.testing.KeptFiles#folders";
  private static final MemoryShare SHARE = new MemoryShare("user:alice@acme.com", "a");

  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptWriter::write);
  }

  private KeptService service(Path kept) throws IOException {
    return new KeptService(KeptFiles.copy(kept, folder));
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void decide_keptTokens_allowsAndHandsOn(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      assertThat(service.decide(service.token("planner"), "planner", SEARCH).allowed()).isTrue();
      assertThat(service.decide(service.token("rotated"), "reviewer", SEARCH).allowed()).isTrue();
      assertThat(service.decide(service.token("reviewed"), "planner", SEARCH).allowed()).isTrue();
      assertThat(service.decide(service.token("justified"), "planner", DELETE).allowed()).isTrue();
      for (String name : List.of("bearer", "sealed")) {
        UnverifiedToken token = service.token(name).token();
        assertThat(service.verifier.decide(token, SEARCH, null, SentApprovals.NONE).allowed())
            .as(name)
            .isTrue();
      }
      AgentToken researcher = service.token("researcher");
      assertThat(service.decide(researcher, "researcher", SEARCH).allowed()).isTrue();
      assertThat(service.decide(researcher, "researcher", DELETE).allowed()).isFalse();
      Agent reviewer = Agent.of("agent:reviewer", service.publicKey("reviewer"));
      AgentToken on =
          researcher.delegate(service.key("researcher"), Hop.to(reviewer), service.clock);
      assertThat(service.decide(on, "reviewer", SEARCH).allowed()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void decide_keptProofs_usedStaysUsed(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      String token = service.token("planner").encodeBase64();
      CallDecision used =
          service.verifier.decide(Credentials.of(token, service.read("proofs/used.proof")), SEARCH);
      assertThat(code(used)).isEqualTo(DenialCode.PROOF_REPLAYED);
      String unused = service.read("proofs/unused.proof");
      assertThat(service.verifier.decide(Credentials.of(token, unused), SEARCH).allowed()).isTrue();
      assertThat(code(service.verifier.decide(Credentials.of(token, unused), SEARCH)))
          .isEqualTo(DenialCode.PROOF_REPLAYED);
    }
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void check_keptProofsOfEachForm_takesThem(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      check(service, "http", KeptService.HTTP);
      check(service, "mcp", KeptService.MCP);
      UnverifiedToken token = service.token("planner").token();
      ToolCatalog catalog = ToolCatalog.parse(service.read("catalog.json"));
      assertThat(
              service
                  .verifier
                  .with(service.verifier.rules().withCatalog(catalog))
                  .offer(Credentials.of(token.encodeBase64(), service.read("proofs/offer.proof")))
                  .tools())
          .contains("jira.delete");
      ExchangeProof.decode(service.read("proofs/exchange.proof"))
          .check(KeptWriter.EXCHANGE, accepted(service))
          .claim(SHARE);
    }
  }

  private static void check(KeptService service, String name, SentCall call) throws IOException {
    Proof proof = Proof.decode(service.read("proofs/" + name + ".proof"));
    List<byte[]> signatures = service.token("planner").token().revocationIds();
    Proof.Subject subject =
        Proof.Subject.of(
            signatures.get(signatures.size() - 1), Audience.of(AUDIENCE), SentApprovals.NONE, call);
    Proof.Checked checked = proof.check(service.publicKey("planner"), subject, accepted(service));
    assertThat(checked.proof()).isEqualTo(proof);
  }

  private static AcceptedProofs accepted(KeptService service) {
    return AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), service.clock);
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void decide_keptApproval_hasOneUseLeft(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      AgentToken token = service.token("planner");
      SentApprovals approvals = SentApprovals.of(List.of(service.read("approvals/twice.approval")));
      assertThat(service.decide(token, "planner", DELETE, approvals).allowed()).isTrue();
      assertThat(code(service.decide(token, "planner", DELETE, approvals)))
          .isEqualTo(DenialCode.APPROVAL_USED);
      ApprovalRequest request = ApprovalRequest.decode(service.read("approvals/request.json"));
      Approval another =
          request.approve(
              service.key("boss"), Approval.Terms.lasting(Duration.ofMinutes(5)), service.clock);
      approvals = SentApprovals.of(List.of(another.encodeBase64()));
      assertThat(service.decide(token, "planner", DELETE, approvals).allowed()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void decide_keptBudget_hasTwoCallsLeft(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      AgentToken token = service.token("budgeted");
      assertThat(service.decide(token, "planner", SEARCH).allowed()).isTrue();
      assertThat(service.decide(token, "planner", SEARCH).allowed()).isTrue();
      assertThat(code(service.decide(token, "planner", SEARCH)))
          .isEqualTo(DenialCode.BUDGET_EXHAUSTED);
    }
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void append_keptLog_staysOneChain(Path kept) throws IOException {
    LogVerification before;
    try (KeptService service = service(kept)) {
      before = verify(kept.resolve("audit.jsonl"), service);
      assertThat(service.decide(service.token("planner"), "planner", SEARCH).allowed()).isTrue();
    }
    assertThat(before.intact()).isTrue();
    assertThat(before.unsigned()).isZero();
    assertThat(kept.resolve("audit.jsonl.000001")).exists();
    KeptService reader = new KeptService(folder);
    reader.close();
    LogVerification after = verify(folder.resolve("audit.jsonl"), reader);
    assertThat(after.intact()).isTrue();
    assertThat(after.records()).isGreaterThan(before.records());
    assertThat(after.signers()).containsExactly(reader.publicKey("audit"));
  }

  private static LogVerification verify(Path log, KeptService service) {
    return AuditVerifier.trusting(List.of(service.publicKey("audit"))).verify(AuditSource.of(log));
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void apply_keptList_revokesAndGoesOn(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      AgentToken ended = service.token("ended");
      AgentToken later = service.token("ended-later");
      assertThat(code(service.decide(ended, "planner", SEARCH))).isEqualTo(DenialCode.REVOKED);
      assertThat(service.decide(later, "planner", SEARCH).allowed()).isTrue();
      byte[] before = Files.readAllBytes(folder.resolve("revoked.list"));
      RevocationIssuer.IssuedList next =
          RevocationFile.of(folder.resolve("revoked.list"), service.clock)
              .revoke(
                  RevocationIssuer.of(service.key("revoker")),
                  List.of(KeptWriter.LATER),
                  RevocationIssuer.Horizon.KEPT);
      assertThat(next.sequence())
          .isEqualTo(service.revocations.highestSequence(service.publicKey("revoker")) + 1);
      assertThat(service.revocations.apply(Files.readAllBytes(folder.resolve("revoked.list"))))
          .isTrue();
      assertThat(code(service.decide(later, "planner", SEARCH))).isEqualTo(DenialCode.REVOKED);
      Files.write(folder.resolve("revoked.list"), before);
    }
    assertThatExceptionOfType(TaperException.class)
        .as("the kept file of numbers remembers the later list")
        .isThrownBy(() -> new KeptService(folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REVOCATIONS_ROLLED_BACK));
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void read_keptTrust_knowsAllAndWritesItAgain(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      NamesFile names =
          NamesFile.parseSigned(service.read("names.json"), service.publicKey("registrar"));
      assertThat(names.number()).hasValue(3);
      assertThat(names.name(service.publicKey("planner"))).isEqualTo("agent:planner");
      assertThat(names.groups()).containsOnlyKeys("finance");
      String next = names.withNumber(4).sign(service.key("registrar"));
      NamesFile after = NamesFile.parseSigned(next, service.publicKey("registrar"));
      assertThat(after.notOlderThan(names)).isSameAs(after);

      RootKeySet roots = RootKeySet.read(service.read("roots.json"), service.clock);
      assertThat(roots.keys()).hasSize(2);
      assertThat(roots.keys().get(0).issuer()).isEqualTo("issuer:acme");
      assertThat(RootKeySet.read(roots.write(), service.clock)).isEqualTo(roots);

      assertThat(KeptService.encryptedKey(folder, "sealed-root").publicKey())
          .isEqualTo(service.publicKey("root"));
      ToolCatalog catalog = ToolCatalog.parse(service.read("catalog.json"));
      assertThat(catalog.tools()).containsOnlyKeys("jira.search", "jira.delete");
    }
  }

  @ParameterizedTest
  @MethodSource(FOLDERS)
  void verify_keptPlainToken_decidesAsItsSnapshot(Path kept) throws IOException {
    try (KeptService service = service(kept)) {
      PolicySet policies = PolicySet.of(Datalog.authorizer("allow if user(1);"));
      var token =
          UnverifiedToken.decode(service.read("tokens/plain.token"))
              .verify(service.publicKey("root"));
      assertThat(policies.authorizer(token).time(service.clock).run().decide().allowed()).isTrue();
      service.clock.set(NOON.plus(Duration.ofDays(400)));
      assertThat(policies.authorizer(token).time(service.clock).run().decide().allowed()).isFalse();
      Snapshot snapshot = Snapshot.decode(service.read("plain.snapshot"));
      assertThat(snapshot.authorization(ExternFunctions.none()).decide().allowed()).isTrue();
      assertThat(snapshot.encodeBase64()).isEqualTo(service.read("plain.snapshot"));
    }
  }

  private static @Nullable DenialCode code(CallDecision decision) {
    return decision instanceof CallDecision.Denied denied ? denied.code() : null;
  }
}
