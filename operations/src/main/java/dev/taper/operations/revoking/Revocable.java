package dev.taper.operations.revoking;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.audit.AuditEvent;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Reviews;
import dev.taper.token.VerifiedChain;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be revoked. Immutable and thread-safe.
 *
 * @param entry what the list says of it
 * @param words what it is, for people
 * @param subject what the audit log says of it
 * @param task the task that it belongs to, or null
 */
public record Revocable(
    RevocationEntry entry, String words, AuditEvent.Subject subject, @Nullable String task) {
  /** Everything that was granted for a task. */
  public static Revocable task(String id) {
    return named(RevocationEntry.Kind.TASK, Fingerprint.ofTask(id), "task " + id, "task", id);
  }

  /** Everything that was granted in somebody's name. */
  public static Revocable delegator(String name) {
    return named(
        RevocationEntry.Kind.DELEGATOR,
        Fingerprint.ofDelegator(name),
        "delegator " + name,
        "delegator",
        name);
  }

  /** Everything that a key held or signed, and what it approved. */
  public static Revocable holder(PublicKey key) {
    String words = "the holder's key " + key;
    return named(
        RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(key), words, "holder", key.toString());
  }

  /** Everything that a key holds now; what was handed on from there lives. */
  public static Revocable lastHolder(PublicKey key) {
    String words = "the key " + key + " as last holder";
    Fingerprint fingerprint = Fingerprint.ofLastHolder(key);
    return named(
        RevocationEntry.Kind.LAST_HOLDER, fingerprint, words, "last_holder", key.toString());
  }

  /** Everything that a root key signed. */
  public static Revocable root(PublicKey key) {
    String words = "the root key " + key;
    return named(
        RevocationEntry.Kind.ROOT, Fingerprint.ofRoot(key), words, "root_key", key.toString());
  }

  /**
   * An approval, until its own end. It counts for nothing then, and no token ends.
   *
   * @throws TaperException {@link ErrorCode#INVALID_SIGNATURE} if it is not signed by its approver,
   *     so that it never counted
   */
  public static Revocable approval(Approval approval) {
    if (!approval.isSigned()) {
      throw new TaperException(
          ErrorCode.INVALID_SIGNATURE, "the approval is not signed by its approver");
    }
    Revocable named = approval(approval.approver(), approval.statement().id());
    return named.until(approval.statement().until());
  }

  /**
   * An approval by its name: the key of its approver, and its id in hexadecimal.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is no id
   */
  public static Revocable approval(PublicKey approver, String id) {
    String name = approver + " " + id;
    Fingerprint fingerprint = Fingerprint.ofApproval(approver, id);
    return named(RevocationEntry.Kind.APPROVAL, fingerprint, "approval " + name, "approval", name);
  }

  /**
   * What one block granted, and all that came of it. Only a verified token says whose block it is.
   *
   * @param token the token
   * @param index the block, from 0; null for the last
   * @throws OperationException {@code usage} if there is no such block
   * @throws TaperException if it is no delegation token
   */
  public static Revocable block(VerifiedChain token, @Nullable Integer index) {
    DelegationChain chain = DelegationChain.of(token);
    int last = chain.hops().size() - 1;
    int block = index == null ? last : index;
    if (block < 0 || block > last) {
      throw OperationException.usage("the token has blocks 0 to " + last);
    }
    DelegationHop hop = chain.hops().get(block);
    byte[] revocationKey = token.revocationKeys().get(block);
    String words = "block " + block + " (" + hop.grantor() + " → " + hop.holderName() + ")";
    RevocationEntry entry = chain.revocation(block);
    return new Revocable(
        entry,
        words + " and all that came of it",
        AuditEvent.Subject.of("block", HexFormat.of().formatHex(Digests.sha256(revocationKey)))
            .until(entry.until()),
        chain.task().id());
  }

  /** What one delegation granted, and all that came of it, as a registry knows it. */
  public static Revocable delegation(Delegated delegation) {
    RevocationEntry entry = Reviews.revocation(delegation);
    return new Revocable(
        entry,
        "what " + delegation.holderName() + " holds for " + delegation.task(),
        AuditEvent.Subject.of("block", delegation.id()).until(entry.until()),
        delegation.task());
  }

  /**
   * Gives the entry another end.
   *
   * @param until when it would be over anyway
   * @throws OperationException {@code usage} if a block's token, or an approval, would be good
   *     again from then on
   */
  public Revocable until(Instant until) {
    boolean hasEnd = entry.kind() == RevocationEntry.Kind.APPROVAL && entry.until() != null;
    if (entry.kind() == RevocationEntry.Kind.BLOCK || hasEnd) {
      requireNotBefore(entry.until(), until);
    }
    return new Revocable(
        new RevocationEntry(entry.kind(), entry.fingerprint(), until),
        words,
        subject.until(until),
        task);
  }

  /** Gives it a reason for the audit log, or none. */
  public Revocable reason(@Nullable String reason) {
    return new Revocable(entry, words, subject.reason(reason), task);
  }

  private static Revocable named(
      RevocationEntry.Kind kind, Fingerprint fingerprint, String words, String type, String id) {
    return new Revocable(
        RevocationEntry.forever(kind, fingerprint),
        words,
        AuditEvent.Subject.of(type, id),
        kind == RevocationEntry.Kind.TASK ? id : null);
  }

  private static void requireNotBefore(@Nullable Instant end, Instant until) {
    if (end == null || until.isBefore(end)) {
      throw OperationException.usage(
          "it would be good again from "
              + until
              + (end == null ? ": it has no end of its own" : " until its own end, " + end)
              + "; leave the end out");
    }
  }
}
