package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.config.Times;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Registry.Group;
import dev.taper.store.registry.Registry.Order;
import dev.taper.store.registry.RegistryQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
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

  private JsonFields page(ViewRequest request) throws RefusedException {
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
    return new JsonFields()
        .rows("items", page.delegations(), one -> DelegatedJson.of(one, now, soon))
        .putIfPresent("next", page.next())
        .put("total", page.total());
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

  private JsonFields summary() {
    Registry.Overview all = registry.overview(SOON);
    JsonFields by =
        new JsonFields()
            .rows("agent", registry.groups(Order.HOLDER, GROUPS), LivingView::fields)
            .rows("delegator", registry.groups(Order.DELEGATOR, GROUPS), LivingView::fields)
            .rows("task", registry.groups(Order.TASK, GROUPS), LivingView::fields);
    return new JsonFields()
        .put("living", all.living())
        .put("unused", all.unused())
        .put("unexercised", all.unexercised())
        .put("denied", all.denied())
        .put("expiring", all.expiring())
        .put("as_of", clock.millis())
        .put("by", by);
  }

  private static JsonFields fields(Group group) {
    return new JsonFields().put("name", group.name()).put("living", group.living());
  }

  private JsonFields one(String id) throws RefusedException {
    Registry.Family family = registry.family(id);
    if (family == null) {
      throw new RefusedException(404, "unknown_delegation", null);
    }
    Instant now = clock.instant();
    Delegated one = family.chain().get(family.chain().size() - 1);
    Map<String, Charged> budgets = budgets(id);
    Function<Delegated, JsonFields> fields = each -> DelegatedJson.of(each, now, SOON);
    return new JsonFields()
        .put("delegation", fields.apply(one))
        .rows("chain", family.chain(), fields)
        .rows("handed_on", family.handedOn(), fields)
        .rows(
            "budgets",
            budgets.entrySet(),
            budget ->
                new JsonFields()
                    .put("counter", budget.getKey())
                    .put("calls", budget.getValue().calls)
                    .put("last_at", View.millis(budget.getValue().last)));
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
