package dev.taper.operations.config;

import dev.taper.agent.approval.Asks;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.ReloadingVerifier;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.findings.AbuseRules;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.operations.findings.Finding;
import dev.taper.operations.revoking.ListReader;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.store.SqlAuditSink;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.UsageBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens everything that a configuration names, once, for one verifier. For one thread. */
final class ConfigOpening {
  /** How late the registry may be. */
  private static final Duration REGISTRY_EVERY = Duration.ofSeconds(1);

  private final Settings settings;
  private final Workplace workplace;
  private final ConfigFiles files;
  private final List<Told> listeners;
  private final Stores stores;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable AuditLog log;
  private @Nullable Registry registry;
  private @Nullable AbuseWatch watch;

  /** A listener, and what becomes of a call that it took no note of. */
  record Told(DecisionListener listener, DecisionListener.AuditFailure onFailure) {}

  private ConfigOpening(
      Settings settings, Workplace workplace, ConfigFiles files, List<Told> listeners) {
    this.listeners = listeners;
    this.settings = settings;
    this.workplace = workplace;
    this.files = files;
    this.stores = new Stores(workplace, settings.limits().bounds());
  }

  /** Opens all or nothing. */
  static ConfiguredVerifier open(
      Settings settings, Workplace workplace, ConfigFiles files, List<Told> listeners) {
    ConfigOpening opening = new ConfigOpening(settings, workplace, files, listeners);
    try {
      ReloadingVerifier verifier = opening.verifier();
      return new ConfiguredVerifier(
          verifier,
          opening.asks(),
          settings.limits().proofWindow(),
          new ConfiguredVerifier.Records(opening.log, opening.registry, opening.watch),
          opening.stores,
          opening.opened);
    } catch (RuntimeException | Error e) {
      RuntimeException also = ConfiguredVerifier.closeAll(opening.opened);
      if (also != null) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  private @Nullable Asks asks() {
    Settings.Kept kept = settings.asks();
    if (kept == null) {
      return null;
    }
    return kept.place() == null ? Asks.inMemory() : stores.asks(open(kept.place()));
  }

  private ReloadingVerifier verifier() {
    opened.push(stores);
    // What can be wrong with a file is found before anything is made.
    RootKeys roots = files.rootKeys();
    List<PolicySet.Part> policies = files.policies();
    settings.written().forEach(files::requireOwn);
    Settings.Limits limits = settings.limits();
    VerifierBuilder builder =
        Verifier.trusting(roots)
            .audience(settings.audience())
            .clock(workplace.clock())
            .callerStatesMeaning() // until the catalog is read, which replaces it
            .sharedPredicates(settings.sharedPredicates().toArray(new String[0]))
            .proofWindow(limits.proofWindow())
            .deadline(limits.deadline())
            .longestJustification(limits.longestJustification())
            .longestApproval(limits.longestApproval());
    if (!policies.isEmpty()) {
      builder.policies(PolicySet.of(policies));
    }
    Settings.Calls calls = limits.calls();
    if (calls != null) {
      builder.callsAtOnce(calls.atOnce(), calls.waiting());
    }
    accept(builder);
    remember(builder);
    audit(builder);
    for (Told each : listeners) {
      builder.listener(each.listener(), each.onFailure());
    }
    registry(builder);
    findings(builder);
    revocations(builder);
    return reloading(builder.build(), policies);
  }

  private void accept(VerifierBuilder builder) {
    Settings.Accepted accept = settings.accept();
    if (accept.bearer()) {
      builder.acceptBearer();
    }
    if (accept.sealed()) {
      builder.acceptSealed();
    }
    if (accept.publishApprovers()) {
      builder.publishApprovers();
    }
    if (accept.observeOnly()) {
      builder.observeOnly();
    }
  }

  private void remember(VerifierBuilder builder) {
    Place proofs = settings.replayMemory().place();
    Long bytes = settings.replayBytes();
    if (proofs != null) {
      builder.replayMemory(
          bytes == null
              ? stores.replayMemory(open(proofs))
              : stores.replayMemory(open(proofs), ConfigWords.proofsInFolder(bytes)));
    } else if (bytes != null) {
      builder.replayMemory(ReplayMemory.inMemory(bytes));
    }
    Settings.ProofsAlone alone = settings.proofsAlone();
    if (alone != null) {
      builder.proofsOfOneProcessWhileAway(alone.longest(), alone.calls());
    }
    Settings.Kept uses = settings.approvalUses();
    if (uses != null && uses.place() != null) {
      builder.approvalUses(stores.approvalUses(open(uses.place())));
    } else if (uses != null) {
      builder.approvalUses(ApprovalUses.inMemory()).approvalUsesOfOneProcess();
    }
    settings
        .budgets()
        .forEach(
            (store, kept) ->
                builder.budgets(
                    store,
                    kept.place() == null
                        ? Budgets.forThisProcessOnly()
                        : leased(store, stores.budgets(open(kept.place())))));
  }

  /** Takes leases, if that is said; what is left of them is given back when this is closed. */
  private Budgets leased(String store, Budgets budgets) {
    Settings.Lease lease = settings.leases().get(store);
    if (lease == null) {
      return budgets;
    }
    Budgets.Leased leased = Budgets.leasing(budgets, lease.parts(), lease.longest());
    opened.push(leased);
    return leased;
  }

  /** Opens what others share now, so that a wrong address is found at the start. */
  private Place open(Place place) {
    if (place instanceof Place.Sql sql) {
      var unused = stores.database(sql);
    } else if (place instanceof Place.Shared shared) {
      var unused = stores.shared(shared);
    }
    return place;
  }

  private void audit(VerifierBuilder builder) {
    Settings.Audit audit = settings.audit();
    if (audit == null) {
      return;
    }
    PrivateKey key = files.auditKey(audit);
    opened.push(key::destroy);
    AuditLog.Builder builds = AuditLog.on(sink(audit), key).clock(workplace.clock());
    if (audit.everyDenial()) {
      builds.recordEveryDenial();
    }
    builds.recordArguments(audit.arguments());
    AuditLog open = builds.open();
    opened.push(open);
    log = open;
    builder.listener(open, audit.onFailure());
  }

  /** Tells the registry of calls; a call does not wait for it, and is not refused for it. */
  private void registry(VerifierBuilder builder) {
    Place.Sql place = settings.registry();
    if (place == null) {
      return;
    }
    Registry told = new Registry(stores.database(place), workplace.clock());
    registry = told;
    UsageBuffer usage = UsageBuffer.into(told, REGISTRY_EVERY);
    opened.push(usage);
    builder.listener(usage, DecisionListener.AuditFailure.ALLOW_AND_COUNT);
  }

  /** Watches what is decided; a call does not wait for it, and is not refused for it. */
  private void findings(VerifierBuilder builder) {
    AbuseRules rules = files.abuseRules();
    Settings.Findings findings = settings.findings();
    if (rules == null || findings == null) {
      return;
    }
    Consumer<Finding> told = AbuseWatch.intoLogs(log, workplace.clock());
    Settings.Lists lists = settings.revocations();
    if (findings.revokeKey() != null && lists != null) {
      Path key = files.path(findings.revokeKey());
      told = told.andThen(new RevokingFindings(workplace, lists.place(), key, log));
    }
    AbuseWatch watching = AbuseWatch.by(rules, told, workplace.clock());
    if (findings.heldBack() != null) {
      watching.holdingBackIn(files.path(findings.heldBack()));
    }
    watching.start();
    watch = watching;
    opened.push(watching);
    builder.listener(watching, DecisionListener.AuditFailure.ALLOW_AND_COUNT);
  }

  private AuditSink sink(Settings.Audit audit) {
    Place place = audit.log();
    if (place instanceof Place.Sql sql) {
      return new SqlAuditSink(stores.database(sql));
    }
    Path path = files.path(((Place.File) place).name());
    return AuditSink.inFiles(path, audit.fileBytes(), workplace.clock());
  }

  private void revocations(VerifierBuilder builder) {
    Settings.Lists lists = settings.revocations();
    if (lists == null) {
      builder.withoutRevocation();
      return;
    }
    ListReader reader =
        new ListReader(workplace, lists.place(), files.issuers(lists), lists.memory());
    RevocationList list = reader.unread(workplace.clock());
    RevocationSource source = reader.source();
    if (source instanceof AutoCloseable closeable) {
      opened.push(closeable);
    }
    RevocationFeed feed = RevocationFeed.start(source, list, lists.every());
    opened.push(feed);
    if (source instanceof Workplace.SharedLists shared) {
      shared.refresh(feed);
    }
    builder.revocations(list);
  }

  private ReloadingVerifier reloading(Verifier first, List<PolicySet.Part> policies) {
    ReloadingVerifier.Builder watched = ReloadingVerifier.of(first);
    String roots = settings.rootKeys().file();
    if (roots != null) {
      watched.rootKeys(files.path(roots), text -> files.rootKeys(roots, text));
    }
    String catalog = settings.catalog();
    if (catalog != null) {
      watched.catalog(files.path(catalog), text -> files.catalog(catalog, text));
    }
    Settings.Names names = settings.names();
    if (names != null && names.unsignedApprovers()) {
      watched.namesWithoutSignature(files.path(names.file()), text -> files.names(names, text));
    } else if (names != null) {
      watched.names(files.path(names.file()), text -> files.names(names, text));
    }
    watchPolicies(watched, policies);
    ReloadingVerifier reloading = watched.build();
    opened.push(reloading);
    if (settings.reloadEvery() != null) {
      reloading.checkEvery(settings.reloadEvery());
    }
    return reloading;
  }

  /** Each file replaces its own part of the policies; they are read one after the other. */
  private void watchPolicies(ReloadingVerifier.Builder watched, List<PolicySet.Part> policies) {
    List<PolicySet.Part> parts = new ArrayList<>(policies);
    for (int i = 0; i < parts.size(); i++) {
      String name = settings.policies().get(i);
      int at = i;
      if (files.ofLibrary(name) == null) {
        watched.policies(
            files.path(name),
            text -> {
              List<PolicySet.Part> next = new ArrayList<>(parts);
              next.set(at, files.policy(name, text));
              var set = PolicySet.of(next);
              parts.set(at, next.get(at));
              return set;
            });
      }
    }
  }
}
