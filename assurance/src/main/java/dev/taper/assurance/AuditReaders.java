package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.AuditStatement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Readers of audit logs. */
final class AuditReaders {
  private static final Category[] WIRE = {Category.FORMAT, Category.SIGNATURE, Category.KEY};
  private static final Scratch LOG = new Scratch("audit.jsonl");
  private static final AgentToken RESEARCHER = TokenSeeds.atResearcher();

  private AuditReaders() {}

  static boolean record(byte[] input) {
    String json = utf8(input);
    Optional<AuditRecord> record =
        read(() -> AuditRecord.parse(json), ErrorCode.MALFORMED_AUDIT_RECORD);
    record.ifPresent(
        read -> {
          same("a record has one form", json, read.json());
          same(
              "a head reads the same", read.head(), AuditRecord.Head.parse(read.head().toString()));
        });
    return record.isPresent();
  }

  /** A wrong log is a result: no content of the file makes the reader throw. */
  static boolean log(byte[] input) {
    boolean verifies = LOG.with(input, AuditReaders::verify);
    boolean goesOn = LOG.with(input, AuditReaders::goesOn);
    same("a log that verifies goes on", verifies, verifies && goesOn);
    return verifies;
  }

  /** Whether a writer takes the file for its own, which it reads from its end. */
  private static boolean goesOn(Path file) {
    file.resolveSibling(file.getFileName() + ".lock").toFile().deleteOnExit();
    return read(
            () -> {
              try (AuditSink sink = AuditSink.inFileWithoutForcingToDisk(file, Keys.CLOCK)) {
                return sink.last() != null;
              }
            },
            ErrorCode.AUDIT_CORRUPT)
        .orElse(false);
  }

  private static boolean verify(Path file) {
    List<AuditRecord> good = new ArrayList<>();
    LogVerification verdict =
        AuditVerifier.withoutTrustedKeys().verify(AuditSource.of(file), good::add);
    same("a verdict counts the good records", verdict.records(), (long) good.size());
    for (int i = 1; i < good.size(); i++) {
      same("good records are chained", good.get(i - 1).hash(), good.get(i).previous());
    }
    same("a log without trusted keys is never intact", false, verdict.intact());
    return verdict.consistent() && !good.isEmpty();
  }

  /** A statement is what it reads as, and every one has one event beside the token before it. */
  static boolean statement(byte[] input) {
    Optional<AuditStatement> read;
    try {
      read = read(() -> AuditStatement.parse(input), WIRE);
    } catch (OperationException e) {
      if (!e.code().equals("malformed_statement")) {
        throw new AssertionError("refused with " + e.code(), e);
      }
      return false;
    }
    if (read.isEmpty()) {
      return false;
    }
    AuditStatement statement = read.get();
    byte[] again = AuditStatement.parse(statement.content()).content();
    same("a statement reads the same", statement.content(), again);
    AgentToken longer = statement.token();
    try {
      AgentToken before = longer == null ? RESEARCHER : longer;
      AuditEvent event = statement.event(before, Keys.CLOCK.instant());
      same("no token is a longer one than itself", true, longer == null);
      same("what is done to a token without a block", AuditKind.SEAL, event.kind());
    } catch (OperationException e) {
      same("another token", "other_token", e.code());
    }
    return true;
  }
}
