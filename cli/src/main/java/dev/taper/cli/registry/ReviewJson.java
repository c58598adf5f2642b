package dev.taper.cli.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Json;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.io.IOException;
import java.time.Instant;

/** Reviews as JSON. */
final class ReviewJson {
  private ReviewJson() {}

  static void write(JsonGenerator json, Review review, Instant now) throws IOException {
    head(json, review, now);
    json.writeArrayFieldStart("items");
    for (ReviewItem item : review.items()) {
      json.writeStartObject();
      json.writeNumberField("item", item.number());
      json.writeStringField("state", item.state(now));
      Json.text(json, "decided_by", item.decidedBy());
      Json.text(json, "decided_at", item.decidedAt());
      Json.text(json, "reason", item.reason());
      json.writeObjectFieldStart("delegation");
      RegistryJson.write(json, item.delegation());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void head(JsonGenerator json, Review review, Instant now) throws IOException {
    json.writeNumberField("review", review.id());
    json.writeStringField("title", review.title());
    json.writeStringField("started_by", review.startedBy());
    Json.text(json, "started", review.startedAt());
    Json.text(json, "due", review.dueAt());
    Json.text(json, "closed", review.closedAt());
    json.writeObjectFieldStart("count");
    for (String state : ReviewText.STATES) {
      json.writeNumberField(state, review.count(state, now));
    }
    json.writeEndObject();
  }
}
