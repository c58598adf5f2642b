package dev.taper.server.mcp;

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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of clients over HTTP, and what requests without one share. Sessions end when nobody
 * has used them for a while; where there is no room, the one that rested longest makes some.
 * Thread-safe.
 */
final class HttpSessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpSessions.class);
  private static final Duration LASTS = Duration.ofMinutes(30);
  private static final Duration RESTED = Duration.ofMinutes(1);
  private static final int ID_BYTES = 16;
  private static final int CLOSING_SECONDS = 15;

  private final Conversation.Host host;
  private final int maxSessions;
  private final Map<String, HttpSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService closing =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "closing");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Conversation stateless; // guarded by this
  private boolean closed; // guarded by this

  HttpSessions(Conversation.Host host, int maxSessions) {
    this.host = host;
    this.maxSessions = maxSessions;
  }

  @Nullable HttpSession find(@Nullable String id) {
    HttpSession session = id == null ? null : sessions.get(id);
    if (session != null) {
      session.use();
    }
    return session;
  }

  synchronized HttpSession begin() throws RpcFault {
    requireOpen();
    makeRoom();
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    HttpSession session = new HttpSession(id, () -> sessions.remove(id));
    session.begin(host.session(session));
    sessions.put(id, session);
    return session;
  }

  private void makeRoom() throws RpcFault {
    if (sessions.size() < maxSessions) {
      return;
    }
    HttpSession rested =
        sessions.values().stream()
            .filter(session -> session.idle() > RESTED.toNanos())
            .max(Comparator.comparingLong(HttpSession::idle))
            .orElseThrow(
                () ->
                    new RpcFault(
                        Code.TOO_MANY_REQUESTS, "at most " + maxSessions + " sessions are open"));
    end(rested);
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
    Conversation conversation = session.conversation();
    if (conversation != null) {
      closing.execute(() -> close(conversation));
    }
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
