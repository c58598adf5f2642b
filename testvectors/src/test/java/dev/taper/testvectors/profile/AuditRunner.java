package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;

/** Runs the cases of audit logs. */
final class AuditRunner {
  private AuditRunner() {}

  static void run(JsonNode one) {
    List<PublicKey> keys = new ArrayList<>();
    Json.get(one, "keys").forEach(key -> keys.add(PublicKey.parse(key.textValue())));
    AuditVerifier trusting = AuditVerifier.trusting(keys);
    String head = Json.textOrNull(one, "head");
    AuditVerifier verifier =
        head == null ? trusting : trusting.expecting(AuditRecord.Head.parse(head));
    Expectation.check(Json.get(one, "expect"), () -> verdict(verifier, Json.text(one, "log")));
  }

  private static JsonNode verdict(AuditVerifier verifier, String log) {
    LogVerification verdict = verifier.verify(lines(log));
    LogVerification.Flaw flaw = verdict.flaw();
    if (flaw != null) {
      return Json.object("code", flaw.kind().text(), "record", flaw.sequence());
    }
    return Cases.ok(
        Json.object(
            "records",
            verdict.records(),
            "checkpoints",
            verdict.checkpoints(),
            "head",
            verdict.head().toString()));
  }

  private static AuditSource lines(String log) {
    return reader -> {
      int start = 0;
      for (long number = 1; start < log.length(); number++) {
        int end = log.indexOf('\n', start);
        boolean whole = end >= 0;
        reader.accept(
            new AuditSource.Line(number, log.substring(start, whole ? end : log.length()), whole));
        start = whole ? end + 1 : log.length();
      }
    };
  }
}
