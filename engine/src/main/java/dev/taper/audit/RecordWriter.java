package dev.taper.audit;

import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.decision.CallDecision;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes contents as JSON in two halves, before and behind the record's place in the chain: the
 * author of a record makes its halves, in its own thread, and the one thread that chains the
 * records only joins them.
 */
final class RecordWriter {
  /** The version of the records. */
  static final int VERSION = 2;

  /** The mode of decisions that were recorded and not followed. */
  static final String OBSERVED = "observed";

  static final String ALONE = "alone";

  /** What is known of a record before its place is, in UTF-8. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Halves(byte[] head, byte[] tail) {}

  private RecordWriter() {}

  static Halves halves(AuditContent content) {
    return halves(content, null);
  }

  /** Writes a content; its chain is written already if it is a known one. */
  static Halves halves(AuditContent content, KnownChains.@Nullable Chain chain) {
    StringBuilder head = new StringBuilder(2048).append('{');
    StringBuilder tail = new StringBuilder(256);
    Members before = new Members(head);
    Members behind = Members.after(tail, "seq");
    if (content instanceof AuditEvent event) {
      before(event, chain, head, before);
      behind(event, tail, behind);
    } else if (content instanceof AuditContent.LogStart start) {
      before
          .number("file", start.file() == 1 ? null : start.file())
          .text("kind", start.kind().text())
          .text("log", start.log());
      behind.time("time", start.time());
    } else if (content instanceof AuditContent.LogRecovery recovery) {
      before
          .number("bytes", recovery.bytes())
          .text("digest", recovery.digest())
          .text("kind", recovery.kind().text());
      behind.time("time", recovery.time());
    } else if (content instanceof AuditContent.Checkpoint checkpoint) {
      before
          .text("key", checkpoint.key().toString())
          .text("kind", checkpoint.kind().text())
          .number("next", checkpoint.next());
      behind.text("sig", emptyToNull(checkpoint.signature())).time("time", checkpoint.time());
    }
    behind.number("v", VERSION);
    return new Halves(utf8(head), utf8(tail.append('}')));
  }

  /** Joins the halves to the record at its place. */
  static byte[] join(Halves halves, long sequence, String previous) {
    byte[] head = halves.head();
    byte[] tail = halves.tail();
    byte[] place =
        (",\"prev\":\"" + previous + "\",\"seq\":" + sequence).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + place.length + tail.length);
    System.arraycopy(place, 0, all, head.length, place.length);
    System.arraycopy(tail, 0, all, head.length + place.length, tail.length);
    return all;
  }

  private static byte[] utf8(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void before(
      AuditEvent event, KnownChains.@Nullable Chain chain, StringBuilder out, Members members) {
    if (event.basis() != null) {
      members.name("basis");
      basis(event.basis(), out);
    }
    members.text("by", event.by());
    if (event.call() != null) {
      members.name("call");
      call(event.call(), out);
    }
    members.text("delegator", event.delegator());
    if (chain != null) {
      members.name("hops");
      out.append(chain.json());
    } else if (!event.hops().isEmpty()) {
      members.name("hops");
      hops(event.hops(), out);
    }
    members.text("kind", event.kind().text());
  }

  private static void behind(AuditEvent event, StringBuilder out, Members members) {
    if (event.subject() != null) {
      members.name("subject");
      subject(event.subject(), out);
    }
    members
        .text("task", event.task())
        .text("task_purpose", event.purpose())
        .time("time", event.time())
        .text("token", event.token());
  }

  private static void call(AuditEvent.Call call, StringBuilder out) {
    out.append('{');
    Members members =
        new Members(out)
            .text("args", call.args())
            .text("audience", call.audience())
            .text("operation", call.operation());
    if (!call.recorded().isEmpty()) {
      members.name("recorded");
      String before = "{";
      for (Map.Entry<String, String> each : call.recorded().entrySet()) {
        CanonicalJson.writeString(each.getKey(), out.append(before));
        CanonicalJson.writeString(each.getValue(), out.append(':'));
        before = ",";
      }
      out.append('}');
    }
    members.text("resource", call.resource()).text("tool", call.tool());
    out.append('}');
  }

  private static void basis(AuditBasis basis, StringBuilder out) {
    out.append('{');
    Members members =
        new Members(out)
            .texts("approvals", basis.approvals())
            .texts("budgets", basis.budgets())
            .text("catalog", basis.catalog())
            .text("code", basis.code() == null ? null : basis.code().text());
    if (basis.decider() != null) {
      members.name("decided_by");
      decider(basis.decider(), out);
    }
    members
        .number("failing_hop", basis.failingHop())
        .texts("justified", basis.justified())
        .text("mode", basis.isObserved() ? OBSERVED : basis.isAlone() ? ALONE : null)
        .number("omitted", basis.omitted())
        .text("policy", basis.policy())
        .text("presented", basis.presented().text())
        .text("proof_key", basis.proofKey() == null ? null : basis.proofKey().toString())
        .number("revocation_age_ms", basis.revocationAgeMillis())
        .number("revocation_seq", basis.revocationSequence())
        .text("root_key", basis.rootKey().toString());
    out.append('}');
  }

  private static void decider(CallDecision.Decider decider, StringBuilder out) {
    out.append('{');
    Members members = new Members(out).number("block", decider.block());
    if (decider.check()) {
      members.number("check", decider.index());
    }
    members.text("part", decider.part());
    if (!decider.check()) {
      members.number("policy", decider.index());
    }
    out.append('}');
  }

  /** The steps of a chain as they stand in a record. */
  static String hops(List<AuditHop> hops) {
    StringBuilder out = new StringBuilder(2048);
    hops(hops, out);
    return out.toString();
  }

  private static void hops(List<AuditHop> hops, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < hops.size(); i++) {
      AuditHop hop = hops.get(i);
      out.append(i == 0 ? "{" : ",{");
      new Members(out)
          .number("block", hop.block())
          .text("by", hop.by())
          .text("digest", hop.digest())
          .text("fingerprint", hop.fingerprint())
          .text("granted", hop.granted())
          .text("holder", hop.holder())
          .text("key", hop.key().toString())
          .text("mode", hop.mode().text())
          .time("until", hop.until());
      out.append('}');
    }
    out.append(']');
  }

  private static void subject(AuditEvent.Subject subject, StringBuilder out) {
    out.append('{');
    new Members(out)
        .text("decision", subject.decision())
        .text("id", subject.id())
        .text("reason", subject.reason())
        .text("type", subject.type())
        .time("until", subject.until());
    out.append('}');
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
