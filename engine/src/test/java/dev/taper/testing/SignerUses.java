package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.token.HeldToken;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/** Does all that a signer is for with one signer, wherever its key is, and has it verified. */
public final class SignerUses {
  private static final String JIRA = "svc:jira";
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final Signer signer;
  private final Verifier verifier;

  private SignerUses(Signer signer) {
    this.signer = signer;
    this.verifier =
        Verifier.trusting(RootKeys.of(signer.publicKey()))
            .callerStatesMeaning()
            .audience(JIRA)
            .clock(clock)
            .approvalUsesOfOneProcess()
            .withoutRevocation()
            .build();
  }

  /**
   * Mints, hands on, proves, approves, justifies, seals, and signs blocks of a third party,
   * revocations, names, an exchange and checkpoints.
   *
   * @param folder where an audit log may be written
   */
  public static void all(Signer signer, Path folder) {
    SignerUses uses = new SignerUses(signer);
    uses.oneForm();
    uses.withoutProfile();
    AgentToken token = uses.minted();
    uses.handOnAndProve(token);
    uses.approve(token);
    uses.addBlocks(token);
    uses.revoke();
    uses.name();
    uses.exchange();
    uses.audit(folder.resolve("audit.log"));
  }

  /** Half of all signatures by ECDSA have the larger s: none of them is given out. */
  private void oneForm() {
    for (byte i = 0; i < 8; i++) {
      byte[] message = {i};
      byte[] signature = signer.sign(message);
      assertThat(Signatures.checked(signer.publicKey(), message, signature)).isEqualTo(signature);
    }
  }

  /** A token of rules alone, which is handed on to nobody in particular. */
  private void withoutProfile() {
    RootKeys root = RootKeys.of(signer.publicKey());
    Token token = Token.mint(signer, Datalog.block("right(\"read\");"));
    assertThat(token.unverified().verify(root).blocks()).hasSize(1);
    HeldToken held =
        HeldToken.mint(
            signer, Datalog.block("right(\"read\");"), signer.publicKey(), OptionalInt.empty());
    UnverifiedToken next =
        held.unverified().delegateToBearer(Datalog.block("check if right(\"read\");"), signer);
    assertThat(next.verify(root).blocks()).hasSize(2);
  }

  private AgentToken minted() {
    return Issuer.of(signer)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", signer.publicKey()))
                .task("T-4711", "triage")
                .grant("jira.search")
                .grant(Grant.tools("jira.delete").ifApproved(signer.publicKey()))
                .expiresIn(HOUR));
  }

  private void handOnAndProve(AgentToken token) {
    ToolCall search = ToolCall.of("jira.search").on("jira:project/ACME");
    Proof proof = token.prove(signer, search, JIRA, clock);
    assertThat(verifier.decide(token.token(), search, proof, SentApprovals.NONE).allowed())
        .isTrue();

    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
    AgentToken next =
        token.delegate(
            signer,
            Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
                .grant("jira.search")
                .expiresIn(Duration.ofMinutes(10)),
            clock);
    Proof onward = next.prove(researcher, search, JIRA, clock);
    assertThat(verifier.decide(next.token(), search, onward, SentApprovals.NONE).allowed())
        .isTrue();

    Credentials sent = AgentClient.of(token, signer, JIRA).clock(clock).prove(search.sent());
    assertThat(verifier.decide(sent, search).allowed()).isTrue();
  }

  private void approve(AgentToken token) {
    ToolCall delete = ToolCall.of("jira.delete").on("jira:project/ACME");
    Approval approval =
        token
            .requestApproval(delete, JIRA, "a duplicate")
            .approve(signer, Approval.Terms.lasting(Duration.ofMinutes(15)), clock);
    SentApprovals sent = SentApprovals.of(List.of(approval.encodeBase64()));
    Proof proof = token.prove(signer, delete.sent(), JIRA, sent, clock);
    assertThat(verifier.decide(token.token(), delete, proof, sent).allowed()).isTrue();
  }

  private void addBlocks(AgentToken token) {
    AgentToken justified =
        token.justify(
            signer, Justification.of("jira.*", "a duplicate", Duration.ofMinutes(5), clock));
    ThirdPartyBlock block =
        justified.thirdPartyRequest().sign(signer, Datalog.block("seen(true);"));
    AgentToken sealed = justified.append(block, signer).seal(signer);
    assertThat(sealed.token().verify(RootKeys.of(signer.publicKey())).blocks()).hasSize(3);
  }

  private void revoke() {
    byte[] list =
        RevocationIssuer.of(signer)
            .snapshot(
                1,
                List.of(
                    RevocationEntry.forever(
                        RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"))),
                Validity.from(clock, HOUR, HOUR));
    RevocationList read =
        RevocationList.trusting(signer.publicKey()).clock(clock).forgottenAtRestart().build();
    assertThat(read.apply(list)).isTrue();
    assertThat(read.size()).isEqualTo(1);
  }

  private void name() {
    String signed =
        NamesFile.builder()
            .number(1)
            .issuer("issuer:acme", signer.publicKey())
            .build()
            .sign(signer);
    assertThat(NamesFile.parseSigned(signed, signer.publicKey()).signer())
        .isEqualTo(signer.publicKey());
  }

  private void exchange() {
    ExchangeProof.Subject subject =
        new ExchangeProof.Subject("https://issuer.example.com", "eyJ.eyJ.sig", "details");
    ExchangeProof.make(signer, subject, clock)
        .check(
            subject,
            AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock))
        .claim(MemoryShare.of("user:alice", new byte[] {1}));
  }

  private void audit(Path file) {
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(file, clock), signer).clock(clock).patience(HOUR).open()) {
      log.append(AuditEvent.of(AuditKind.TASK_END, clock.instant()).task("T-4711"));
    }
    AuditVerifier auditor = AuditVerifier.trusting(List.of(signer.publicKey()));
    assertThat(auditor.verify(AuditSource.of(file)).intact()).isTrue();
  }
}
