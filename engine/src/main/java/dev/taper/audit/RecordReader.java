package dev.taper.audit;

import dev.taper.agent.DelegationHop;
import dev.taper.agent.DenialCode;
import dev.taper.crypto.PublicKey;
import dev.taper.token.TokenKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordWriter} writes. */
final class RecordReader {
  private RecordReader() {}

  static AuditRecord read(String json) {
    ReadMembers all = ReadMembers.parse(json, AuditRecord.MAX_BYTES);
    if (all.number("v") != RecordWriter.VERSION) {
      throw Checked.malformed("the record has a version other than " + RecordWriter.VERSION);
    }
    long sequence = all.number("seq");
    String previous = all.text("prev");
    AuditContent content = content(all);
    all.end();
    return AuditRecord.of(sequence, previous, content);
  }

  private static AuditContent content(ReadMembers all) {
    String name = all.text("kind");
    AuditKind kind = AuditKind.ofText(name);
    if (kind == null) {
      throw Checked.malformed("the record has an unknown kind");
    }
    return switch (kind) {
      case OPEN -> new LogStart(all.time("time"), all.text("log"));
      case RECOVER -> new LogRecovery(all.time("time"), all.number("bytes"), all.text("digest"));
      case CHECKPOINT -> new Checkpoint(all.time("time"), all.key("key"), all.text("sig"));
      default -> event(kind, all);
    };
  }

  private static AuditEvent event(AuditKind kind, ReadMembers all) {
    ReadMembers call = all.object("call");
    ReadMembers grounds = all.object("grounds");
    ReadMembers subject = all.object("subject");
    List<AuditHop> hops = new ArrayList<>();
    for (ReadMembers hop : all.objects("hops")) {
      hops.add(hop(hop));
    }
    return new AuditEvent(
        kind,
        all.time("time"),
        all.textOrNull("by"),
        all.textOrNull("delegator"),
        all.textOrNull("task"),
        all.textOrNull("task_purpose"),
        all.textOrNull("token"),
        hops,
        call == null ? null : call(call),
        grounds == null ? null : grounds(grounds),
        subject == null ? null : subject(subject));
  }

  private static AuditHop hop(ReadMembers hop) {
    AuditHop read =
        new AuditHop(
            hop.integer("block"),
            constant(DelegationHop.Mode.class, hop.text("mode")),
            hop.text("by"),
            hop.textOrNull("holder"),
            hop.key("key"),
            hop.text("digest"),
            hop.textOrNull("fingerprint"),
            hop.timeOrNull("until"),
            hop.textOrNull("granted"));
    hop.end();
    return read;
  }

  private static AuditCall call(ReadMembers call) {
    AuditCall read =
        new AuditCall(
            call.textOrNull("audience"),
            call.text("tool"),
            call.textOrNull("operation"),
            call.textOrNull("resource"),
            call.textOrNull("args"));
    call.end();
    return read;
  }

  private static AuditBasis grounds(ReadMembers grounds) {
    String code = grounds.textOrNull("code");
    PublicKey proofKey = grounds.keyOrNull("proof_key");
    AuditBasis read =
        new AuditBasis(
            code == null ? null : constant(DenialCode.class, code),
            grounds.integerOrNull("failing_hop"),
            grounds.numberOrNull("omitted"),
            grounds.text("policy"),
            constant(TokenKind.class, grounds.text("presented")),
            grounds.key("root_key"),
            proofKey,
            grounds.numberOrNull("revocation_seq"),
            grounds.numberOrNull("revocation_age_ms"),
            grounds.texts("approvals"),
            grounds.texts("justified"));
    grounds.end();
    return read;
  }

  private static AuditSubject subject(ReadMembers subject) {
    AuditSubject read =
        new AuditSubject(
            subject.text("type"),
            subject.text("id"),
            subject.timeOrNull("until"),
            subject.textOrNull("reason"),
            subject.textOrNull("verdict"));
    subject.end();
    return read;
  }

  /** The constant that a text in lower case names; another spelling is found out afterwards. */
  private static <E extends Enum<E>> E constant(Class<E> type, @Nullable String text) {
    try {
      return Enum.valueOf(type, text == null ? "" : text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Checked.malformed("the record has an unknown " + type.getSimpleName());
    }
  }
}
