package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.integrations.mcp.McpMeta;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, whose messages are lines of two streams. It may have a session, and may send requests
 * without one. Thread-safe.
 */
public final class StdioFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StdioFront.class);

  /** A request is known to be late a little after it is. */
  private static final Duration LATER = Duration.ofSeconds(2);

  private static final int PAUSE_MILLIS = 10;

  /** How long answers that are owed may take when the process stops. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Conversation.Host host;
  private final Duration patience;
  private final LineChannel channel;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private @Nullable Conversation session; // guarded by this
  private @Nullable Conversation stateless; // guarded by this
  private boolean closed; // guarded by this

  private StdioFront(
      InputStream in, OutputStream out, int maxBytes, Duration patience, Conversation.Host host) {
    this.host = host;
    this.patience = patience.plus(LATER);
    this.channel = new LineChannel(in, new BufferedOutputStream(out), maxBytes);
  }

  /**
   * Begins to read.
   *
   * @param patience how long an answer may take; a client that sends no more still gets those that
   *     it is owed
   */
  public static StdioFront start(
      InputStream in, OutputStream out, int maxBytes, Duration patience, Conversation.Host host) {
    StdioFront front = new StdioFront(in, out, maxBytes, patience, host);
    Thread unused = DaemonThreads.start("client", front::read);
    return front;
  }

  /**
   * Waits until the client or its server is gone.
   *
   * @return why the server ended; null if the client did
   */
  public @Nullable String await() throws InterruptedException {
    ended.await();
    return reason.get();
  }

  private void read() {
    try {
      channel.readAll(
          new LineChannel.Receiver() {
            @Override
            public void received(RpcMessage message) {
              try {
                StdioFront.this.received(message);
              } catch (RuntimeException | Error e) {
                LOG.error("a message cannot be handled", e);
                if (message instanceof RpcMessage.Request asked) { // nobody else answers it
                  RpcFault fault =
                      new RpcFault(RpcFault.Code.INTERNAL, "the request cannot be handled");
                  boolean unused = everything.send(fault.answer(asked.id()));
                }
              }
            }

            @Override
            public void broken(RpcFault fault) {
              boolean unused = everything.send(fault.answer(null));
            }
          },
          null,
          host.admission());
      awaitAnswers(patience);
    } catch (IOException e) {
      LOG.debug("the client's messages cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /** Nothing more is asked, and the client may still read. */
  private void awaitAnswers(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (Stream.of(present()).anyMatch(Conversation::owesAnswers)
        && System.nanoTime() - end < 0
        && !ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
      // It is owed something.
    }
  }

  private final Outlet.Client everything = new StandardOutput(true);
  private final Outlet.Client withoutSession = new StandardOutput(false);

  /** Where all messages to the client go. */
  private final class StandardOutput implements Outlet.Client {
    private final boolean endsAll;

    StandardOutput(boolean endsAll) {
      this.endsAll = endsAll;
    }

    @Override
    public boolean send(RpcMessage message, int status) {
      try {
        channel.write(message);
        return true;
      } catch (IOException e) {
        ended.countDown();
        return false;
      }
    }

    @Override
    public void end(String why) {
      if (endsAll) {
        reason.compareAndSet(null, why);
      } else {
        forgetStateless();
      }
    }

    @Override
    public void told() {
      if (endsAll) {
        ended.countDown(); // the process may be over after this
      }
    }
  }

  private synchronized void forgetStateless() {
    stateless = null;
  }

  private void received(RpcMessage message) {
    if (message instanceof RpcMessage.Request request) {
      boolean isAlone = McpMeta.hasVersion(request.params());
      Conversation conversation;
      try {
        requireOpen();
        conversation = isAlone ? stateless() : session();
      } catch (RpcFault e) {
        boolean unused = everything.send(e.answer(request.id()));
        return;
      }
      conversation.received(message, everything);
      return;
    }
    Conversation[] present = present();
    for (Conversation conversation : present) {
      conversation.received(message, everything);
    }
  }

  private synchronized Conversation[] present() {
    return Stream.of(session, stateless).filter(Objects::nonNull).toArray(Conversation[]::new);
  }

  private synchronized Conversation session() throws RpcFault {
    if (session == null) {
      requireOpen();
      session = host.session(everything);
    }
    return session;
  }

  private synchronized Conversation stateless() throws RpcFault {
    if (stateless == null) {
      requireOpen();
      stateless = host.stateless(withoutSession);
    }
    return stateless;
  }

  private synchronized void requireOpen() throws RpcFault {
    if (closed) {
      throw new RpcFault(RpcFault.Code.UPSTREAM_UNAVAILABLE, "the service stops");
    }
  }

  /** Takes no more requests, waits a little for the answers that are owed, and ends. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      awaitAnswers(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Conversation conversation : present()) {
      try {
        conversation.close();
      } catch (Exception e) {
        LOG.warn("a conversation does not close", e);
      }
    }
    ended.countDown();
  }
}
