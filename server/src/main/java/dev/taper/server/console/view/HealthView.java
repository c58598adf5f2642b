package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.NamesFile;
import dev.taper.agent.VerifierHealth;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Registry.Group;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
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

  /** A verifier of this machine. */
  record Checked(String audience, Supplier<VerifierHealth> health) {}

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
      List<Checked> verifiers,
      List<Key> keys,
      @Nullable Webhook webhook) {}

  HealthView(Parts parts, String instance, Clock clock) {
    this.parts = parts;
    this.instance = instance;
    this.clock = clock;
  }

  @Override
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
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
    return parts.asks.page(new AskSource.Wanted("open", null, null, 1)).open();
  }

  private HttpAnswer pulse() throws RefusedException {
    AskSource.Open asks = asks();
    int due = parts.reviews == null ? 0 : parts.reviews.due(DUE);
    return ViewJson.answer(
        json -> {
          json.writeStringField("instance", instance);
          ViewJson.moment(json, "now", clock.instant());
          json.writeNumberField("open", asks.count() - asks.hidden());
          json.writeNumberField("reviews_due", due);
          if (parts.list != null) {
            json.writeStringField("list", parts.list.now().state());
          }
          ViewJson.text(json, "log", logState());
        });
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

  private HttpAnswer health() throws RefusedException {
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
    List<Key> keys = keys();
    return ViewJson.answer(
        json -> {
          ViewJson.moment(json, "now", clock.instant());
          json.writeArrayFieldStart("lists");
          if (parts.list != null) {
            json.writeStartObject();
            parts.list.now().write(json);
            json.writeEndObject();
          }
          json.writeEndArray();
          ViewJson.objects(json, "verifiers", parts.verifiers, this::write);
          ViewJson.objects(
              json,
              "keys",
              keys,
              (members, key) -> {
                members.writeStringField("use", key.use());
                members.writeStringField("key", key.key().toString());
                ViewJson.text(members, "name", key.name());
                Long number = living.get(key.use() + " " + key.key());
                if (number != null) {
                  members.writeNumberField("living", number);
                }
              });
          ViewJson.objects(json, "stores", stores, (members, store) -> store.write(members));
          if (parts.audit != null) {
            ViewJson.objects(json, "findings", findings(parts.audit), HealthView::finding);
          }
          ViewJson.object(
              json,
              "asks",
              members -> {
                members.writeNumberField("open", asks.count());
                members.writeNumberField("hidden", asks.hidden());
                if (parts.webhook != null) {
                  ViewJson.object(members, "webhook", parts.webhook::write);
                }
              });
        });
  }

  private static List<AuditRecord> findings(AuditIndex audit) {
    try {
      return audit.now().findings(MAX_FINDINGS);
    } catch (TaperException | OperationException e) {
      return List.of(); // that the log cannot be read stands among the stores
    }
  }

  private static void finding(JsonGenerator json, AuditRecord record) throws IOException {
    json.writeNumberField("record", record.sequence());
    if (record.content() instanceof AuditEvent event) {
      ViewJson.moment(json, "at", event.time());
      ViewJson.text(json, "task", event.task());
      AuditEvent.Subject subject = event.subject();
      if (subject != null) {
        json.writeStringField("rule", subject.id());
        ViewJson.text(json, "words", subject.reason());
      }
    }
  }

  /** Something that was asked, and how long it took. */
  private record Store(String name, long millis, @Nullable String failure) {
    void write(JsonGenerator json) throws IOException {
      json.writeStringField("name", name);
      json.writeBooleanField("ok", failure == null);
      json.writeNumberField("ms", millis);
      ViewJson.text(json, "error", failure);
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

  private void write(JsonGenerator json, Checked checked) throws IOException {
    VerifierHealth health = checked.health().get();
    json.writeStringField("audience", checked.audience());
    json.writeBooleanField("ready", health.ready());
    json.writeBooleanField("observes_only", health.observesOnly());
    json.writeNumberField("unrecorded", health.unrecordedDecisions());
    ViewJson.objects(
        json,
        "stores",
        health.stores(),
        (members, store) -> {
          members.writeStringField("name", store.name());
          members.writeBooleanField("reachable", store.reachable());
          if (store.lastFailure() != null) {
            ViewJson.moment(members, "last_failure_at", store.lastFailure().at());
          }
        });
    ViewJson.objects(
        json,
        "files",
        health.files(),
        (members, file) -> {
          members.writeStringField("name", file.name());
          ViewJson.moment(members, "modified_at", file.modified());
          if (file.error() != null) {
            members.writeStringField("error", file.error().text());
          }
        });
    ViewJson.object(json, "replays", members -> write(members, health.replays()));
    VerifierHealth.Alone alone = health.alone();
    if (alone != null) {
      ViewJson.object(json, "alone", members -> write(members, alone));
    }
    RevocationHealth revocation = health.revocation();
    if (revocation != null) {
      ViewJson.object(
          json,
          "revocation",
          members -> {
            members.writeBooleanField("fresh", revocation.fresh());
            if (!revocation.lists().isEmpty()) {
              members.writeNumberField(
                  "age_ms", revocation.lists().get(0).age(health.at()).toMillis());
            }
          });
    }
  }

  private static void write(JsonGenerator json, VerifierHealth.Alone alone) throws IOException {
    if (alone.since() != null) {
      ViewJson.moment(json, "since", alone.since());
    }
    json.writeNumberField("calls", alone.calls());
    json.writeNumberField("untold", alone.untold());
    json.writeBooleanField("goes_on", alone.goesOn());
  }

  private static void write(JsonGenerator json, Fill fill) throws IOException {
    json.writeNumberField("used", fill.size());
    json.writeNumberField("room", fill.capacity());
  }
}
