package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.server.mcp.RpcFault.Code;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of clients over HTTP, and what requests without one share. Each may have a process
 * of its own, so there is room for some at once, in which those that are ending still count.
 * Anybody can begin one: as long as nobody showed a token in it, it is a stranger's. Strangers have
 * half of the room, those of one address a quarter, and make room for each other, the oldest first.
 * Other sessions end when nobody has used them for a while; where all the room is taken, the one
 * that rested longest makes some. No delegator has all of it: of what is known, each has half of
 * the room, and less the more there are. Thread-safe.
 */
final class HttpSessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpSessions.class);
  private static final Duration LASTS = Duration.ofMinutes(30);
  private static final Duration RESTED = Duration.ofMinutes(1);

  /** How long a stranger has to show a token before another one may take its place. */
  private static final Duration TRIED = Duration.ofSeconds(10);

  private static final int ID_BYTES = 16;
  private static final int CLOSING_SECONDS = 15;

  private final Conversation.Host host;
  private final int maxSessions;
  private final LongSupplier ticker;
  private final Map<String, HttpSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService closing =
      Executors.newCachedThreadPool(DaemonThreads.named("closing"));
  private @Nullable Conversation stateless; // guarded by this
  private boolean closed; // guarded by this
  private int present; // sessions, and those that are ending; guarded by this

  HttpSessions(Conversation.Host host, int maxSessions) {
    this(host, maxSessions, System::nanoTime);
  }

  /**
   * Keeps sessions by another watch, for tests.
   *
   * @param ticker nanoseconds that only go forward
   */
  HttpSessions(Conversation.Host host, int maxSessions, LongSupplier ticker) {
    this.host = host;
    this.maxSessions = maxSessions;
    this.ticker = ticker;
  }

  @Nullable HttpSession find(@Nullable String id) {
    return id == null ? null : sessions.get(id);
  }

  /**
   * Begins a session.
   *
   * @param from the address of whoever begins it
   * @throws RpcFault if there is no room, or no server
   */
  synchronized HttpSession begin(String from) throws RpcFault {
    requireOpen();
    makeRoom(from);
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    HttpSession session = new HttpSession(id, from, ticker, this);
    session.begin(host.session(session));
    present++;
    sessions.put(id, session);
    if (session.isOver()) {
      forget(id); // its server has ended already
    }
    return session;
  }

  private void makeRoom(String from) throws RpcFault {
    List<HttpSession> strangers =
        sessions.values().stream().filter(session -> !session.isKnown()).toList();
    List<HttpSession> near =
        strangers.stream().filter(session -> session.from().equals(from)).toList();
    if (near.size() >= Math.max(1, maxSessions / 4)) {
      end(oldest(near));
    } else if (strangers.size() >= Math.max(1, maxSessions / 2)) {
      end(oldest(strangers));
    } else if (sessions.size() >= maxSessions) {
      end(rested(strangers));
    }
    if (present >= maxSessions + Math.max(1, maxSessions / 4)) {
      throw full();
    }
  }

  private HttpSession oldest(List<HttpSession> strangers) throws RpcFault {
    return strangers.stream()
        .filter(session -> session.age() > TRIED.toNanos())
        .max(Comparator.comparingLong(HttpSession::age))
        .orElseThrow(this::full);
  }

  private HttpSession rested(List<HttpSession> strangers) throws RpcFault {
    if (strangers.stream().anyMatch(session -> session.age() > TRIED.toNanos())) {
      return oldest(strangers);
    }
    return sessions.values().stream()
        .filter(session -> session.isExpired() || session.idle() > RESTED.toNanos())
        .max(Comparator.comparing(HttpSession::isExpired).thenComparingLong(HttpSession::idle))
        .orElseThrow(this::full);
  }

  /**
   * Counts a session as a delegator's; those that are only there to say why they are over count for
   * nobody. Up to half of the room nobody is limited; above that, each delegator has the room
   * divided by the number of delegators and one, as in other memories. Where that is used up, the
   * session of its own that rested longest makes room.
   */
  synchronized boolean admit(HttpSession session, String delegator) {
    if (session.delegator() != null) {
      return true; // another thread was first
    }
    List<HttpSession> counted =
        sessions.values().stream()
            .filter(other -> other.delegator() != null && !other.isExpired())
            .toList();
    List<HttpSession> own =
        counted.stream().filter(other -> delegator.equals(other.delegator())).toList();
    long delegators = counted.stream().map(HttpSession::delegator).distinct().count();
    long all = delegators + (own.isEmpty() ? 1 : 0);
    boolean hasRoom =
        2 * (counted.size() + 1) <= maxSessions
            || own.size() + 1 <= Math.max(1, maxSessions / (all + 1));
    if (!hasRoom) {
      HttpSession rested =
          own.stream()
              .filter(other -> other.idle() > RESTED.toNanos())
              .max(Comparator.comparingLong(HttpSession::idle))
              .orElse(null);
      if (rested == null) {
        return false;
      }
      end(rested);
    }
    session.countAs(delegator);
    return true;
  }

  private RpcFault full() {
    return new RpcFault(Code.TOO_MANY_REQUESTS, "at most " + maxSessions + " sessions are open");
  }

  /** A session has ended; its server ends a little later, and takes its room until then. */
  void forget(String id) {
    HttpSession session = sessions.remove(id);
    if (session != null) {
      closes(session);
    }
  }

  /**
   * Ends a session's server. One whose owner may not go on with it stays for a while, or until
   * somebody needs its room, to say why it is over.
   */
  void closes(HttpSession session) {
    if (!session.isFirstToClose()) {
      return;
    }
    Conversation conversation = session.conversation();
    Runnable end =
        () -> {
          try {
            close(conversation);
          } finally {
            left();
          }
        };
    try {
      closing.execute(end);
    } catch (RejectedExecutionException e) {
      LOG.debug("the service has stopped meanwhile");
    }
  }

  private synchronized void left() {
    present--;
  }

  /** How much room is taken: sessions, and those that are ending. */
  synchronized int present() {
    return present;
  }

  /** What requests without a session share. */
  synchronized Conversation stateless() throws RpcFault {
    if (stateless == null) {
      requireOpen();
      stateless =
          host.stateless(
              new Outlet.Client() {
                @Override
                public boolean send(RpcMessage message, int status) {
                  return false; // it belongs to nobody
                }

                @Override
                public void end(String reason) {
                  forgetStateless();
                }
              });
    }
    return stateless;
  }

  private synchronized void forgetStateless() {
    stateless = null;
  }

  private void requireOpen() throws RpcFault {
    if (closed) {
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the service stops");
    }
  }

  /** Ends a session, whose server ends a little later. */
  void end(HttpSession session) {
    session.end("the session was ended");
  }

  private static void close(Conversation conversation) {
    try {
      conversation.close();
    } catch (Exception e) {
      LOG.warn("a conversation does not close", e);
    }
  }

  /** Ends what nobody uses any more, and tells who listens that it is still here. */
  void look() {
    for (HttpSession session : List.copyOf(sessions.values())) {
      if (session.idle() > LASTS.toNanos()) {
        end(session);
      } else {
        session.breathe();
      }
    }
  }

  @Override
  public void close() {
    Conversation shared;
    synchronized (this) {
      closed = true;
      shared = stateless;
    }
    List.copyOf(sessions.values()).forEach(this::end);
    if (shared != null) {
      closing.execute(() -> close(shared));
    }
    closing.shutdown();
    try {
      if (!closing.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a server has not ended in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
