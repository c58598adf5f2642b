package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.store.registry.Delegated;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A delegation as JSON. */
final class DelegatedJson {
  private DelegatedJson() {}

  /**
   * Writes the members.
   *
   * @param now for the marks
   * @param soon what ends within this time is marked
   */
  static void write(JsonGenerator json, Delegated one, Instant now, Duration soon)
      throws IOException {
    json.writeStringField("id", one.id());
    ViewJson.text(json, "parent", one.parent());
    json.writeNumberField("depth", one.depth());
    json.writeStringField("delegator", one.delegator());
    json.writeStringField("grantor", one.grantor());
    ViewJson.text(json, "holder", one.holder());
    json.writeStringField("holder_key", one.holderKey());
    json.writeStringField("task", one.task());
    ViewJson.text(json, "purpose", one.purpose());
    json.writeStringField("granted", one.granted());
    ViewJson.text(json, "root_key", one.rootKey());
    json.writeStringField("fingerprint", one.fingerprint());
    ViewJson.moment(json, "ends_at", one.endsAt());
    ViewJson.moment(json, "recorded_at", one.recordedAt());
    json.writeNumberField("calls", one.calls());
    json.writeNumberField("denied", one.denied());
    ViewJson.moment(json, "last_call_at", one.lastCall());
    ViewJson.texts(json, "tools", one.tools());
    ViewJson.texts(json, "unexercised", one.unexercised());
    ViewJson.texts(json, "marks", marks(one, now, soon));
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
