package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.config.Times;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Registry.Group;
import dev.taper.store.registry.Registry.Order;
import dev.taper.store.registry.RegistryQuery;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code living}: what is granted now, by person, agent and task. Thread-safe. */
final class LivingView implements View {
  static final Duration SOON = Duration.ofHours(1);
  private static final int GROUPS = 50;
  private static final int MAX_BUDGETS = 100;

  private final Registry registry;
  private final @Nullable AuditIndex audit;
  private final Clock clock;

  LivingView(Registry registry, @Nullable AuditIndex audit, Clock clock) {
    this.registry = registry;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "living")) {
      return page(request);
    }
    if (request.is("GET", "living", "summary")) {
      request.requireNothingElse();
      return summary();
    }
    if (request.is("GET", "living", "*")) {
      request.requireNothingElse();
      return one(request.part(1));
    }
    return null;
  }

  private HttpAnswer page(ViewRequest request) throws RefusedException {
    String within = request.parameter("within");
    Duration soon = within == null ? SOON : Times.parseDuration(within);
    RegistryQuery query =
        shown(request.parameter("show"), soon)
            .delegator(request.parameter("delegator"))
            .holder(request.parameter("agent"))
            .task(request.parameter("task"));
    Order order = order(request.parameter("order"));
    String after = request.after();
    int limit = request.limit();
    request.requireNothingElse();
    Registry.Page page = registry.page(query, order, after, limit);
    Instant now = clock.instant();
    return ViewJson.answer(
        json -> {
          objects(json, "items", page.delegations(), now, soon);
          ViewJson.text(json, "next", page.next());
          json.writeNumberField("total", page.total());
        });
  }

  private static RegistryQuery shown(@Nullable String show, Duration soon) throws RefusedException {
    RegistryQuery living = RegistryQuery.living();
    if (show == null) {
      return living;
    }
    return switch (show) {
      case "unused" -> living.neverUsed();
      case "unexercised" -> living.notFullyExercised();
      case "denied" -> living.deniedOften();
      case "expiring" -> living.endsWithin(soon);
      default -> throw ViewRequest.invalid("there is no such part of what is living");
    };
  }

  private static Order order(@Nullable String text) throws RefusedException {
    if (text == null) {
      return Order.DELEGATOR;
    }
    return switch (text) {
      case "delegator" -> Order.DELEGATOR;
      case "agent" -> Order.HOLDER;
      case "task" -> Order.TASK;
      default -> throw ViewRequest.invalid("there is no such order");
    };
  }

  private static void objects(
      JsonGenerator json, String name, List<Delegated> all, Instant now, Duration soon)
      throws IOException {
    ViewJson.objects(
        json, name, all, (members, one) -> DelegatedJson.write(members, one, now, soon));
  }

  private HttpAnswer summary() {
    Registry.Overview all = registry.overview(SOON);
    Map<String, List<Group>> by = new TreeMap<>();
    by.put("delegator", registry.groups(Order.DELEGATOR, GROUPS));
    by.put("agent", registry.groups(Order.HOLDER, GROUPS));
    by.put("task", registry.groups(Order.TASK, GROUPS));
    return ViewJson.answer(
        json -> {
          json.writeNumberField("living", all.living());
          json.writeNumberField("unused", all.unused());
          json.writeNumberField("unexercised", all.unexercised());
          json.writeNumberField("denied", all.denied());
          json.writeNumberField("expiring", all.expiring());
          ViewJson.moment(json, "as_of", clock.instant());
          json.writeObjectFieldStart("by");
          for (Map.Entry<String, List<Group>> groups : by.entrySet()) {
            ViewJson.objects(
                json,
                groups.getKey(),
                groups.getValue(),
                (members, group) -> {
                  members.writeStringField("name", group.name());
                  members.writeNumberField("living", group.living());
                });
          }
          json.writeEndObject();
        });
  }

  private HttpAnswer one(String id) throws RefusedException {
    Registry.Family family = registry.family(id);
    if (family == null) {
      throw ViewRequest.refused(404, "unknown_delegation", null);
    }
    Instant now = clock.instant();
    Delegated one = family.chain().get(family.chain().size() - 1);
    Map<String, Charged> budgets = budgets(id);
    return ViewJson.answer(
        json -> {
          ViewJson.object(
              json, "delegation", members -> DelegatedJson.write(members, one, now, SOON));
          objects(json, "chain", family.chain(), now, SOON);
          objects(json, "handed_on", family.handedOn(), now, SOON);
          ViewJson.objects(
              json,
              "budgets",
              budgets.entrySet(),
              (members, budget) -> {
                members.writeStringField("counter", budget.getKey());
                members.writeNumberField("calls", budget.getValue().calls);
                ViewJson.moment(members, "last_at", budget.getValue().last);
              });
        });
  }

  /** How often a budget was charged, and when last. */
  private record Charged(int calls, Instant last) {}

  /** The budgets that calls of a delegation were charged to, by the records that are kept. */
  private Map<String, Charged> budgets(String id) {
    Map<String, Charged> budgets = new HashMap<>();
    if (audit == null) {
      return budgets;
    }
    for (AuditRecord record : audit.now().records()) {
      if (record.content() instanceof AuditEvent event
          && event.kind() == AuditKind.ALLOW
          && isOf(event, id)) {
        AuditBasis basis = event.basis();
        for (String counter : basis == null ? List.<String>of() : basis.budgets()) {
          Charged before = budgets.get(counter);
          if (before != null || budgets.size() < MAX_BUDGETS) {
            int calls = before == null ? 1 : before.calls + 1;
            budgets.put(counter, new Charged(calls, event.time()));
          }
        }
      }
    }
    return new TreeMap<>(budgets);
  }

  private static boolean isOf(AuditEvent event, String id) {
    for (AuditHop hop : event.hops()) {
      if (hop.digest().equals(id)) {
        return true;
      }
    }
    return false;
  }
}
