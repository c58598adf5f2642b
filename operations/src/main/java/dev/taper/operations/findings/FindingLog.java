package dev.taper.operations.findings;

import dev.taper.FailureLog;
import dev.taper.audit.AuditLog;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes findings to the service's log, as warnings, and as records to its audit log. */
final class FindingLog {
  private static final Logger LOG = LoggerFactory.getLogger(FindingLog.class);

  private FindingLog() {}

  /**
   * Makes one who is told of findings. It does not wait for a record to be safe; that one is not is
   * logged.
   *
   * @param audit where records go; null for none
   * @param clock what time it is, for log lines
   */
  static Consumer<Finding> into(@Nullable AuditLog audit, Clock clock) {
    FailureLog failures = FailureLog.of(FindingLog.class, "recording a finding", clock);
    return finding -> {
      LOG.warn("{}. {}", finding.words(), finding.advice());
      if (audit != null) {
        var unused =
            audit
                .submit(finding.record())
                .whenComplete(
                    (receipt, failure) -> {
                      if (failure != null) {
                        failures.failed(failure);
                      }
                    });
      }
    };
  }
}
