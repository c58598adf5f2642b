package dev.taper.kept;

import static dev.taper.kept.KeptService.NOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.Proof;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.authorizer.Snapshot;
import dev.taper.datalog.Block;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.KeptFiles;
import dev.taper.testing.SettableClock;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newer version wrote is refused with a code that says so, and never read in part. */
class NewerFilesTest {
  private static final MemoryShare SHARE = new MemoryShare("user:alice@acme.com", "a");
  private final SettableClock clock = new SettableClock(NOON);

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    KeptFiles.copy(KeptFiles.newest(), folder);
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name)).strip();
  }

  /** Replaces the first of it, which has to be there; bytes of any kind stay what they are. */
  private void replace(String name, String old, String by) throws IOException {
    Path file = folder.resolve(name);
    String text = new String(Files.readAllBytes(file), ISO_8859_1);
    assertThat(text).contains(old);
    int at = text.indexOf(old);
    String changed = text.substring(0, at) + by + text.substring(at + old.length());
    Files.write(file, changed.getBytes(ISO_8859_1));
  }

  private static byte[] version(String base64, int version) {
    byte[] bytes = Base64.getUrlDecoder().decode(base64);
    bytes[0] = (byte) version;
    return bytes;
  }

  private static void refused(ErrorCode code, String says, ThrowingCallable read) {
    TaperException refused = catchThrowableOfType(TaperException.class, read);
    assertThat(refused.code()).isEqualTo(code);
    StringBuilder all = new StringBuilder();
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      all.append(cause.getMessage()).append('\n');
    }
    assertThat(all.toString()).contains(says);
  }

  @Test
  void decode_proofsAndApprovalsOfNewerVersion_refused() throws IOException {
    byte[] proof = version(read("proofs/used.proof"), Proof.VERSION + 1);
    refused(ErrorCode.MALFORMED_HOLDER_PROOF, "version 3", () -> Proof.decode(proof));
    byte[] exchange = version(read("proofs/exchange.proof"), ExchangeProof.VERSION + 1);
    refused(
        ErrorCode.MALFORMED_HOLDER_PROOF, "another version", () -> ExchangeProof.decode(exchange));
    byte[] approval = version(read("approvals/twice.approval"), Approval.VERSION + 1);
    refused(ErrorCode.MALFORMED_APPROVAL, "not of version 1", () -> Approval.decode(approval));
  }

  @Test
  void decode_tokenOfNewerProfileOrBlockVersion_refused() throws IOException {
    KeptService service = new KeptService(folder);
    service.close();
    Token profile = Token.mint(service.key("root"), Block.builder().context("taper/2").build());
    refused(
        ErrorCode.NOT_A_DELEGATION,
        "is not \"taper/1\"",
        () -> AgentToken.of(profile.unverified()).chain());
    byte[] newest = Base64.getUrlDecoder().decode(read("tokens/plain.token"));
    String text = new String(newest, ISO_8859_1);
    String version6 = "\u0018\u0006";
    assertThat(text).contains(version6);
    byte[] newer = text.replaceFirst(version6, "\u0018\u0007").getBytes(ISO_8859_1);
    refused(ErrorCode.UNSUPPORTED_VERSION, "7", () -> UnverifiedToken.decode(newer).blocks());
    byte[] snapshot = Base64.getUrlDecoder().decode(read("plain.snapshot"));
    String content = new String(snapshot, ISO_8859_1);
    assertThat(content).contains("\b\u0006");
    byte[] later = content.replaceFirst("\b\u0006", "\b\u0007").getBytes(ISO_8859_1);
    refused(ErrorCode.UNSUPPORTED_VERSION, "7", () -> Snapshot.decode(later));
  }

  @Test
  void read_jsonOfNewerFormat_refused() throws IOException {
    String names = read("names.json").replace("taper/1 names", "taper/2 names");
    refused(ErrorCode.INVALID_NAMES, "its format is not taper/1", () -> NamesFile.parse(names));
    String catalog = read("catalog.json").replace("taper/1 catalog", "taper/2 catalog");
    refused(ErrorCode.INVALID_CATALOG, "format than taper/1", () -> ToolCatalog.parse(catalog));
    String request = read("approvals/request.json").replace("taper/1 approval", "taper/2 approval");
    refused(
        ErrorCode.MALFORMED_APPROVAL_REQUEST,
        "taper/1 approval request",
        () -> ApprovalRequest.decode(request));
  }

  @Test
  void apply_listOfNewerVersion_refused() throws IOException {
    KeptService service = new KeptService(folder);
    service.close();
    byte[] list = Files.readAllBytes(folder.resolve("revoked.list"));
    int version = new String(list, ISO_8859_1).indexOf('\u0002');
    list[version] = 3;
    RevocationList revoked =
        RevocationList.trusting(service.publicKey("revoker"))
            .clock(clock)
            .forgottenAtRestart()
            .build();
    refused(ErrorCode.MALFORMED_REVOCATIONS, "version 3", () -> revoked.apply(list));
    assertThat(revoked.size()).isZero();

    replace("revoked.number", "taper-revocations 1", "taper-revocations 2");
    refused(ErrorCode.REVOCATION_MEMORY, "another version", () -> new KeptService(folder).close());
  }

  @Test
  void open_memoryOfNewerVersion_refusedAndLeftAsItIs() throws IOException {
    replace("used/proofs", "taper uses 1", "taper uses 2");
    replace("used/approvals", "taper uses 1", "taper uses 2");
    byte[] before = Files.readAllBytes(folder.resolve("used/proofs"));
    ReplayMemory proofs = ReplayMemory.inFolder(folder.resolve("used"));
    refused(
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        "another version",
        () -> proofs.claim(new ReplayMemory.Use("ab".repeat(32), NOON, NOON), SHARE, NOON));
    ApprovalUses approvals = ApprovalUses.inFolder(folder.resolve("used"));
    refused(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "another version",
        () -> approvals.claim(List.of(ApprovalUses.Use.once("ab".repeat(32), NOON)), SHARE, NOON));
    assertThat(folder.resolve("used/proofs")).hasBinaryContent(before);

    Path counter = only(folder.resolve("budgets/budgets"));
    replace(folder.relativize(counter).toString(), "taper/1 budget", "taper/2 budget more");
    Budgets budgets = Budgets.inFolder(folder.resolve("budgets"));
    Budgets.Charge charge = new Budgets.Charge(String.valueOf(counter.getFileName()), 1, 3, null);
    refused(
        ErrorCode.BUDGET_UNAVAILABLE,
        "another version",
        () -> budgets.charge(List.of(charge), SHARE, NOON));
  }

  private static Path only(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).length() == 64)
          .findAny()
          .orElseThrow();
    }
  }

  @Test
  void open_logOfNewerVersion_refusedAndLeftAsItIs() throws IOException {
    String log = Files.readString(folder.resolve("audit.jsonl"));
    String newer = log.replace("\"v\":2}", "\"v\":3}");
    assertThat(newer).isNotEqualTo(log);
    Files.writeString(folder.resolve("audit.jsonl"), newer);
    refused(
        ErrorCode.AUDIT_CORRUPT,
        "version other than 2",
        () -> AuditSink.inFile(folder.resolve("audit.jsonl"), clock).close());
    assertThat(folder.resolve("audit.jsonl"))
        .usingCharset(StandardCharsets.UTF_8)
        .hasContent(newer);
    var found =
        AuditVerifier.withoutTrustedKeys().verify(AuditSource.of(folder.resolve("audit.jsonl")));
    assertThat(found.intact()).isFalse();
    assertThat(String.valueOf(found.flaw())).contains("version other than 2");
  }
}
