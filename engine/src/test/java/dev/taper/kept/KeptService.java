package dev.taper.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.SettableClock;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A service that works by the files of one folder. */
final class KeptService implements AutoCloseable {
  static final String AUDIENCE = "svc:jira";
  static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  static final ToolCall SEARCH =
      ToolCall.of("jira.search").operation("read").on("jira:project/A/1");
  static final ToolCall DELETE = ToolCall.of("jira.delete").on("jira:project/A/1");
  static final SentHttp HTTP = SentHttp.of("GET", "https://jira.example.com", "/projects/A/1");
  static final SentMcp MCP = SentMcp.of("jira.search", "{\"project\":\"A\"}");

  private static final String PASSPHRASE = "of kept files";
  private static final long FILE_BYTES = 4096;

  /** However long a busy disk takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final Path folder;
  final SettableClock clock = new SettableClock(NOON);
  final RevocationList revocations;
  final Verifier verifier;
  private final AuditLog log;

  /** Opens all that stands in a folder. */
  KeptService(Path folder) throws IOException {
    this.folder = folder;
    PublicKey revoker = publicKey("revoker");
    revocations =
        RevocationList.trusting(revoker)
            .clock(clock)
            .rememberedIn(folder.resolve("revoked.number"))
            .build();
    try (var list = Files.newInputStream(folder.resolve("revoked.list"))) {
      revocations.apply(list);
    }
    log =
        AuditLog.on(
                AuditSink.inFiles(folder.resolve("audit.jsonl"), FILE_BYTES, clock), key("audit"))
            .clock(clock)
            .patience(PATIENCE)
            .open();
    verifier =
        Verifier.trusting(RootKeySet.read(read("roots.json"), clock))
            .callerStatesMeaning()
            .audience(AUDIENCE)
            .clock(clock)
            .revocations(revocations)
            .replayMemory(ReplayMemory.inFolder(folder.resolve("used")))
            .approvalUses(ApprovalUses.inFolder(folder.resolve("used")))
            .budgets("acme", Budgets.inFolder(folder.resolve("budgets")))
            .names(NamesFile.loadSigned(folder.resolve("names.json"), publicKey("registrar")))
            .acceptBearer()
            .acceptSealed()
            .deadline(PATIENCE)
            .listener(log)
            .build();
  }

  String read(String name) throws IOException {
    return Files.readString(folder.resolve(name), UTF_8).strip();
  }

  AgentToken token(String name) throws IOException {
    return AgentToken.decode(read("tokens/" + name + ".token"));
  }

  PrivateKey key(String name) {
    return PrivateKey.load(folder.resolve("keys/" + name + ".key"));
  }

  static PrivateKey encryptedKey(Path folder, String name) {
    return PrivateKey.load(folder.resolve("keys/" + name + ".key"), PASSPHRASE.toCharArray());
  }

  static void encrypt(Path folder, String name, PrivateKey key) {
    key.save(folder.resolve("keys/" + name + ".key"), PASSPHRASE.toCharArray());
  }

  PublicKey publicKey(String name) {
    return PublicKey.load(folder.resolve("keys/" + name + ".pub"));
  }

  /** Decides a call that is proven now. */
  CallDecision decide(AgentToken token, String holder, ToolCall call) {
    return verifier.decide(
        Credentials.of(
            token.encodeBase64(), token.prove(key(holder), call, AUDIENCE, clock).encodeBase64()),
        call);
  }

  /** Decides a call with approvals that is proven now. */
  CallDecision decide(AgentToken token, String holder, ToolCall call, SentApprovals approvals) {
    Proof proof = token.prove(key(holder), call.sent(), AUDIENCE, approvals, clock);
    return verifier.decide(token.token(), call, proof, approvals);
  }

  @Override
  public void close() {
    log.close();
  }
}
