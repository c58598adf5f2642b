package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ToolCatalog;
import java.util.List;
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

  static void shownCall(JsonNode one) {
    Expectation.check(Json.get(one, "expect"), () -> shown(one));
  }

  /** How a call is shown. */
  static JsonNode shown(JsonNode one) {
    String tool = Json.text(one, "tool");
    JsonNode catalog = one.get("catalog");
    ShownCall shown =
        ShownCall.of(
            List.of(
                new ShownCall.Row("tool", tool),
                new ShownCall.Row("operation", "none"),
                new ShownCall.Row("resource", Json.text(one, "resource"))),
            ShownCall.Given.arguments(CanonicalJson.membersOfDocument(Json.text(one, "args"))),
            catalog == null ? null : ToolCatalog.parse(catalog.textValue()).tools().get(tool),
            Json.text(one, "digest"),
            one.get("columns").intValue());
    return Cases.ok(
        Json.object(
            "head",
            shown.head().stream()
                .map(row -> Json.object("label", row.label(), "value", row.value()))
                .toList(),
            "arguments",
            shown.arguments().stream().map(CatalogRunner::argument).toList(),
            "omitted",
            shown.omitted(),
            "digest",
            shown.digest(),
            "columns",
            shown.columns(),
            "whole",
            shown.whole()));
  }

  private static JsonNode argument(ShownCall.Argument argument) {
    CatalogTool.Role role = argument.role();
    return Json.object(
        "role",
        role == null ? "other" : role.text(),
        "name",
        argument.name(),
        "value",
        argument.value(),
        "unit",
        argument.unit(),
        "columns",
        argument.columns());
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
