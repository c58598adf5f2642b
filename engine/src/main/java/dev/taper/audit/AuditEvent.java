package dev.taper.audit;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to authority: it was granted, used, refused, approved, revoked, reviewed.
 * Holds names, keys and digests; never a token, an argument's value or a secret. Immutable and
 * thread-safe: every method that adds something returns a changed copy.
 */
public final class AuditEvent implements AuditContent {
  private final AuditEventBuilder parts; // nobody changes them

  AuditEvent(AuditEventBuilder stated) {
    if (stated.kind.ofTheLog()) {
      throw Checked.malformed(
          "only a log itself writes a record of the kind " + stated.kind.text());
    }
    Checked.textOrNull(stated.by, "who did it");
    Checked.textOrNull(stated.delegator, "the delegator");
    Checked.textOrNull(stated.task, "the task");
    if (stated.token != null) {
      Checked.hex(stated.token, 32, "the token's digest");
    }
    this.parts = new AuditEventBuilder(stated);
  }

  /**
   * Starts an event with what happened, and when.
   *
   * @param kind what happened; none of those that a log writes about itself
   * @param time when, cut to the millisecond
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if the kind
   *     is one of a log's own
   */
  public static AuditEvent of(AuditKind kind, Instant time) {
    return new AuditEventBuilder(kind, time).build();
  }

  /** A verifier decided about a call. The event says what every block leaves. */
  public static AuditEvent decided(DecisionEvent event) {
    return decided(event, digest -> true);
  }

  /**
   * A verifier decided about a call. A denial of a call that nobody proved to make is recorded in
   * short: the token's digest, the tool and why. Anyone who got hold of a token can make any number
   * of those.
   *
   * @param event the decision
   * @param describe whether to say what is left after the block of that digest
   */
  public static AuditEvent decided(DecisionEvent event, Predicate<String> describe) {
    return DecisionRecord.of(DecisionRecord.kind(event), event, RecordedArguments.NONE, describe);
  }

  /**
   * A token was minted.
   *
   * @param token the new token
   * @param time when
   */
  public static AuditEvent minted(AgentToken token, Instant time) {
    return of(AuditKind.MINT, time).about(token).by(token.chain().delegator());
  }

  /**
   * A token was handed on or narrowed, by the holder before.
   *
   * @param token the new token
   * @param time when
   */
  public static AuditEvent delegated(AgentToken token, Instant time) {
    List<DelegationHop> hops = token.chain().hops();
    return of(AuditKind.DELEGATE, time).about(token).by(hops.get(hops.size() - 1).grantor());
  }

  /**
   * A token, as it was before or after, was sealed by its holder, or if nobody holds it by anyone.
   */
  public static AuditEvent sealed(AgentToken token, Instant time) {
    Agent holder = token.chain().holder();
    return of(AuditKind.SEAL, time).about(token).by(holder == null ? null : holder.name());
  }

  /** What happened. */
  @Override
  public AuditKind kind() {
    return parts.kind;
  }

  /** When, to the millisecond. */
  @Override
  public Instant time() {
    return parts.time;
  }

  /** Who did it, a name or a key; null if the record does not say. */
  public @Nullable String by() {
    return parts.by;
  }

  /** Whose authority it is, or null. */
  public @Nullable String delegator() {
    return parts.delegator;
  }

  /** What it is for, or null. */
  public @Nullable String task() {
    return parts.task;
  }

  /** The task in words, or null. */
  public @Nullable String purpose() {
    return parts.purpose;
  }

  /** The digest of the token's last block, 64 hex digits, or null. */
  public @Nullable String token() {
    return parts.token;
  }

  /** The token's chain, the authority block first; empty if there is no token. */
  public List<AuditHop> hops() {
    return parts.hops;
  }

  /** The call, or null. */
  public @Nullable Call call() {
    return parts.call;
  }

  /** What a decision rests on; null unless the kind is a decision. */
  public @Nullable AuditBasis basis() {
    return parts.basis;
  }

  /** What else it is about, or null. */
  public @Nullable Subject subject() {
    return parts.subject;
  }

  /** Says who did it: a name or a key. */
  public AuditEvent by(@Nullable String who) {
    return new AuditEventBuilder(parts).by(who).build();
  }

  /** Says for which task it was done. */
  public AuditEvent task(String id) {
    return new AuditEventBuilder(parts).task(id).build();
  }

  /** Adds a token and all that its blocks grant. */
  public AuditEvent about(AgentToken aToken) {
    return new AuditEventBuilder(parts)
        .chain(aToken.chain(), hex(aToken.blockDigests()), aToken.revocationKeys(), digest -> true)
        .build();
  }

  /** Adds a verified chain, without what its blocks grant. */
  public AuditEvent about(DelegationChain chain) {
    return new AuditEventBuilder(parts)
        .chain(chain, hex(chain.blockDigests()), List.of(), digest -> false)
        .build();
  }

  /** Adds the call that it is about. */
  public AuditEvent call(Call aCall) {
    return new AuditEventBuilder(parts).call(aCall).build();
  }

  /** Adds a subject that is not a token. */
  public AuditEvent subject(Subject aSubject) {
    return new AuditEventBuilder(parts).subject(aSubject).build();
  }

  /** Adds how many denials like it were left out of the log before it. */
  AuditEvent omitted(long count) {
    return parts.basis == null
        ? this
        : new AuditEventBuilder(parts).basis(parts.basis.omitted(count)).build();
  }

  static List<String> hex(List<byte[]> digests) {
    List<String> texts = new ArrayList<>(digests.size());
    for (byte[] digest : digests) {
      texts.add(HexFormat.of().formatHex(digest));
    }
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof AuditEvent other && parts.all().equals(other.parts.all());
  }

  @Override
  public int hashCode() {
    return parts.all().hashCode();
  }

  /** The time, the kind and the task. */
  @Override
  public String toString() {
    return parts.time + " " + parts.kind.text() + (parts.task == null ? "" : " " + parts.task);
  }

  /**
   * A call that was made, or that was approved in advance. Its arguments are known by a digest
   * only.
   *
   * @param audience the service; null if any
   * @param tool the tool
   * @param operation the operation, or null
   * @param resource the resource, or null
   * @param args the SHA-256 digest of the arguments as canonical JSON, 64 hex digits; null if any
   *     arguments would do
   * @param recorded the arguments that the service chose to record, each as canonical JSON that is
   *     cut after {@value #MAX_ARGUMENT} characters and then ends in an ellipsis
   */
  public record Call(
      @Nullable String audience,
      String tool,
      @Nullable String operation,
      @Nullable String resource,
      @Nullable String args,
      SortedMap<String, String> recorded) {
    /** The most characters of a recorded argument. */
    public static final int MAX_ARGUMENT = 256;

    /** The most arguments of a call that are recorded. */
    public static final int MAX_ARGUMENTS = 16;

    /**
     * Checks the parts.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
     *     out of its range
     */
    public Call {
      Checked.textOrNull(audience, "the audience");
      Checked.text(tool, "the tool");
      Checked.textOrNull(operation, "the operation");
      Checked.textOrNull(resource, "the resource");
      if (args != null) {
        Checked.hex(args, 32, "the digest of the arguments");
      }
      if (recorded.size() > MAX_ARGUMENTS) {
        throw Checked.malformed("more than " + MAX_ARGUMENTS + " arguments are recorded");
      }
      SortedMap<String, String> cut = new TreeMap<>();
      recorded.forEach(
          (name, json) ->
              cut.put(Checked.text(name, "an argument's name"), ShortText.of(json, MAX_ARGUMENT)));
      recorded = Collections.unmodifiableSortedMap(cut);
    }

    /** A call none of whose arguments is recorded. */
    public Call(
        @Nullable String audience,
        String tool,
        @Nullable String operation,
        @Nullable String resource,
        @Nullable String args) {
      this(audience, tool, operation, resource, args, Collections.emptySortedMap());
    }

    /** A call, with its arguments' digest; the service may be null. */
    public static Call of(@Nullable String audience, ToolCall call) {
      return new Call(
          audience,
          call.tool(),
          call.operation(),
          call.resource(),
          HexFormat.of().formatHex(call.argumentsDigest()));
    }

    /** The call with any arguments. */
    public Call withAnyArguments() {
      return new Call(audience, tool, operation, resource, null);
    }
  }

  /**
   * What a step in the life of authority was about, if not the token itself.
   *
   * @param type what it is: {@code approval}, {@code justification}, {@code block}, {@code task},
   *     {@code holder}, {@code delegator}, {@code root_key}, {@code review} …
   * @param id which one: an id, a digest, a name or a key
   * @param until when it ends, or null
   * @param reason why, in the words of the one who did it, or null; reasons are written for
   *     reviewers and so are recorded as they stand
   * @param decision what came of it, such as {@code certified}, or null
   */
  public record Subject(
      String type,
      String id,
      @Nullable Instant until,
      @Nullable String reason,
      @Nullable String decision) {
    /** The type of a subject that is the key of this log; its id is the key. */
    public static final String AUDIT_KEY = "audit_key";

    /** What was decided of a key that signs no more checkpoints of this log. */
    public static final String RETIRED = "retired";

    /** The most characters of a reason; what is longer is cut and ends in an ellipsis. */
    public static final int MAX_REASON = 2048;

    /**
     * Checks the parts, and cuts the time to milliseconds and the reason to its limit.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
     *     out of its range
     */
    public Subject {
      Checked.text(type, "the type of the subject");
      Checked.text(id, "the id of the subject");
      until = until == null ? null : Checked.time(until);
      reason = reason == null ? null : ShortText.of(reason, MAX_REASON);
      Checked.textOrNull(decision, "the decision");
    }

    /** A subject with a type and an id only. */
    public static Subject of(String type, String id) {
      return new Subject(type, id, null, null, null);
    }

    /** Adds an end. */
    public Subject until(@Nullable Instant end) {
      return new Subject(type, id, end, reason, decision);
    }

    /** Adds a reason. */
    public Subject reason(@Nullable String words) {
      return new Subject(type, id, until, words, decision);
    }

    /** Adds a decision. */
    public Subject decision(String words) {
      return new Subject(type, id, until, reason, words);
    }
  }
}
