package dev.taper.cli.registry;

import dev.taper.JsonFields;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Delegations and reviews for programs. */
final class RegistryFields {
  private RegistryFields() {}

  /** A delegation. */
  static JsonFields of(Delegated delegation) {
    return new JsonFields()
        .put("id", delegation.id())
        .putIfPresent("parent", delegation.parent())
        .put("delegator", delegation.delegator())
        .put("task", delegation.task())
        .putIfPresent("purpose", delegation.purpose())
        .put("granted_by", delegation.grantor())
        .putIfPresent("holder", delegation.holder())
        .put("holder_key", delegation.holderKey())
        .put("depth", delegation.depth())
        .put("granted", delegation.granted())
        .put("tools", delegation.tools())
        .put("never_called", delegation.unexercised())
        .put("calls", delegation.calls())
        .put("denied", delegation.denied())
        .putIfPresent("last_call", delegation.lastCall())
        .putIfPresent("ends", delegation.endsAt())
        .putIfPresent("recorded", delegation.recordedAt())
        .putIfPresent("root_key", delegation.rootKey())
        .put("fingerprint", delegation.fingerprint());
  }

  /** A review without its items. */
  static JsonFields head(Review review, Instant now) {
    Map<String, Long> counts = new LinkedHashMap<>();
    ReviewText.STATES.forEach(state -> counts.put(state, review.count(state, now)));
    return new JsonFields()
        .put("review", review.id())
        .put("title", review.title())
        .put("started_by", review.startedBy())
        .putIfPresent("started", review.startedAt())
        .putIfPresent("due", review.dueAt())
        .putIfPresent("closed", review.closedAt())
        .put("count", counts);
  }

  /** An item of a review. */
  static JsonFields of(ReviewItem item, Instant now) {
    return new JsonFields()
        .put("item", item.number())
        .put("state", item.state(now))
        .putIfPresent("decided_by", item.decidedBy())
        .putIfPresent("decided_at", item.decidedAt())
        .putIfPresent("reason", item.reason())
        .put("delegation", of(item.delegation()));
  }
}
