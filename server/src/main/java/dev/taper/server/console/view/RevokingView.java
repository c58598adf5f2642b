package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Reviews;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code revocations}: revoking with the operator's own list key. Thread-safe. */
public final class RevokingView implements View {
  private static final int MAX_REASON = 2048;

  private final @Nullable Registry registry;
  private final @Nullable Revoker revoker;

  /**
   * Revokes.
   *
   * @param registry knows delegations; null if there is none
   * @param revoker signs the list; null if nothing can be revoked here
   */
  public RevokingView(@Nullable Registry registry, @Nullable Revoker revoker) {
    this.registry = registry;
    this.revoker = revoker;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    boolean isDraft = request.is("POST", "revocations", "draft");
    if (!isDraft && !request.is("POST", "revocations")) {
      return null;
    }
    JsonMembers<RefusedException> content = request.content();
    String kind = content.text("kind");
    String id = content.text("id");
    String reason = content.textOrNull("reason");
    boolean isTaskEnd = content.flag("task_end");
    content.end();
    if (reason != null && (reason.isBlank() || reason.length() > MAX_REASON)) {
      throw ViewRequest.invalid("a reason has 1 to " + MAX_REASON + " characters");
    }
    if (isTaskEnd && !kind.equals("task")) {
      throw ViewRequest.invalid("only a task ends");
    }
    Revocable what = revocable(kind, id).reason(reason);
    return isDraft ? draft(kind, id, what) : revoked(request.by(), what, isTaskEnd);
  }

  private Revocable revocable(String kind, String id) throws RefusedException {
    return switch (kind) {
      case "task" -> Revocable.task(id);
      case "delegator" -> Revocable.delegator(id);
      case "holder" -> Revocable.holder(PublicKey.parse(id));
      case "last_holder" -> Revocable.lastHolder(PublicKey.parse(id));
      case "block" -> block(id);
      default -> throw ViewRequest.invalid("there is nothing of such a kind to revoke");
    };
  }

  private Revocable block(String id) throws RefusedException {
    if (registry == null) {
      throw new RefusedException(
          403, "no_registry", "what a block is only a registry of one's own says");
    }
    Registry.Family family = registry.family(id);
    if (family == null) {
      throw new RefusedException(404, "unknown_delegation", null);
    }
    Delegated one = family.chain().get(family.chain().size() - 1);
    RevocationEntry entry = Reviews.revocation(one);
    AuditEvent.Subject subject = AuditEvent.Subject.of("block", one.id());
    return new Revocable(
        entry,
        "what " + one.grantor() + " gave to " + one.holderName() + ", and all that came of it",
        entry.until() == null ? subject : subject.until(entry.until()),
        one.task());
  }

  private JsonFields draft(String kind, String id, Revocable what) {
    OptionalInt ends =
        registry == null ? OptionalInt.empty() : registry.endedBy(what.entry().fingerprint());
    return new JsonFields()
        .put("kind", kind)
        .put("id", id)
        .put("words", what.words())
        .putIfPresent("ends", ends.isPresent() ? ends.getAsInt() : null);
  }

  private JsonFields revoked(@Nullable String by, Revocable what, boolean isTaskEnd)
      throws RefusedException {
    if (revoker == null) {
      throw new RefusedException(
          403, "no_list_key", "this console was started without a key that signs a list");
    }
    Revoker own = by == null ? revoker : revoker.by(by);
    Revoker.Report report = own.revoke(isTaskEnd ? AuditKind.TASK_END : AuditKind.REVOKE, what);
    return new JsonFields()
        .put("sequence", report.issued().sequence())
        .putIfPresent("ended", report.ended().isPresent() ? report.ended().getAsInt() : null)
        .put("words", what.words())
        .putIfPresent("failure", report.failure() == null ? null : "not_recorded");
  }
}
