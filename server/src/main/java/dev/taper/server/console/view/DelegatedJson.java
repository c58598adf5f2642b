package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.store.registry.Delegated;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A delegation as JSON. */
final class DelegatedJson {
  private DelegatedJson() {}

  /**
   * The members.
   *
   * @param now for the marks
   * @param soon what ends within this time is marked
   */
  static JsonFields of(Delegated one, Instant now, Duration soon) {
    return new JsonFields()
        .put("id", one.id())
        .putIfPresent("parent", one.parent())
        .put("depth", one.depth())
        .put("delegator", one.delegator())
        .put("grantor", one.grantor())
        .putIfPresent("holder", one.holder())
        .put("holder_key", one.holderKey())
        .put("task", one.task())
        .putIfPresent("purpose", one.purpose())
        .put("granted", one.granted())
        .putIfPresent("root_key", one.rootKey())
        .put("fingerprint", one.fingerprint())
        .putIfPresent("ends_at", View.millis(one.endsAt()))
        .putIfPresent("recorded_at", View.millis(one.recordedAt()))
        .put("calls", one.calls())
        .put("denied", one.denied())
        .putIfPresent("last_call_at", View.millis(one.lastCall()))
        .put("tools", one.tools())
        .put("unexercised", one.unexercised())
        .put("marks", marks(one, now, soon));
  }

  private static List<String> marks(Delegated one, Instant now, Duration soon) {
    List<String> marks = new ArrayList<>();
    Instant end = one.endsAt();
    if (!one.livesAt(now)) {
      marks.add(one.revoked() ? "revoked" : "ended");
    } else if (end != null && !end.isAfter(now.plus(soon))) {
      marks.add("expiring");
    }
    if (one.calls() == 0) {
      marks.add("unused");
    }
    if (!one.unexercised().isEmpty()) {
      marks.add("unexercised");
    }
    if (one.isDeniedOften()) {
      marks.add("denied");
    }
    return marks;
  }
}
