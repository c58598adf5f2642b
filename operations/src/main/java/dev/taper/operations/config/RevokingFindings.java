package dev.taper.operations.config;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.findings.Finding;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationIssuer.Horizon;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Revokes the key of a finding whose rule says so, in the service's own list. The key that signs
 * the list is read each time, and not kept.
 */
final class RevokingFindings implements Consumer<Finding> {
  private final Workplace workplace;
  private final Place list;
  private final Path key;
  private final @Nullable AuditLog log;

  RevokingFindings(Workplace workplace, Place list, Path key, @Nullable AuditLog log) {
    this.workplace = workplace;
    this.list = list;
    this.key = key;
    this.log = log;
    load().destroy(); // that it cannot be read is found at the start
  }

  private PrivateKey load() {
    return PrivateKey.load(key);
  }

  @Override
  public void accept(Finding finding) {
    if (finding.response() != Finding.Response.REVOKE) {
      return;
    }
    Revocable what = Revocable.holder(finding.hop().holderKey());
    var unused =
        new Revoker(
                workplace,
                new Revoker.Issue(list, this::load, Horizon.KEPT),
                AuditRecorder.none(),
                null)
            .revoke(AuditKind.REVOKE, what);
    if (log != null) {
      var unusedStage =
          log.submit(
              AuditEvent.of(AuditKind.REVOKE, workplace.clock().instant())
                  .by("finding " + finding.rule())
                  .subject(what.subject()));
    }
  }
}
