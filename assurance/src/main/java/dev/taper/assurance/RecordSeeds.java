package dev.taper.assurance;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.trail.AuditStatement;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Revocation lists and audit logs. */
final class RecordSeeds {
  private static final int HEADER = 18 + 3 + 32;

  private RecordSeeds() {}

  static void write(Seeds seeds) throws IOException {
    revocations(seeds);
    audit(seeds);
  }

  private static void revocations(Seeds seeds) throws IOException {
    RevocationIssuer issuer = RevocationIssuer.of(Keys.ROOT);
    Validity validity = Validity.from(Keys.CLOCK, Duration.ofDays(1), Duration.ofDays(7));
    RevocationEntry task =
        RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"));
    RevocationEntry holder =
        RevocationEntry.forever(
            RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(Keys.PLANNER.publicKey()));
    byte[] snapshot = issuer.snapshot(7, List.of(task), validity);
    byte[] lifting =
        issuer.snapshot(
            8, List.of(holder), List.of(LiftedEntry.of(task, "the wrong task")), validity);
    byte[] delta = issuer.delta(7, 8, List.of(holder), validity);
    seeds.add(Harness.REVOCATION_LIST, "snapshot", snapshot);
    seeds.add(Harness.REVOCATION_LIST, "lifting", lifting);
    seeds.add(Harness.REVOCATION_LIST, "delta", delta);
    byte[] lastHolder =
        issuer.snapshot(
            7,
            List.of(
                RevocationEntry.forever(
                    RevocationEntry.Kind.LAST_HOLDER,
                    Fingerprint.ofLastHolder(Keys.PLANNER.publicKey()))),
            validity);
    seeds.add(Harness.REVOCATION_LIST, "last-holder", lastHolder);
    byte[] both = Arrays.copyOf(snapshot, snapshot.length + delta.length);
    System.arraycopy(delta, 0, both, snapshot.length, delta.length);
    seeds.add(Harness.REVOCATION_LIST, "both", both);
    seeds.add(Harness.REVOCATION_CONTENT, "snapshot", content(snapshot));
    seeds.add(Harness.REVOCATION_CONTENT, "lifting", content(lifting));
    seeds.add(Harness.REVOCATION_CONTENT, "delta", content(delta));
    seeds.add(Harness.REVOCATION_CONTENT, "last-holder", content(lastHolder));
    String digest = "ab".repeat(32);
    seeds.add(
        Harness.REVOCATION_MEMORY,
        "two",
        "taper-revocations 1\n"
            + Keys.ROOT.publicKey()
            + " 7 "
            + digest
            + "\n"
            + Keys.RESEARCHER.publicKey()
            + " 9223372036854775807 "
            + digest
            + "\n");
    seeds.add(Harness.REVOCATION_MEMORY, "none", "taper-revocations 1\n");
    String key = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    seeds.add(Harness.REVOCATION_LINES, "mixed", "# ended\nT-1\n\n" + key + "\r\n T-1 \n");
    seeds.add(Harness.REVOCATION_LINES, "no-key", "T-1\ned25519/00\n");
    seeds.add(Harness.REVOCATION_LINES, "nothing", "# nobody\n\n");
  }

  /** What the harness puts together again: type, numbers, entries. */
  private static byte[] content(byte[] list) {
    int numbers = HEADER;
    int signature = numbers + RevocationReaders.NUMBERS + 32;
    int entries = signature + 1 + list[signature];
    return ByteBuffer.allocate(1 + RevocationReaders.NUMBERS + list.length - entries)
        .put(list[19])
        .put(list, numbers, RevocationReaders.NUMBERS)
        .put(list, entries, list.length - entries)
        .array();
  }

  private static void audit(Seeds seeds) throws IOException {
    Path folder = Files.createTempDirectory("taper-seeds");
    Path file = folder.resolve("audit.jsonl");
    AgentToken token = TokenSeeds.atResearcher();
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(file, Keys.CLOCK), Keys.APPROVER).clock(Keys.CLOCK).open()) {
      log.append(AuditEvent.minted(token, Keys.CLOCK.instant()));
      log.append(AuditEvent.of(AuditKind.TASK_END, Keys.CLOCK.instant()).task("T-4711"));
      Verifier verifier =
          Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .clock(Keys.CLOCK)
              .withoutRevocation()
              .listener(log)
              .build();
      for (String tool : List.of("jira.search", "jira.drop")) {
        ToolCall call = ToolCall.of(tool).operation("read").on("jira:project/ACME/1");
        String proof = token.prove(Keys.RESEARCHER, call, "svc:jira", Keys.CLOCK).encodeBase64();
        var unused = verifier.decide(Credentials.of(token.encodeBase64(), proof), call);
      }
      log.checkpoint();
    }
    String text = Files.readString(file);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      seeds.add(Harness.AUDIT_RECORD, "record-" + i, lines.get(i));
    }
    seeds.add(Harness.AUDIT_RECORD, "spaced", " " + lines.get(0));
    seeds.add(Harness.AUDIT_LOG, "log", text);
    seeds.add(Harness.AUDIT_LOG, "cut", text.substring(0, text.length() - 20));
    byte[] statement = AuditStatement.of(token).content();
    seeds.add(Harness.AUDIT_STATEMENT, "statement", statement);
    String stated = new String(statement, StandardCharsets.UTF_8);
    seeds.add(
        Harness.AUDIT_STATEMENT, "another-member", stated.replace("{", "{\"kind\":\"allow\","));
    byte[] seal = AuditStatement.of(token.seal(Keys.RESEARCHER)).content();
    seeds.add(Harness.AUDIT_STATEMENT, "seal", seal);
    seeds.add(
        Harness.AUDIT_STATEMENT,
        "seal-of-nothing",
        "{\"format\":\"taper/1 statement\",\"sealed\":\"\"}");
    seeds.add(Harness.AUDIT_STATEMENT, "no-token", "{\"format\":\"taper/1 statement\"}");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path left : files.toList()) {
        Files.delete(left);
      }
    }
    Files.delete(folder);
  }
}
