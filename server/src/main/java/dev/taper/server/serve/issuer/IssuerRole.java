package dev.taper.server.serve.issuer;

import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditLog;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.key.KeyFile;
import dev.taper.server.issuer.EnrolledAgents;
import dev.taper.server.issuer.IssuerParts;
import dev.taper.server.issuer.Records;
import dev.taper.server.issuer.TokenIssuer;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.process.Metrics;
import dev.taper.store.registry.Registry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The role that issues tokens by exchange, and renews them. Thread-safe. */
public final class IssuerRole implements AutoCloseable {
  private final TokenIssuer issuer;
  private final List<IssuerParts.TrustedProvider> providers;
  private final Stores stores;
  private final Signer root;
  private final Metrics metrics;

  private IssuerRole(
      TokenIssuer issuer,
      List<IssuerParts.TrustedProvider> providers,
      Stores stores,
      Signer root,
      Metrics metrics) {
    this.issuer = issuer;
    this.providers = List.copyOf(providers);
    this.stores = stores;
    this.root = root;
    this.metrics = metrics;
  }

  /** The certificates that the providers of sign-ins last showed. */
  public List<VerifierHealth.Ending> endings() {
    return providers.stream().flatMap(one -> one.tokens().endings().stream()).toList();
  }

  /**
   * Starts the role.
   *
   * @param settings what the issuer is
   * @param service trusts its root key, knows what is revoked, and has the audit log and registry;
   *     the caller closes it
   * @param more agents that are enrolled elsewhere than in the settings
   * @throws OperationException or {@link TaperException} if something that is needed is wrong
   */
  public static IssuerRole start(
      IssuerSettings settings,
      ConfiguredVerifier service,
      EnrolledAgents more,
      Metrics metrics,
      Clock clock) {
    AuditLog log = service.auditLog();
    Registry registry = service.registry();
    if (log == null || registry == null) {
      throw OperationException.usage(
          "an issuer records and registers all that it issues: its configuration has audit and"
              + " registry");
    }
    Stores stores = new Stores(new Workplace(settings.folder, clock));
    Signer root = settings.key.open();
    try {
      List<IssuerParts.TrustedProvider> providers = new ArrayList<>();
      for (IssuerSettings.TrustedName one : settings.providers) {
        providers.add(
            new IssuerParts.TrustedProvider(
                IdentityTokens.of(one.provider(), clock), one.audience()));
      }
      TokenIssuer issuer =
          TokenIssuer.of(
              new IssuerParts(
                  settings.issuer(),
                  new IssuerParts.Trusted(
                      providers,
                      settings.people,
                      EnrolledAgents.either(EnrolledAgents.of(settings.agents()), more)),
                  new IssuerParts.Offered(
                      settings.templates, settings.policies, settings.turnsPerMinute),
                  new IssuerParts.Signing(root, settings.keyId, service::verifier),
                  new IssuerParts.Kept(
                      memory(stores, settings.proofs),
                      memory(stores, settings.subjects),
                      new Records(log, registry, clock)),
                  clock));
      issuer.requireTrusted();
      return new IssuerRole(issuer, providers, stores, root, metrics);
    } catch (RuntimeException e) {
      stores.close();
      KeyFile.wipe(root);
      throw e;
    }
  }

  private static ReplayMemory memory(Stores stores, @Nullable Place place) {
    if (place instanceof Place.Sql sql) {
      var unused = stores.database(sql); // so that a wrong address is found at the start
    }
    return place == null ? ReplayMemory.inMemory() : stores.replayMemory(place);
  }

  /** The issuer. */
  public TokenIssuer issuer() {
    return issuer;
  }

  /** What it answers. */
  public List<Endpoint> endpoints() {
    return List.of(new TokenEndpoint(issuer, metrics), new RenewEndpoint(issuer, metrics));
  }

  @Override
  public void close() {
    stores.close();
    KeyFile.wipe(root);
  }
}
