package dev.taper.integrations.telemetry;

import dev.taper.Fill;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.crypto.KnownKeys;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.token.TokenCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Shows how a verifier is. All meters of one look are of one moment. Thread-safe. */
final class HealthMeters {
  private static final long OLDEST = TimeUnit.SECONDS.toNanos(1);

  /** What a verifier stands on; the rest belongs to processes. */
  private static final List<VerifierHealth.Ending.Kind> KINDS =
      List.of(
          VerifierHealth.Ending.Kind.ROOT_KEY,
          VerifierHealth.Ending.Kind.LIST_SERVER,
          VerifierHealth.Ending.Kind.STORE);

  private final MeterRegistry registry;
  private final Tags tags;
  private final Supplier<VerifierHealth> source;

  // Guarded by this.
  private @Nullable VerifierHealth last;
  private long lookedAt;

  HealthMeters(MeterRegistry registry, String service, Supplier<VerifierHealth> source) {
    this.registry = registry;
    this.tags = Tags.of("service", service);
    this.source = source;
  }

  private synchronized VerifierHealth health() {
    VerifierHealth health = last;
    long now = registry.config().clock().monotonicTime();
    if (health == null || now - lookedAt >= OLDEST) {
      health = source.get();
      last = health;
      lookedAt = now;
    }
    return health;
  }

  void register() {
    VerifierHealth now = health();
    gauge("taper.verifier.ready", "1 if nothing makes it refuse every call", h -> is(h.ready()));
    gauge("taper.verifier.observes", "1 if denied calls go ahead", h -> is(h.observesOnly()));
    counter(
        "taper.verifier.unrecorded",
        "How often a listener took no note of a decision",
        tags,
        VerifierHealth::unrecordedDecisions);
    if (now.calls() != null) {
      calls();
    }
    if (now.tokens() != null) {
      tokens();
    }
    memories(now);
    now.stores().stream().map(VerifierHealth.Store::name).distinct().forEach(this::store);
    if (now.alone() != null) {
      alone();
    }
    if (now.revocation() != null) {
      revocation();
    }
    for (VerifierHealth.Ending.Kind kind : KINDS) {
      timeLeft(kind);
    }
    Set<String> files = new TreeMap<>(unused(now)).keySet(); // several may be of one kind
    for (String file : files) {
      gauge(
          "taper.file.unused",
          "1 if a file cannot be used as it is, and what it said before is still in use",
          tags.and("file", file),
          h -> unused(h).getOrDefault(file, 0));
    }
  }

  private void timeLeft(VerifierHealth.Ending.Kind kind) {
    gauge(
        "taper.time.left",
        "Time until the first of its kind ends; negative if it has",
        "seconds",
        tags.and("what", kind.text()),
        h -> VerifierHealth.Ending.secondsLeft(h.endings(), kind, h.at()));
  }

  private static Map<String, Integer> unused(VerifierHealth health) {
    Map<String, Integer> unused = new TreeMap<>();
    for (VerifierHealth.WatchedFile file : health.files()) {
      unused.merge(file.name(), file.error() == null ? 0 : 1, Math::max);
    }
    return unused;
  }

  private void calls() {
    gauge("taper.calls.now", "Calls that are looked at", calls(VerifierHealth.Calls::now));
    gauge("taper.calls.limit", "Calls that may be", calls(VerifierHealth.Calls::atOnce));
    gauge("taper.calls.waiting", "Calls that wait", calls(VerifierHealth.Calls::waiting));
    counter(
        "taper.calls.shed",
        "Calls that were turned away before anything was verified",
        tags,
        calls(VerifierHealth.Calls::shed));
  }

  private static ToDoubleFunction<VerifierHealth> calls(
      ToDoubleFunction<VerifierHealth.Calls> part) {
    return of(VerifierHealth::calls, part);
  }

  private void tokens() {
    for (var result :
        Map.<String, ToDoubleFunction<TokenCache.Statistics>>of(
                "hit", TokenCache.Statistics::hits,
                "prefix", TokenCache.Statistics::prefixHits,
                "miss", TokenCache.Statistics::misses)
            .entrySet()) {
      counter(
          "taper.token.cache.gets",
          "Tokens that were known, known in part, or not",
          tags.and("result", result.getKey()),
          of(VerifierHealth::tokens, result.getValue()));
    }
    counter(
        "taper.token.cache.evictions",
        "Entries dropped to make room",
        tags,
        of(VerifierHealth::tokens, TokenCache.Statistics::evictions));
    gauge(
        "taper.token.cache.entries",
        "Entries of the token cache",
        of(VerifierHealth::tokens, TokenCache.Statistics::entries));
    gauge(
        "taper.token.cache.bytes",
        "What they weigh",
        of(VerifierHealth::tokens, TokenCache.Statistics::bytes));
    gauge(
        "taper.token.cache.max.bytes",
        "What they may weigh",
        of(VerifierHealth::tokens, TokenCache.Statistics::maxBytes));
  }

  private void memories(VerifierHealth now) {
    memory("proofs", VerifierHealth::replays);
    if (now.approvalUses() != null) {
      memory("approvals", VerifierHealth::approvalUses);
    }
    for (VerifierHealth.BudgetFill budgets : now.budgets()) {
      if (budgets.fill() != null) { // a database does not say
        memory("budgets of " + budgets.store(), h -> budgets(h, budgets.store()));
      }
    }
  }

  private static @Nullable Fill budgets(VerifierHealth health, String store) {
    return health.budgets().stream()
        .filter(budgets -> budgets.store().equals(store))
        .map(VerifierHealth.BudgetFill::fill)
        .findFirst()
        .orElse(null);
  }

  private void memory(String name, Function<VerifierHealth, @Nullable Fill> fill) {
    Tags own = tags.and("memory", name);
    gauge("taper.memory.entries", "What a memory remembers", own, of(fill, Fill::size));
    gauge("taper.memory.capacity", "What it can remember", own, of(fill, Fill::capacity));
  }

  private void store(String name) {
    Tags own = tags.and("store", name);
    Function<VerifierHealth, VerifierHealth.@Nullable Store> one = h -> store(h, name);
    gauge(
        "taper.store.reachable",
        "0 while it is not asked, because it failed again and again",
        own,
        of(one, store -> is(store.reachable())));
    FunctionTimer.builder(
            "taper.store.time",
            this,
            me -> {
              VerifierHealth.Store store = one.apply(me.health());
              return store == null ? 0 : store.asked();
            },
            me -> {
              VerifierHealth.Store store = one.apply(me.health());
              return store == null ? 0 : store.took().toNanos();
            },
            TimeUnit.NANOSECONDS)
        .description("Time that decisions waited for it")
        .tags(own)
        .register(registry);
  }

  private static VerifierHealth.@Nullable Store store(VerifierHealth health, String name) {
    return health.stores().stream()
        .filter(store -> store.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private void alone() {
    gauge(
        "taper.alone",
        "1 while proofs are taken without the shared memory",
        of(VerifierHealth::alone, alone -> is(alone.since() != null)));
    gauge(
        "taper.alone.untold",
        "Proofs that the shared memory does not know yet",
        of(VerifierHealth::alone, VerifierHealth.Alone::untold));
    counter(
        "taper.alone.calls",
        "Calls that went ahead without the shared memory",
        tags,
        of(VerifierHealth::alone, VerifierHealth.Alone::calls));
  }

  private void revocation() {
    gauge(
        "taper.revocation.fresh",
        "1 if every list is there and can be relied on",
        of(VerifierHealth::revocation, lists -> is(lists.fresh())));
    seconds("taper.revocation.age", "Age of the oldest list", Math::max, (l, at) -> l.age(at));
    seconds(
        "taper.revocation.next",
        "Time until the first list should be replaced; negative if it is late",
        Math::min,
        (list, at) -> Duration.between(at, list.nextUpdate()));
    seconds(
        "taper.revocation.left",
        "Time until the first list is stale; negative if it is",
        Math::min,
        (list, at) -> Duration.between(at, list.staleAfter()));
  }

  /** A time of a list. */
  private interface OfList {
    Duration time(RevocationHealth.Issued list, Instant at);
  }

  private void seconds(String name, String help, BinaryOperator<Double> worst, OfList one) {
    gauge(
        name,
        help,
        "seconds",
        tags,
        health -> {
          RevocationHealth lists = health.revocation();
          return lists == null
              ? Double.NaN
              : lists.lists().stream()
                  .map(list -> one.time(list, health.at()).toMillis() / 1e3)
                  .reduce(worst)
                  .orElse(Double.NaN);
        });
  }

  private static double is(boolean yes) {
    return yes ? 1 : 0;
  }

  private static <T> ToDoubleFunction<VerifierHealth> of(
      Function<VerifierHealth, @Nullable T> part, ToDoubleFunction<T> value) {
    return health -> {
      T one = part.apply(health);
      return one == null ? Double.NaN : value.applyAsDouble(one);
    };
  }

  private void gauge(String name, String help, ToDoubleFunction<VerifierHealth> value) {
    gauge(name, help, tags, value);
  }

  private void gauge(String name, String help, Tags own, ToDoubleFunction<VerifierHealth> value) {
    gauge(name, help, null, own, value);
  }

  /** A gauge holds this object, so that it lives as long as the registry. */
  private void gauge(
      String name,
      String help,
      @Nullable String unit,
      Tags own,
      ToDoubleFunction<VerifierHealth> value) {
    Gauge.builder(name, () -> value.applyAsDouble(health()))
        .description(help)
        .baseUnit(unit)
        .tags(own)
        .register(registry);
  }

  private void counter(String name, String help, Tags own, ToDoubleFunction<VerifierHealth> value) {
    FunctionCounter.builder(name, this, me -> value.applyAsDouble(me.health()))
        .description(help)
        .tags(own)
        .register(registry);
  }

  static void knownKeys(MeterRegistry registry) {
    known(registry, "taper.known.keys", "Keys with a table", KnownKeys.Statistics::keys);
    known(
        registry,
        "taper.known.keys.pinned",
        "Keys with a table that is not to go: root keys",
        KnownKeys.Statistics::pinned);
    known(registry, "taper.known.keys.bytes", "What all tables take", KnownKeys.Statistics::bytes);
    known(
        registry,
        "taper.known.keys.max.bytes",
        "What all tables may take",
        KnownKeys.Statistics::maxBytes);
    counted(registry, "taper.known.keys.built", "Tables made", KnownKeys.Statistics::built);
    counted(
        registry,
        "taper.known.keys.evicted",
        "Tables dropped to make room",
        KnownKeys.Statistics::evicted);
  }

  private static void known(
      MeterRegistry registry,
      String name,
      String help,
      ToDoubleFunction<KnownKeys.Statistics> value) {
    Gauge.builder(name, () -> value.applyAsDouble(KnownKeys.statistics()))
        .description(help)
        .register(registry);
  }

  private static void counted(
      MeterRegistry registry,
      String name,
      String help,
      ToDoubleFunction<KnownKeys.Statistics> value) {
    FunctionCounter.builder(
            name, KnownKeys.class, unused -> value.applyAsDouble(KnownKeys.statistics()))
        .description(help)
        .register(registry);
  }
}
