package dev.taper.audit;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.token.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordWriter} writes. */
final class RecordReader {
  private RecordReader() {}

  /**
   * Reads a record.
   *
   * @param json the record, without its chain if that is known
   * @param chain the chain that is known; null if there is none, or it stands in the JSON
   */
  static AuditRecord read(String json, KnownChains.@Nullable Chain chain) {
    ReadMembers all = ReadMembers.parse(json, AuditRecord.MAX_BYTES);
    if (all.number("v") != RecordWriter.VERSION) {
      throw Checked.malformed("the record has a version other than " + RecordWriter.VERSION);
    }
    long sequence = all.number("seq");
    String previous = all.text("prev");
    AuditContent content = content(all, chain);
    all.end();
    return AuditRecord.of(sequence, previous, content, chain);
  }

  private static AuditContent content(ReadMembers all, KnownChains.@Nullable Chain chain) {
    String name = all.text("kind");
    AuditKind kind = AuditKind.ofText(name);
    if (kind == null) {
      throw Checked.malformed("the record has an unknown kind");
    }
    return switch (kind) {
      case OPEN -> start(all);
      case RECOVER ->
          new AuditContent.LogRecovery(all.time("time"), all.number("bytes"), all.text("digest"));
      case CHECKPOINT ->
          new AuditContent.Checkpoint(
              all.time("time"), all.key("key"), all.integerOrNull("next"), all.text("sig"));
      default -> event(kind, all, chain);
    };
  }

  private static AuditContent.LogStart start(ReadMembers all) {
    Integer file = all.integerOrNull("file");
    return new AuditContent.LogStart(all.time("time"), all.text("log"), file == null ? 1 : file);
  }

  private static AuditEvent event(
      AuditKind kind, ReadMembers all, KnownChains.@Nullable Chain chain) {
    ReadMembers call = all.object("call");
    ReadMembers basis = all.object("basis");
    ReadMembers subject = all.object("subject");
    List<AuditHop> hops = chain == null ? hops(all) : chain.hops();
    return new AuditEventBuilder(kind, all.time("time"))
        .by(all.textOrNull("by"))
        .delegator(all.textOrNull("delegator"))
        .task(all.textOrNull("task"))
        .purpose(all.textOrNull("task_purpose"))
        .token(all.textOrNull("token"))
        .hops(hops)
        .call(call == null ? null : call(call))
        .basis(basis == null ? null : basis(basis))
        .subject(subject == null ? null : subject(subject))
        .build();
  }

  private static List<AuditHop> hops(ReadMembers all) {
    List<AuditHop> hops = new ArrayList<>();
    for (ReadMembers hop : all.objects("hops")) {
      hops.add(hop(hop));
    }
    return hops;
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

  private static AuditEvent.Call call(ReadMembers call) {
    AuditEvent.Call read =
        new AuditEvent.Call(
            call.textOrNull("audience"),
            call.text("tool"),
            call.textOrNull("operation"),
            call.textOrNull("resource"),
            call.textOrNull("args"),
            call.textsByName("recorded"));
    call.end();
    return read;
  }

  private static AuditBasis basis(ReadMembers basis) {
    String code = basis.textOrNull("code");
    String mode = mode(basis.textOrNull("mode"));
    AuditBasis read =
        new AuditBasis.Builder(
                basis.text("policy"),
                constant(Token.Kind.class, basis.text("presented")),
                basis.key("root_key"))
            .denied(
                code == null ? null : constant(DenialCode.class, code),
                basis.integerOrNull("failing_hop"))
            .omitted(basis.numberOrNull("omitted"))
            .proof(basis.keyOrNull("proof_key"))
            .revocation(
                basis.numberOrNull("revocation_seq"), basis.numberOrNull("revocation_age_ms"))
            .activations(basis.texts("approvals"), basis.texts("justified"))
            .budgets(basis.texts("budgets"))
            .catalog(basis.textOrNull("catalog"))
            .observed(RecordWriter.OBSERVED.equals(mode))
            .alone(RecordWriter.ALONE.equals(mode))
            .decider(decider(basis.object("decided_by")))
            .build();
    basis.end();
    return read;
  }

  private static CallDecision.@Nullable Decider decider(@Nullable ReadMembers decider) {
    if (decider == null) {
      return null;
    }
    Integer check = decider.integerOrNull("check");
    Integer index = check == null ? decider.integerOrNull("policy") : check;
    if (index == null) {
      throw Checked.malformed("what decided has no place");
    }
    CallDecision.Decider read =
        new CallDecision.Decider(
            check != null, index, decider.textOrNull("part"), decider.integerOrNull("block"));
    decider.end();
    return read;
  }

  private static @Nullable String mode(@Nullable String mode) {
    if (mode != null && !mode.equals(RecordWriter.OBSERVED) && !mode.equals(RecordWriter.ALONE)) {
      throw Checked.malformed("the record has an unknown mode");
    }
    return mode;
  }

  private static AuditEvent.Subject subject(ReadMembers subject) {
    AuditEvent.Subject read =
        new AuditEvent.Subject(
            subject.text("type"),
            subject.text("id"),
            subject.timeOrNull("until"),
            subject.textOrNull("reason"),
            subject.textOrNull("decision"));
    subject.end();
    return read;
  }

  /** The constant that a text in lower case names; other spellings are found out afterwards. */
  private static <E extends Enum<E>> E constant(Class<E> type, @Nullable String text) {
    try {
      return Enum.valueOf(type, text == null ? "" : text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Checked.malformed("the record has an unknown " + type.getSimpleName());
    }
  }
}
