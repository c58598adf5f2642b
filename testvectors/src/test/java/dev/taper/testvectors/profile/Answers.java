package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.TaperException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.SettableClock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine makes of a case whose result nobody wrote down: for a case one result, for one of
 * several calls or steps as many. For one thread.
 */
final class Answers {
  private final Planted planted;

  Answers(Planted planted) {
    this.planted = planted;
  }

  /** The results, in the form in which the other implementation gives them. */
  JsonNode of(String kind, JsonNode one) {
    try {
      return switch (kind) {
        case "tokens" -> result(() -> TokenRunner.read(one, true));
        case "requests" -> result(() -> RequestRunner.read(one));
        case "catalogs" -> result(() -> CatalogRunner.read(one));
        case "names" -> result(() -> NamesRunner.result(one));
        case "approvals" -> result(() -> RequestRunner.readApproval(one));
        case "proofs" -> result(() -> proof(one));
        case "meanings" -> meanings(one);
        case "revocations" -> revocations(one);
        case "decisions" -> decisions(one);
        case RandomCases.OFFICIAL -> official(one);
        default -> throw new IllegalArgumentException(kind);
      };
    } catch (TaperException e) {
      return Cases.code(e.code().text()); // such as a verifier whose lists are refused
    }
  }

  private static ObjectNode result(Supplier<JsonNode> run) {
    return Json.object("expect", Expectation.result(run));
  }

  private static JsonNode array(List<ObjectNode> results) {
    return JsonNodeFactory.instance.arrayNode().addAll(results);
  }

  private static JsonNode proof(JsonNode one) {
    RequestRunner.checkedProof(one);
    return Cases.ok(true);
  }

  private static JsonNode meanings(JsonNode one) {
    ToolCatalog catalog = ToolCatalog.parse(Json.text(one, "catalog"));
    return array(
        Json.list(one, "calls").stream()
            .map(call -> result(() -> CatalogRunner.meaning(catalog, call)))
            .toList());
  }

  private static JsonNode revocations(JsonNode one) {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    RevocationList list = RevocationRunner.list(Json.get(one, "issuers"), clock);
    return array(
        Json.list(one, "steps").stream()
            .map(
                step -> {
                  Instant now = Instant.ofEpochMilli(Json.get(step, "now").longValue());
                  clock.set(now);
                  return result(() -> RevocationRunner.take(list, step, now));
                })
            .toList());
  }

  private JsonNode decisions(JsonNode one) {
    List<JsonNode> calls = Json.list(one, "calls");
    SettableClock clock = new SettableClock(now(calls.get(0)));
    AtomicReference<@Nullable DecisionEvent> told = new AtomicReference<>();
    ObjectNode config = planted.config((ObjectNode) Json.get(one, "verifier"));
    Supplier<Verifier> opened =
        () -> DecisionRunner.verifier(config, clock).listener(told::set).build();
    Verifier verifier = opened.get();
    return array(
        calls.stream()
            .map(
                call -> {
                  clock.set(now(call).minus(planted.behind()));
                  Verifier asked = planted.forgets() ? opened.get() : verifier;
                  return decision(asked, (ObjectNode) call, told);
                })
            .toList());
  }

  private JsonNode official(JsonNode one) {
    SettableClock clock = new SettableClock(now(one));
    Verifier verifier = DecisionRunner.verifier(Json.get(one, "verifier"), clock).build();
    return result(() -> DecisionRunner.decide(verifier, one, decision -> {}));
  }

  private static Instant now(JsonNode call) {
    return Instant.ofEpochMilli(Json.get(call, "now").longValue());
  }

  private ObjectNode decision(
      Verifier verifier, ObjectNode call, AtomicReference<@Nullable DecisionEvent> told) {
    ObjectNode asked = planted.previews() ? call.deepCopy().put("preview", true) : call;
    told.set(null);
    ObjectNode result = result(() -> DecisionRunner.decide(verifier, asked, decision -> {}));
    DecisionEvent event = told.get();
    if (event != null && result.path("expect").has("ok")) {
      result.setAll(Json.object("counters", event.budgets()));
    }
    return result;
  }
}
