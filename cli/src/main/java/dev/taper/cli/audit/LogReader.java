package dev.taper.cli.audit;

import dev.taper.audit.AuditFlaw;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Stores;
import dev.taper.crypto.PublicKey;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads audit logs, and never without verifying them. */
final class LogReader {
  private final Console console;

  LogReader(Console console) {
    this.console = console;
  }

  /** Verifies a log and passes on its good records. */
  LogVerification verify(LogInput input, Consumer<AuditRecord> reader) {
    if (input.place() instanceof Place.Sql sql) {
      return Stores.readAudit(console, sql, log -> verifier(input).verify(log, reader));
    }
    return verifier(input).verify(file(input.place()), reader);
  }

  private AuditSource file(Place place) {
    if (place instanceof Place.File file && Files.isRegularFile(console.resolve(file.name()))) {
      return AuditSource.of(console.resolve(file.name()));
    }
    throw CliException.io("cannot read the audit log: there is no file " + place.shown(), null);
  }

  private AuditVerifier verifier(LogInput input) {
    AuditVerifier verifier = trusting(input);
    return input.head() == null ? verifier : verifier.expecting(input.head());
  }

  private AuditVerifier trusting(LogInput input) {
    if (input.keys().isEmpty()) {
      return AuditVerifier.withoutTrustedKeys();
    }
    Keys keys = new Keys(console, new Inputs(console));
    List<PublicKey> trusted = new ArrayList<>();
    for (KeyInput key : input.keys()) {
      trusted.add(keys.publicKey(key));
    }
    return AuditVerifier.trusting(trusted);
  }

  /**
   * Reads a log in which nothing may be wrong; the last record may be in the middle of being
   * written.
   *
   * @return what was found: whether a key that was named has signed it
   * @throws CliException if something is wrong, or a key was named and nothing is signed
   */
  LogVerification read(LogInput input, Consumer<AuditRecord> reader) {
    LogVerification verdict = verify(input, reader);
    AuditFlaw flaw = verdict.flaw();
    if (flaw != null) {
      String where = "line " + flaw.line() + " of the audit log: " + flaw.message();
      if (flaw.kind() != AuditFlaw.Kind.TORN) {
        throw refused("audit_" + flaw.kind().text(), where);
      }
      console.err().println("taper: note: " + where);
    }
    if (verdict.trusted() && verdict.signed() == null) {
      throw refused("audit_unsigned", "the audit log is not signed");
    }
    if (!verdict.trusted()) {
      console.err().println("taper: note: this audit log: " + Words.untrusted(verdict));
    }
    return verdict;
  }

  private static CliException refused(String code, String why) {
    return new CliException(ExitCode.DENIED, code, why + "; see taper audit verify", null);
  }
}
