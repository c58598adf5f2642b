package dev.taper.integrations.valkey;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.PeerCertificate;
import dev.taper.TaperException;
import dev.taper.integrations.valkey.answer.StoreReply;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the server of a store. Each is opened once and never by itself again, so that
 * nothing that waited for a lost one is done later. Every question has an end. Thread-safe.
 */
final class StoreServer implements AutoCloseable {
  /** How long an answer may take for a check. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  /** How long an answer may take for a caller without a deadline. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** How many questions may wait for their answers; more are refused. */
  private static final int MOST_WAITING = 4096;

  /** How many bytes may come after a question: 4 KiB for each that waits. */
  static final long MOST_BYTES = MOST_WAITING * 4096L;

  private final ValkeyAddress address;
  private final ClientResources resources;
  private final RedisClient client;
  private volatile @Nullable Instant certificateEnds;

  /**
   * Opens nothing yet.
   *
   * @param mostBytes how many bytes the server may send after each question; a connection is closed
   *     on which more come
   */
  StoreServer(ValkeyAddress address, long mostBytes) {
    this.address = address;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .nettyCustomizer(limiting(mostBytes))
            .build();
    this.client = RedisClient.create(resources);
    client.setOptions(options(address));
  }

  private NettyCustomizer limiting(long mostBytes) {
    return new NettyCustomizer() {
      @Override
      public void afterChannelInitialized(Channel channel) {
        var unused = channel.pipeline().addFirst(new AnswerLimit(mostBytes));
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
          tls.handshakeFuture()
              .addListener(
                  done -> {
                    if (done.isSuccess()) { // or what is known of an ended one is forgotten
                      certificateEnds = PeerCertificate.ends(tls.engine().getSession());
                    }
                  });
        }
        ChannelHandlerContext reader = channel.pipeline().context(CommandHandler.class);
        unused = channel.pipeline().addBefore(reader.name(), null, new ShapedAnswers());
      }
    };
  }

  private static ClientOptions options(ValkeyAddress address) {
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MOST_WAITING)
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(PATIENCE)
                    .tcpNoDelay(true)
                    .keepAlive(true)
                    .build());
    if (address.authorities() != null) {
      options.sslOptions(
          SslOptions.builder()
              .jdkSslProvider()
              .trustManager(address.authorities().toFile())
              .build());
    }
    return options.build();
  }

  /** When the certificate ends that the server last showed; null if it showed none. */
  @Nullable Instant certificateEnds() {
    return certificateEnds;
  }

  /** A connection, with the scripts that the server has. */
  static final class Link {
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Map<Script, String> digests = new EnumMap<>(Script.class);

    private Link(StatefulRedisConnection<byte[], byte[]> connection) {
      this.connection = connection;
    }

    boolean isOpen() {
      return connection.isOpen();
    }

    /** Gives the server the scripts. */
    void load(List<Script> scripts) {
      for (Script script : scripts) {
        digests.put(script, await(() -> connection.async().scriptLoad(script.text()), PATIENCE));
      }
    }

    /**
     * Runs a script.
     *
     * @param patience how long the answer may take
     */
    List<Object> run(Script script, byte[][] keys, byte[][] arguments, Duration patience) {
      if (patience.isZero()) {
        throw new StoreException("was not asked: no time is left", null, false);
      }
      String digest = String.valueOf(digests.get(script));
      return await(
          () ->
              connection
                  .async()
                  .<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, arguments),
          patience);
    }

    String info() {
      return await(() -> connection.async().info(), PATIENCE);
    }

    /** A setting; null if the server does not tell it. */
    @Nullable String setting(String name) {
      try {
        return await(() -> connection.async().configGet(name), PATIENCE).get(name);
      } catch (StoreException e) {
        if (e.isAnswer()) {
          return null; // this user may not ask
        }
        throw e;
      }
    }

    /** Fields of a key; null for those that are missing. */
    List<@Nullable String> fields(byte[] key, List<String> names) {
      byte[][] fields =
          names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
      List<@Nullable String> values = new ArrayList<>();
      for (var value : await(() -> connection.async().hmget(key, fields), PATIENCE)) {
        values.add(value.hasValue() ? new String(value.getValue(), StandardCharsets.UTF_8) : null);
      }
      if (values.size() != names.size()) {
        throw StoreReply.strange();
      }
      return values;
    }

    void close() {
      var unused = connection.closeAsync();
    }
  }

  /**
   * Opens a connection.
   *
   * @throws StoreException if that cannot be done in time
   */
  Link connect() {
    try {
      return new Link(opened(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri())));
    } catch (StoreException e) {
      throw e.isAnswer() ? e : new StoreException("cannot be reached: " + e.getMessage(), e, false);
    }
  }

  private static <C extends StatefulConnection<byte[], byte[]>> C opened(
      Supplier<ConnectionFuture<C>> connecting) {
    ConnectionFuture<C> opening;
    try {
      opening = connecting.get();
    } catch (RedisException | IllegalStateException e) { // closed meanwhile
      throw new StoreException(reason(e), e, false);
    }
    try {
      return await(opening.toCompletableFuture(), PATIENCE);
    } catch (StoreException e) {
      var unused = opening.thenCompose(StatefulConnection::closeAsync); // if it comes later
      throw e;
    }
  }

  /** A connection that hears of what is published, until it is closed or lost. */
  static final class Listening implements AutoCloseable {
    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;

    private Listening(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
      this.connection = connection;
    }

    boolean isOpen() {
      return connection.isOpen();
    }

    @Override
    public void close() {
      if (connection.isOpen()) {
        var unused = connection.closeAsync();
      }
    }
  }

  /**
   * Listens to a channel.
   *
   * @param news is run by a thread that must not wait, for each message
   * @throws StoreException if that cannot be done in time
   */
  Listening listen(byte[] channel, Runnable news) {
    StatefulRedisPubSubConnection<byte[], byte[]> connection =
        opened(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri()));
    Listening listening = new Listening(connection);
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] heardOn, byte[] message) {
            news.run();
          }
        });
    try {
      var unused = await(() -> connection.async().subscribe(channel), PATIENCE);
    } catch (StoreException e) {
      listening.close();
      throw e;
    }
    return listening;
  }

  private RedisURI uri() {
    RedisURI.Builder uri =
        RedisURI.builder()
            .withHost(address.host())
            .withPort(address.port())
            .withSsl(address.tls())
            .withVerifyPeer(SslVerifyMode.FULL)
            .withTimeout(LONGEST);
    char[] password;
    try {
      password = address.password();
    } catch (TaperException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e, false);
    }
    if (password != null && address.user() != null) {
      uri.withAuthentication(address.user(), password);
    } else if (password != null) {
      uri.withPassword(password);
    }
    return uri.build();
  }

  /** How long the caller of this thread waits at most. */
  static Duration patience() {
    Deadline deadline = Deadline.current();
    return deadline == null ? LONGEST : deadline.left();
  }

  /** Asks, which may be refused at once, and waits for the answer. */
  private static <T> T await(Supplier<RedisFuture<T>> question, Duration patience) {
    RedisFuture<T> answer;
    try {
      answer = question.get();
    } catch (RedisException e) {
      throw new StoreException("was not asked: " + reason(e), e, false);
    }
    return await(answer, patience);
  }

  private static <T> T await(Future<T> answer, Duration patience) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new StoreException("did not answer in time", e, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      throw new StoreException("was not waited for: the thread was interrupted", e, false);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreException(
          "failed: " + reason(cause), cause, cause instanceof RedisCommandExecutionException);
    } catch (CancellationException e) {
      throw new StoreException("lost the connection", e, false);
    }
  }

  /** The first line of what is deepest; the server's own words hold no argument. */
  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, PATIENCE);
    var unused = resources.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says why the server gave no answer. */
  static final class StoreException extends TaperException {
    private static final long serialVersionUID = 1L;

    private final boolean answer;

    StoreException(String why, @Nullable Throwable cause, boolean answer) {
      super(ErrorCode.DATABASE_UNAVAILABLE, why, cause);
      this.answer = answer;
    }

    /** True if the server refused, so that the connection is good. */
    boolean isAnswer() {
      return answer;
    }
  }
}
