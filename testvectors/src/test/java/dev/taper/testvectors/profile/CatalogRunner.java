package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.catalog.ToolCatalog;
import java.util.Objects;

/** Runs the cases of catalogs, and of what calls mean by them. */
final class CatalogRunner {
  private CatalogRunner() {}

  static void catalog(JsonNode one) {
    Expectation.check(Json.get(one, "expect"), () -> read(one));
  }

  /** What is read in a catalog. */
  static JsonNode read(JsonNode one) {
    ToolCatalog catalog = ToolCatalog.parse(Json.text(one, "catalog"));
    return Cases.ok(Json.object("canonical", catalog.toJson(), "digest", catalog.digest()));
  }

  static void meanings(JsonNode one) {
    ToolCatalog catalog = ToolCatalog.parse(Json.text(one, "catalog"));
    for (JsonNode call : Json.get(one, "calls")) {
      Expectation.check(Json.get(call, "expect"), () -> meaning(catalog, call));
    }
  }

  /** What a call means. */
  static JsonNode meaning(ToolCatalog catalog, JsonNode call) {
    SentCall sent = Objects.requireNonNull(Sent.read(Json.get(call, "sent")));
    return MeaningCases.result(catalog.call(sent));
  }
}
