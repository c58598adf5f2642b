package dev.taper.server.serve.decide;

import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.operations.OperationException;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.process.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The role that decides, for one service. Thread-safe. */
public final class DecideRole {
  private final Judge judge;
  private final HttpGuard described;
  private final CallerSecret secret;
  private final Metrics metrics;
  private final @Nullable AuthzenMetadata metadata;

  /**
   * Decides by a verifier that may be another one for each question.
   *
   * @param asks what makes a guard keep asks, if one does
   * @param authzen the identifier by which AuthZEN's clients know this process; null for none
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it has no
   *     catalog
   * @throws OperationException {@code usage} if AuthZEN takes no such identifier
   */
  public DecideRole(
      Supplier<Verifier> verifiers,
      UnaryOperator<HttpGuard> asks,
      CallerSecret secret,
      Metrics metrics,
      @Nullable String authzen) {
    this.judge = new Judge(verifiers);
    this.described = asks.apply(judge.http());
    this.secret = secret;
    this.metrics = metrics;
    this.metadata = authzen == null ? null : new AuthzenMetadata(authzen);
  }

  /** What it answers over HTTP. */
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(new ForwardEndpoint(judge.http(), secret, metrics));
    endpoints.add(new DecideEndpoint(judge, secret, metrics));
    endpoints.add(new AuthzenEndpoint(judge, secret, metrics));
    endpoints.add(new DescriptionEndpoint(described));
    if (metadata != null) {
      endpoints.add(metadata);
    }
    return endpoints;
  }

  /**
   * Starts to answer Envoy, over gRPC.
   *
   * @throws OperationException {@code io} if the address is taken, {@code usage} if it is a Unix
   *     domain socket
   */
  public EnvoyServer startEnvoy(ListenAddress address) {
    if (address.isUnix()) {
      throw OperationException.usage("Envoy is answered at a host and port, not at " + address);
    }
    return EnvoyServer.start(address, new EnvoyChecks(judge.http(), metrics), secret);
  }
}
