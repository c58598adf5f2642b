package dev.taper.server.console.view;

import dev.taper.Fill;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Registry.Group;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code health} and {@code pulse}: whether all that people rely on is well. Thread-safe. */
final class HealthView implements View {
  private static final int MAX_KEYS = 1_000;
  private static final int MAX_FINDINGS = 20;

  /** What is to be certified within this time is due. */
  private static final Duration DUE = Duration.ofDays(2);

  private final Parts parts;
  private final String instance;
  private final Clock clock;

  /** A key that something depends on. */
  record Key(String use, PublicKey key, @Nullable String name) {}

  /**
   * What is looked at; what is not there is null or empty.
   *
   * @param keys keys that are named on the command line
   */
  record Parts(
      AskSource asks,
      TrustFiles trust,
      @Nullable ListWatch list,
      @Nullable Registry registry,
      @Nullable ReviewsView reviews,
      @Nullable AuditIndex audit,
      List<ConfiguredVerifier> verifiers,
      List<Key> keys,
      @Nullable Webhook webhook) {}

  HealthView(Parts parts, String instance, Clock clock) {
    this.parts = parts;
    this.instance = instance;
    this.clock = clock;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "pulse")) {
      request.requireNothingElse();
      return pulse();
    }
    if (request.is("GET", "health")) {
      request.requireNothingElse();
      return health();
    }
    return null;
  }

  private AskSource.Open asks() throws RefusedException {
    return parts.asks.page(new AskSource.Wanted(AskStatus.State.OPEN, null, null, 1)).open();
  }

  private JsonFields pulse() throws RefusedException {
    AskSource.Open asks = asks();
    int due = parts.reviews == null ? 0 : parts.reviews.due(DUE);
    return new JsonFields()
        .put("instance", instance)
        .put("now", clock.millis())
        .put("open", asks.count() - asks.hidden())
        .put("reviews_due", due)
        .putIfPresent("list", parts.list == null ? null : parts.list.now().state())
        .putIfPresent("log", logState());
  }

  private @Nullable String logState() {
    if (parts.audit == null) {
      return null;
    }
    try {
      return parts.audit.now().state();
    } catch (TaperException | OperationException e) {
      return "unread";
    }
  }

  private JsonFields health() throws RefusedException {
    AskSource.Open asks = asks();
    List<Store> stores = stores();
    Map<String, Long> living = new HashMap<>();
    Registry registry = parts.registry;
    if (registry != null && stores.stream().allMatch(store -> store.failure == null)) {
      for (Group group : registry.rootKeys(MAX_KEYS)) {
        living.put("root " + group.name(), group.living());
      }
      for (Group group : registry.holderKeys(MAX_KEYS)) {
        living.put("agent " + group.name(), group.living());
      }
    }
    JsonFields shownAsks =
        new JsonFields()
            .put("open", asks.count())
            .put("hidden", asks.hidden())
            .putIfPresent("webhook", parts.webhook == null ? null : parts.webhook.fields());
    JsonFields fields =
        new JsonFields()
            .put("now", clock.millis())
            .put("lists", parts.list == null ? List.of() : List.of(parts.list.now().fields()))
            .rows("verifiers", parts.verifiers, HealthView::fields)
            .rows(
                "keys",
                keys(),
                key ->
                    new JsonFields()
                        .put("use", key.use())
                        .put("key", key.key())
                        .putIfPresent("name", key.name())
                        .putIfPresent("living", living.get(key.use() + " " + key.key())))
            .rows("stores", stores, Store::fields);
    if (parts.audit != null) {
      fields.rows("findings", findings(parts.audit), HealthView::finding);
    }
    return fields.put("asks", shownAsks);
  }

  private static List<AuditRecord> findings(AuditIndex audit) {
    try {
      return audit.now().findings(MAX_FINDINGS);
    } catch (TaperException | OperationException e) {
      return List.of(); // that the log cannot be read stands among the stores
    }
  }

  private static JsonFields finding(AuditRecord record) {
    JsonFields fields = new JsonFields().put("record", record.sequence());
    if (record.content() instanceof AuditEvent event) {
      fields.put("at", View.millis(event.time())).putIfPresent("task", event.task());
      AuditEvent.Subject subject = event.subject();
      if (subject != null) {
        fields.put("rule", subject.id()).putIfPresent("words", subject.reason());
      }
    }
    return fields;
  }

  /** Something that was asked, and how long it took. */
  private record Store(String name, long millis, @Nullable String failure) {
    JsonFields fields() {
      return new JsonFields()
          .put("name", name)
          .put("ok", failure == null)
          .put("ms", millis)
          .putIfPresent("error", failure);
    }
  }

  private List<Store> stores() {
    List<Store> stores = new ArrayList<>();
    if (parts.registry != null) {
      Registry registry = parts.registry;
      stores.add(tried("registry", () -> registry.family("0")));
    }
    if (parts.audit != null) {
      stores.add(tried("audit log", parts.audit::now));
    }
    return stores;
  }

  private static Store tried(String name, Supplier<? extends @Nullable Object> asking) {
    long start = System.nanoTime();
    String failure = null;
    try {
      var unused = asking.get();
    } catch (TaperException | OperationException e) {
      failure = FailureWords.of(e);
    }
    return new Store(name, (System.nanoTime() - start) / 1_000_000, failure);
  }

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    NamesFile names = parts.trust.names();
    for (TrustFiles.Root root : parts.trust.roots()) {
      keys.add(new Key("root", root.key(), names == null ? null : names.name(root.key())));
    }
    if (names != null) {
      names.agents().forEach((name, its) -> add(keys, "agent", name, its));
      names.approvers().forEach((name, its) -> add(keys, "approver", name, its));
    }
    keys.addAll(parts.keys);
    return keys.size() > MAX_KEYS ? keys.subList(0, MAX_KEYS) : keys;
  }

  private static void add(List<Key> keys, String use, String name, Set<PublicKey> its) {
    its.forEach(key -> keys.add(new Key(use, key, name)));
  }

  private static JsonFields fields(ConfiguredVerifier service) {
    VerifierHealth health = service.health();
    VerifierHealth.Alone alone = health.alone();
    RevocationHealth revocation = health.revocation();
    Fill replays = health.replays();
    return new JsonFields()
        .put("audience", OwnData.catalog(service).audience())
        .put("ready", health.ready())
        .put("observes_only", health.observesOnly())
        .put("unrecorded", health.unrecordedDecisions())
        .rows("stores", health.stores(), HealthView::fields)
        .rows("files", health.files(), HealthView::fields)
        .put(
            "replays", new JsonFields().put("used", replays.size()).put("room", replays.capacity()))
        .putIfPresent("alone", alone == null ? null : fields(alone))
        .putIfPresent("revocation", revocation == null ? null : fields(revocation, health.at()));
  }

  private static JsonFields fields(VerifierHealth.Store store) {
    return new JsonFields()
        .put("name", store.name())
        .put("reachable", store.reachable())
        .putIfPresent(
            "last_failure_at",
            store.lastFailure() == null ? null : View.millis(store.lastFailure().at()));
  }

  private static JsonFields fields(VerifierHealth.WatchedFile file) {
    return new JsonFields()
        .put("name", file.name())
        .putIfPresent("modified_at", View.millis(file.modified()))
        .putIfPresent("error", file.error() == null ? null : file.error().text());
  }

  private static JsonFields fields(VerifierHealth.Alone alone) {
    return new JsonFields()
        .putIfPresent("since", View.millis(alone.since()))
        .put("calls", alone.calls())
        .put("untold", alone.untold())
        .put("goes_on", alone.goesOn());
  }

  private static JsonFields fields(RevocationHealth revocation, Instant now) {
    var lists = revocation.lists();
    return new JsonFields()
        .put("fresh", revocation.fresh())
        .putIfPresent("age_ms", lists.isEmpty() ? null : lists.get(0).age(now).toMillis());
  }
}
