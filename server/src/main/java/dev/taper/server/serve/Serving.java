package dev.taper.server.serve;

import dev.taper.agent.approval.Asks;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.console.relay.RelayRole;
import dev.taper.server.issuer.EnrolledAgents;
import dev.taper.server.issuer.enrol.EnrolmentBook;
import dev.taper.server.listener.AdminPages;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.listener.Endpoints;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.listener.Listener;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.PolicyLibrary;
import dev.taper.server.process.Running;
import dev.taper.server.process.Traces;
import dev.taper.server.serve.asks.AsksEndpoint;
import dev.taper.server.serve.audit.StatementsEndpoint;
import dev.taper.server.serve.decide.DecideRole;
import dev.taper.server.serve.issuer.IssuerRole;
import dev.taper.server.serve.issuer.IssuerSettings;
import dev.taper.server.serve.lists.ListsRole;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what the roles need, and listens. For one thread. */
final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final String DEFAULT_ADDRESS = "127.0.0.1:8280";

  private final ServeOptions options;
  private final ListenOptions listen;
  private final Running running;
  private final Clock clock;
  private final Metrics metrics = new Metrics();
  private final Traces traces;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<Supplier<List<VerifierHealth.Reason>>> reasons = new ArrayList<>();
  private final List<Supplier<List<String>>> warnings = new ArrayList<>();

  /**
   * Serves.
   *
   * @param running closes everything in the end
   * @param clock what time it is
   */
  Serving(ServeOptions options, ListenOptions listen, Running running, Clock clock) {
    this.options = options;
    this.listen = listen;
    this.running = running;
    this.traces = running.closing(Traces.of(System.getenv()));
    this.clock = clock;
  }

  /**
   * Starts to serve, and says so in one line.
   *
   * @param out where the line goes
   * @throws OperationException or {@link dev.taper.TaperException} if anything that is needed is
   *     wrong
   */
  void start(PrintWriter out) {
    Set<Role> roles = options.chosen();
    options.requireFitting(roles);
    ListenAddress address = listen.address(DEFAULT_ADDRESS);
    boolean isForGroup = options.isForGroup(address);
    ListenAddress admin = listen.admin();
    ListenAddress envoy = options.envoyAddress();
    CallerSecret secret = secret(roles, address);
    StringBuilder line = new StringBuilder("taper serve: ready,");
    if (roles.contains(Role.LISTS)) {
      Workplace workplace = new Workplace(Path.of(""), clock);
      ListsRole lists = running.closing(ListsRole.start(options.lists(workplace), workplace));
      add("lists", lists::reasons);
      metrics.list(lists::timeLeft, lists::isOverdue);
      warnings.add(lists::warnings);
      endpoints.add(lists.endpoint());
    }
    if (roles.contains(Role.ISSUER)) {
      startIssuer(Objects.requireNonNull(options.issuer));
    }
    if (roles.contains(Role.AUDIT)) {
      startAudit(Objects.requireNonNull(options.auditUrl));
    }
    boolean isForServices = !roles.contains(Role.ISSUER) && !roles.contains(Role.AUDIT);
    List<ConfiguredVerifier> services = isForServices ? services(roles) : List.of();
    if (roles.contains(Role.DECIDE)) {
      line.append(" proofs of ")
          .append(services.get(0).callsPerSecond())
          .append(" calls a second are remembered,");
      DecideRole decide = decide(services.get(0), roles, secret);
      endpoints.addAll(decide.endpoints());
      if (envoy != null) {
        var server = running.closing(decide.startEnvoy(envoy));
        line.append(" envoy at ").append(new ListenAddress(server.address())).append(',');
      }
    }
    if (roles.contains(Role.CONSOLE)) {
      endpoints.addAll(relay(services).endpoints());
    }
    Listener listener =
        running.closing(
            Listener.start(address, listen.tls(), isForGroup, new Endpoints(endpoints, metrics)));
    reasons.add(() -> listener.reasons(clock.instant()));
    warnings.add(() -> listener.warnings(clock.instant()));
    metrics.endings(VerifierHealth.Ending.Kind.LISTENER, listener::endings, clock);
    if (admin != null) {
      Listener pages =
          running.closingLast(
              Listener.start(
                  admin,
                  listen.tls(),
                  new AdminPages(metrics, running, () -> all(reasons), () -> all(warnings))));
      line.append(" admin at ").append(pages.shown()).append(',');
    }
    out.println(line.append(' ').append(names(roles)).append(" at ").append(listener.shown()));
    out.flush();
  }

  /** Reads all configurations, and says what their operator should know before anything opens. */
  private List<TaperConfig> configs() {
    List<TaperConfig> all = new ArrayList<>();
    for (Path file : options.configs) {
      all.add(TaperConfig.load(file, clock));
    }
    TaperConfig.beforeStart(all).forEach(line -> LOG.info("{}", line));
    return all;
  }

  /** Opens what a configuration says; no call is denied because it could not be counted. */
  private ConfiguredVerifier open(TaperConfig config) {
    TaperConfig service =
        config.with(new PolicyLibrary()).with(metrics, AuditFailure.ALLOW_AND_COUNT);
    return running.closing(traces.of(service).open());
  }

  private void startIssuer(Path file) {
    IssuerSettings settings = IssuerSettings.load(file);
    ConfiguredVerifier service = openOnly("issuer");
    EnrolmentBook book = options.people.book(clock);
    EnrolledAgents enrolled = book == null ? EnrolledAgents.of(List.of()) : book;
    IssuerRole issuer =
        running.closing(IssuerRole.start(settings, service, enrolled, metrics, clock));
    endpoints.addAll(issuer.endpoints());
    endpoints.addAll(options.people.endpoints(issuer.issuer(), book, clock));
    metrics.endings(VerifierHealth.Ending.Kind.PROVIDER, issuer::endings, clock);
    warnings.add(() -> VerifierHealth.Ending.warnings(issuer.endings(), clock.instant()));
  }

  /** Opens the one configuration, and shows how its service is. */
  private ConfiguredVerifier openOnly(String role) {
    ConfiguredVerifier service = open(configs().get(0));
    metrics.watch(service.verifier().audience(), service::health);
    warnings.add(() -> service.health().warnings());
    add(role, () -> service.health().reasons());
    return service;
  }

  private void startAudit(String url) {
    endpoints.add(StatementsEndpoint.of(openOnly("audit"), url, metrics, clock));
  }

  private static List<AbuseWatch.Health> watches(List<ConfiguredVerifier> services) {
    List<AbuseWatch.Health> all = new ArrayList<>();
    for (ConfiguredVerifier service : services) {
      AbuseWatch watch = service.findings();
      if (watch != null) {
        all.add(watch.health());
      }
    }
    return all;
  }

  private static <T> List<T> all(List<Supplier<List<T>>> parts) {
    return parts.stream().flatMap(part -> part.get().stream()).toList();
  }

  private static String names(Set<Role> roles) {
    return String.join("+", roles.stream().map(Role::text).toList());
  }

  /** Whoever can ask decides what is judged; so nobody asks from elsewhere without saying who. */
  private CallerSecret secret(Set<Role> roles, ListenAddress address) {
    if (roles.contains(Role.DECIDE)
        && !address.isLoopback()
        && options.secretFile == null
        && !listen.knowsClients()) {
      throw OperationException.usage(
          address
              + " is open to other machines: the role decide needs --secret-file or"
              + " --tls-client-ca there");
    }
    return options.secretFile == null ? CallerSecret.NONE : CallerSecret.in(options.secretFile);
  }

  private List<ConfiguredVerifier> services(Set<Role> roles) {
    List<ConfiguredVerifier> services = new ArrayList<>();
    List<AsksEndpoint.Service> asked = new ArrayList<>();
    List<TaperConfig> configs = configs();
    for (int i = 0; i < configs.size(); i++) {
      Path file = options.configs.get(i);
      ConfiguredVerifier service = open(configs.get(i));
      requireCatalog(file, service);
      services.add(service);
      Asks asks = service.asks();
      if (asks == null && (roles.contains(Role.ASKS) || roles.contains(Role.CONSOLE))) {
        throw OperationException.usage(file + " has no asks: say where they are kept");
      }
      if (asks != null && roles.contains(Role.ASKS)) {
        asked.add(
            new AsksEndpoint.Service(
                HttpGuard.of(service::verifier).keepingAsks(asks, clock), () -> catalog(service)));
      }
      String role = roles.contains(Role.DECIDE) ? "decide" : "asks_" + services.size();
      add(role, () -> service.health().reasons());
      warnings.add(() -> service.health().warnings());
    }
    metrics.findings(() -> watches(services));
    services.forEach(one -> metrics.watch(one.verifier().audience(), one::health));
    if (roles.contains(Role.ASKS)) {
      endpoints.add(new AsksEndpoint(asked, options.isBehindProxy));
    }
    return services;
  }

  private static void requireCatalog(Path file, ConfiguredVerifier service) {
    if (service.verifier().catalog() == null) {
      throw OperationException.usage(
          file + " has no catalog, which says what calls mean: a caller must not say that itself");
    }
  }

  private static ToolCatalog catalog(ConfiguredVerifier service) {
    return Objects.requireNonNull(service.verifier().catalog());
  }

  private DecideRole decide(ConfiguredVerifier service, Set<Role> roles, CallerSecret secret) {
    Asks asks = roles.contains(Role.ASKS) ? service.asks() : null;
    return new DecideRole(
        service::verifier,
        guard -> asks == null ? guard : guard.keepingAsks(asks, clock),
        secret,
        metrics,
        options.authzenUrl);
  }

  private RelayRole relay(List<ConfiguredVerifier> services) {
    Workplace workplace = new Workplace(Path.of(""), clock);
    return running.closing(
        RelayRole.start(
            options.console,
            services,
            options.shownList(),
            options.issuers(),
            options.people.signingIn(clock),
            workplace));
  }

  private void add(String role, Supplier<List<VerifierHealth.Reason>> why) {
    reasons.add(why);
    metrics.ready(role, () -> !running.isDraining() && why.get().isEmpty());
  }
}
