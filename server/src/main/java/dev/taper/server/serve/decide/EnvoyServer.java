package dev.taper.server.serve.decide;

import dev.taper.DaemonThreads;
import dev.taper.operations.OperationException;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.ListenAddress;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A gRPC server for Envoy. Thread-safe. */
public final class EnvoyServer implements AutoCloseable {
  /** Says that Envoy was set up to send whole contents; without it nothing is allowed. */
  private static final Metadata.Key<String> CONTENT =
      Metadata.Key.of("taper-content", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> SECRET =
      Metadata.Key.of(
          CallerSecret.FIELD.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER);
  private static final int MAX_MESSAGE = 1 << 20;
  private static final int THREADS = 16;
  private static final int WAITING = 1024;
  private static final int GRACE = 5; // seconds

  private final Server server;
  private final ExecutorService threads;

  private EnvoyServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to listen.
   *
   * @throws OperationException {@code io} if the address is taken
   */
  static EnvoyServer start(ListenAddress address, EnvoyChecks checks, CallerSecret secret) {
    ExecutorService threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(WAITING),
            DaemonThreads.named("envoy"));
    Server server =
        NettyServerBuilder.forAddress((InetSocketAddress) address.address())
            .executor(threads)
            .maxInboundMessageSize(MAX_MESSAGE)
            .addService(
                ServerInterceptors.intercept( // the last one comes first
                    ServerInterceptors.useInputStreamMessages(checks.bindService()),
                    new EnvoyParts(),
                    new Gate(secret)))
            .build();
    try {
      return new EnvoyServer(server.start(), threads);
    } catch (IOException e) {
      threads.shutdownNow();
      throw OperationException.io("cannot listen at " + address, e);
    }
  }

  /** Refuses whoever does not say what it must. Immutable and thread-safe. */
  private record Gate(CallerSecret secret) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata fields, ServerCallHandler<Q, A> next) {
      if (!secret.isSaid(all(fields, SECRET))) {
        call.close(Status.UNAUTHENTICATED.withDescription("secret_required"), new Metadata());
      } else if (!all(fields, CONTENT).equals(List.of("whole"))) {
        call.close(
            Status.FAILED_PRECONDITION.withDescription(
                "content_not_seen: Envoy has to send the whole content, and say so by taper-content"),
            new Metadata());
      } else {
        return next.startCall(call, fields);
      }
      return new ServerCall.Listener<>() {};
    }

    private static List<String> all(Metadata fields, Metadata.Key<String> key) {
      Iterable<String> values = fields.getAll(key);
      List<String> all = new ArrayList<>();
      if (values != null) {
        values.forEach(all::add);
      }
      return all;
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().get(0);
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }
}
