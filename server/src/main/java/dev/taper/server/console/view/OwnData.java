package dev.taper.server.console.view;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.AskQueue;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.Reviews;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this process has itself: asks, registry, log and list, and what may be done there. */
public final class OwnData implements AutoCloseable {
  private final Settings settings;
  private static final Duration LATELY = Duration.ofDays(1);
  private static final int MAX_FOUND = 100;

  private final Stores stores;
  private final Object writing = new Object();
  private final @Nullable AuditIndex audit;
  private final @Nullable Registry registry;
  private final @Nullable ListWatch list;
  private final AskSource asks;
  private final List<PublicKey> listKeys;
  private final String instance = HexFormat.of().toHexDigits(new SecureRandom().nextLong());

  /**
   * What there is; null or empty if it is not.
   *
   * @param workplace where relative paths start, and what time it is
   * @param services whose asks are answered and whose health is shown
   * @param registry what was granted and used
   * @param audit the log
   * @param auditKeys who has to have signed it
   * @param list the revocation list
   * @param listKeys who may have signed it
   * @param acting what may be done
   */
  public record Settings(
      Workplace workplace,
      List<ConfiguredVerifier> services,
      Place.@Nullable Sql registry,
      @Nullable Place audit,
      List<PublicKey> auditKeys,
      @Nullable Place list,
      List<PublicKey> listKeys,
      Acting acting) {
    /** Copies the lists. */
    public Settings {
      services = List.copyOf(services);
      auditKeys = List.copyOf(auditKeys);
      listKeys = List.copyOf(listKeys);
    }
  }

  /** What a service's calls mean: each that the console shows has a catalog. */
  public static ToolCatalog catalog(ConfiguredVerifier service) {
    return Objects.requireNonNull(service.verifier().catalog());
  }

  /**
   * What may be done; null if it may not.
   *
   * @param listKey signs the revocation list
   * @param auditKey signs the records of what is done
   * @param reviewer who reviews; null if only those do who signed in
   */
  public record Acting(
      @Nullable Supplier<Signer> listKey,
      @Nullable Supplier<Signer> auditKey,
      @Nullable String reviewer) {}

  /**
   * Takes what there is; opens nothing yet.
   *
   * @param settings what there is
   */
  public OwnData(Settings settings) {
    this.settings = settings;
    Workplace workplace = settings.workplace();
    Clock clock = workplace.clock();
    this.stores = new Stores(workplace);
    Place log = settings.audit();
    this.audit = log == null ? null : new AuditIndex(workplace, stores, log, settings.auditKeys());
    Place.Sql place = settings.registry();
    this.registry = place == null ? null : new Registry(stores.database(place), clock);
    Place kept = settings.list();
    this.listKeys = listKeys(settings);
    this.list = kept == null ? null : new ListWatch(workplace, kept, listKeys);
    List<AskQueue> queues = new ArrayList<>();
    for (ConfiguredVerifier service : settings.services()) {
      if (service.asks() != null) {
        queues.add(AskQueue.of(service::verifier, service.asks(), clock));
      }
    }
    this.asks = new OwnAsks(queues, audit, clock);
  }

  /** Who may have signed the list: the key that signs it here, too. */
  private static List<PublicKey> listKeys(Settings settings) {
    List<PublicKey> keys = new ArrayList<>(settings.listKeys());
    Supplier<Signer> own = settings.acting().listKey();
    if (own != null) {
      Signer key = own.get();
      keys.add(key.publicKey());
      KeyFile.wipe(key);
    }
    return keys;
  }

  /** What this process is called, which changes with each start. */
  public String instance() {
    return instance;
  }

  /** The asks of these services. */
  public AskSource asks() {
    return asks;
  }

  /** What was noticed in the last day, by the hashes of its records; nothing without a log. */
  public Set<String> found() {
    Set<String> found = new HashSet<>();
    if (audit != null) {
      Instant since = settings.workplace().clock().instant().minus(LATELY);
      for (AuditRecord record : audit.now().findings(MAX_FOUND)) {
        if (!record.content().time().isBefore(since)) {
          found.add(record.hash());
        }
      }
    }
    return found;
  }

  /** The names of the pages for which there is data. */
  public List<String> pages() {
    List<String> pages = new ArrayList<>();
    if (settings.services().stream().anyMatch(one -> one.asks() != null)) {
      pages.add("approvals");
    }
    if (registry != null) {
      pages.addAll(List.of("living", "reviews"));
    }
    if (audit != null) {
      pages.add("timeline");
    }
    pages.add("health");
    return pages;
  }

  /**
   * Does something that may leave a record, one after the other: a log in a file has one writer.
   *
   * @param acting what is done
   */
  public View alone(View acting) {
    return request -> {
      if (request.method().equals("GET")) {
        return acting.answer(request);
      }
      synchronized (writing) {
        return acting.answer(request);
      }
    };
  }

  /** Leaves a record, as {@link #alone} does. */
  public void record(Function<Instant, AuditEvent> event) {
    synchronized (writing) {
      recorder().record(event);
    }
  }

  /** Keeps records of what is done; nothing if no key signs them. */
  private AuditRecorder recorder() {
    Supplier<Signer> key = settings.acting().auditKey();
    Place log = settings.audit();
    return key == null || log == null
        ? AuditRecorder.none()
        : AuditRecorder.in(settings.workplace(), log, key);
  }

  /**
   * What shows and does all but asks.
   *
   * @param trust whom the person believes
   * @param from where asks come from
   * @param webhook tells that something is asked; or null
   */
  public List<View> views(TrustFiles trust, AskSource from, @Nullable Webhook webhook) {
    Clock clock = settings.workplace().clock();
    List<View> views = new ArrayList<>();
    ReviewsView reviews = null;
    if (registry != null) {
      views.add(new LivingView(registry, audit, clock));
      reviews = reviews(clock);
      views.add(alone(reviews));
    }
    views.add(alone(revoking()));
    if (audit != null) {
      views.add(new TimelineView(audit));
      views.add(new TaskView(audit, registry, clock));
    }

    List<HealthView.Key> all = new ArrayList<>();
    listKeys.forEach(key -> all.add(new HealthView.Key("list", key, null)));
    settings.auditKeys().forEach(key -> all.add(new HealthView.Key("audit", key, null)));

    views.add(
        new HealthView(
            new HealthView.Parts(
                from, trust, list, registry, reviews, audit, settings.services(), all, webhook),
            instance,
            clock));
    return views;
  }

  private ReviewsView reviews(Clock clock) {
    Place.Sql place = settings.registry();
    if (place == null) {
      throw new IllegalStateException("reviews are in a registry");
    }
    return new ReviewsView(
        new Reviews(stores.database(place), clock),
        clock,
        new ReviewsView.Deciding(
            new ReviewBoard(settings.workplace(), place),
            settings.acting().reviewer(),
            recorder()));
  }

  private View revoking() {
    Supplier<Signer> key = settings.acting().listKey();
    Place kept = settings.list();
    if (key == null || kept == null) {
      return new RevokingView(registry, null);
    }
    Revoker.Issue issue = new Revoker.Issue(kept, key, RevocationIssuer.Horizon.KEPT);
    Place.Sql place = settings.registry();
    RegistryAccess told =
        place == null || place.equals(kept)
            ? null
            : new RegistryAccess(settings.workplace(), place);
    RevokingView view =
        new RevokingView(registry, new Revoker(settings.workplace(), issue, recorder(), told));
    return request -> {
      var answer = view.answer(request);
      if (answer != null && list != null) {
        list.forget();
      }
      return answer;
    };
  }

  @Override
  public void close() {
    stores.close();
  }
}
