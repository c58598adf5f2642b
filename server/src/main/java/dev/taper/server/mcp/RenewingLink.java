package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcFault.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link that begins a session again, with what the client said at first, when the server has
 * forgotten the one it had: after a restart, or after the end of the session's newest token. What
 * was not answered is answered with a fault, the server's own questions are taken back, and what is
 * sent meanwhile waits. A server that forgets the new session at once, or begins none, is gone.
 * Thread-safe.
 */
final class RenewingLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(RenewingLink.class);
  private static final String REVISION = "protocolVersion";
  private static final String LEVEL = "logging/setLevel";
  private static final String LEVEL_AGAIN = "taper-level-again"; // no id of a relay's request
  private static final String NO_LEVEL = "another session does not take logging/setLevel";
  private static final int MAX_WAITING = 512;

  /** How many looks a server has for beginning a session, and for keeping it. */
  private static final int MAX_LOOKS = 30;

  private record Waiting(RpcMessage message, Map<String, String> fields) {
    @Nullable Object id() {
      return message instanceof RpcMessage.Request request ? request.id() : null;
    }
  }

  private final UrlUpstream upstream;
  private final Receiver receiver;
  private final Map<Object, RpcMessage.Request> asked = new HashMap<>(); // not answered; guarded
  private final Set<Object> subscribed = new HashSet<>(); // what to; guarded by this
  private RpcMessage.@Nullable Request level; // of the log, as it was set; guarded by this
  private final OpenQuestions questions = new OpenQuestions(); // guarded by this
  private Session session; // guarded by this
  private @Nullable Deque<Waiting> waiting; // while a session begins again; guarded by this
  private RpcMessage.@Nullable Request first; // guarded by this
  private @Nullable RpcMessage begun; // the word that it began; guarded by this
  private @Nullable Object revision; // guarded by this
  private boolean isFresh; // nothing was answered since it began again; guarded by this
  private int looks; // since then; guarded by this
  private boolean closed; // guarded by this

  RenewingLink(UrlUpstream upstream, Receiver receiver) {
    this.upstream = upstream;
    this.receiver = receiver;
    this.session = new Session(null);
  }

  /** One session with the server, and what comes of it. */
  private final class Session implements Receiver {
    private final @Nullable Object renewal; // id of the request that begins it again
    private final Link link;

    Session(@Nullable Object renewal) {
      this.renewal = renewal;
      this.link = upstream.session(this);
    }

    @Override
    public void received(RpcMessage message, @Nullable Object about) {
      Object answers = message.answers();
      if (renewal != null && renewal.equals(answers)) {
        begins(this, message);
        return;
      }
      if (message instanceof RpcMessage.Failure && LEVEL_AGAIN.equals(answers)) {
        end(this, NO_LEVEL);
        return;
      }
      RpcMessage taken = taken(this, message);
      if (taken == null) {
        return;
      }
      receiver.received(taken, about);
      if (taken instanceof RpcMessage.Request question && isLost(this)) { // meanwhile
        takeBack(question.id());
      }
    }

    @Override
    public void broken(RpcFault fault, @Nullable Object about) {
      if (renewal != null && renewal.equals(about)) {
        end(this, "no other session begins: " + fault.detail());
      } else if (LEVEL_AGAIN.equals(about)) {
        end(this, NO_LEVEL);
      } else if (isCurrent(this, about)) {
        receiver.broken(fault, about);
      }
    }

    @Override
    public void ended(String reason) {
      end(this, reason);
    }

    @Override
    public void forgotten(String reason, @Nullable Object refused) {
      renew(this, reason, refused);
    }
  }

  private synchronized boolean isCurrent(Session one, @Nullable Object about) {
    return !closed && one == session && (about == null || asked.remove(about) != null);
  }

  private synchronized boolean isLost(Session one) {
    return one != session;
  }

  /** A question goes with its session: nobody's answer to it is for another one. */
  private void takeBack(Object question) {
    receiver.received(RpcMessage.Notification.cancelled(question), null);
  }

  private synchronized boolean isSubscribed() {
    return !subscribed.isEmpty();
  }

  /** What of a session is handed on; null for nothing. */
  private synchronized @Nullable RpcMessage taken(Session one, RpcMessage message) {
    Object answers = message.answers();
    RpcMessage.Request request = answers == null ? null : asked.get(answers);
    if (closed || one != session || (answers != null && request == null)) {
      return null;
    }
    if (request != null) {
      asked.remove(request.id());
      if (message instanceof RpcMessage.Result result) {
        keep(request, result);
      }
    }
    isFresh &= answers == null;
    return message instanceof RpcMessage.Request question
        ? questions.asked(question)
        : message instanceof RpcMessage.Notification told ? questions.told(told) : message;
  }

  /** What a session goes on to have from a request. Only under the lock. */
  private void keep(RpcMessage.Request request, RpcMessage.Result result) {
    Map<String, @Nullable Object> params = request.params();
    Object uri = params == null ? null : params.get("uri");
    switch (request.method()) {
      case RpcMessage.Request.INITIALIZE -> revision = result.result().get(REVISION);
      case LEVEL -> level = request;
      case "resources/subscribe" -> subscribed.add(String.valueOf(uri));
      case "resources/unsubscribe" -> subscribed.remove(String.valueOf(uri));
      default -> {
        // It is over with its answer.
      }
    }
  }

  private void renew(Session lost, String reason, @Nullable Object refused) {
    if (isSubscribed()) { // and each asking for it is signed by the agent's side, once
      end(lost, reason + ", and with it what the client has subscribed to");
      return;
    }
    List<Object> unanswered;
    List<Object> dropped;
    RpcMessage.Request again;
    Session next;
    synchronized (this) {
      if (closed || lost != session) {
        return;
      }
      if (first == null || revision == null || waiting != null || isFresh) {
        closed = true;
        again = null;
        next = null;
        unanswered = List.of();
        dropped = List.of();
      } else {
        again =
            new RpcMessage.Request(
                "taper-again-" + System.identityHashCode(lost),
                RpcMessage.Request.INITIALIZE,
                first.params());
        next = new Session(again.id());
        session = next;
        waiting = new ArrayDeque<>();
        isFresh = true;
        looks = 0;
        unanswered = new ArrayList<>(asked.keySet());
        asked.clear();
        dropped = questions.end();
      }
    }
    lost.link.close();
    if (again == null || next == null) {
      receiver.ended(reason);
      return;
    }
    LOG.info(
        "the server has forgotten the session; another one begins, and {} questions of the old"
            + " one are taken back",
        dropped.size());
    dropped.forEach(this::takeBack);
    unanswered.forEach(id -> receiver.broken(unanswered(id.equals(refused)), id));
    try {
      next.link.send(again, Map.of());
    } catch (RpcFault e) {
      end(next, "no other session begins: " + e.detail());
    }
  }

  private static RpcFault unanswered(boolean isRefused) {
    return isRefused
        ? new RpcFault(
            Code.UPSTREAM_UNAVAILABLE,
            "the session has ended, and the call was not carried out; it can be called again, in"
                + " the session that begins")
        : new RpcFault(
            Code.UPSTREAM_ENDED,
            "the session has ended, and it is not known whether the call was carried out;"
                + " another session begins");
  }

  /** The server answers to the beginning of another session. */
  private void begins(Session one, RpcMessage answer) {
    RpcMessage word;
    RpcMessage.Request set;
    Object spoken;
    synchronized (this) {
      word = begun;
      set = level;
      spoken = revision;
    }
    if (!(answer instanceof RpcMessage.Result result)
        || !Objects.equals(spoken, result.result().get(REVISION))) {
      end(one, "the server begins no other session as the first one was");
      return;
    }
    if (word != null) {
      send(one, new Waiting(word, Map.of()));
    }
    if (set != null) { // the link signs it, as it signed the first one
      send(one, new Waiting(new RpcMessage.Request(LEVEL_AGAIN, LEVEL, set.params()), Map.of()));
    }
    for (Waiting next = next(one); next != null; next = next(one)) {
      send(one, next);
    }
    for (String list : HttpLink.announced(result.result())) {
      receiver.received(RpcMessage.Notification.listChanged(list), null);
    }
  }

  private synchronized @Nullable Waiting next(Session one) {
    Deque<Waiting> all = waiting;
    if (closed || one != session || all == null) {
      return null;
    }
    Waiting next = all.poll();
    if (next == null) {
      waiting = null;
    }
    return next;
  }

  private void send(Session one, Waiting what) {
    try {
      one.link.send(what.message(), what.fields());
    } catch (RpcFault e) {
      if (LEVEL_AGAIN.equals(what.id())) {
        end(one, NO_LEVEL);
      } else if (what.message() instanceof RpcMessage.Request request
          && isCurrent(one, request.id())) {
        receiver.broken(e, request.id());
      }
    }
  }

  private void end(Session one, String reason) {
    synchronized (this) {
      if (closed || one != session) {
        return;
      }
      closed = true;
    }
    one.link.close();
    receiver.ended(reason);
  }

  @Override
  public void send(RpcMessage message, Map<String, String> fields) throws RpcFault {
    Link to;
    RpcMessage sent = message;
    synchronized (this) {
      if (closed) {
        throw new RpcFault(Code.UPSTREAM_ENDED, "the session with the server has ended");
      }
      if (waiting != null && waiting.size() >= MAX_WAITING) {
        throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "too much waits for another session");
      }
      if (message instanceof RpcMessage.Request request) {
        asked.put(request.id(), request);
        if (request.method().equals(RpcMessage.Request.INITIALIZE)) {
          first = request;
        }
      } else if (message instanceof RpcMessage.Notification notification
          && notification.method().equals(RpcMessage.Notification.INITIALIZED)) {
        begun = notification;
      } else if (message.isAnswer()) {
        sent = questions.answered(message);
        if (sent == null) {
          LOG.info("an answer is not sent: its question is not open in the present session");
          return;
        }
      }
      if (waiting != null) {
        waiting.add(new Waiting(sent, fields));
        return;
      }
      to = session.link;
    }
    try {
      to.send(sent, fields);
    } catch (RpcFault e) {
      if (message instanceof RpcMessage.Request request) {
        forget(request.id());
      }
      throw e;
    }
  }

  private synchronized void forget(Object id) {
    asked.remove(id);
  }

  @Override
  public void cancel(Object id) {
    Link to;
    synchronized (this) {
      asked.remove(id);
      if (waiting != null) {
        waiting.removeIf(
            one -> one.message() instanceof RpcMessage.Request request && request.id().equals(id));
        return;
      }
      to = session.link;
    }
    to.cancel(id);
  }

  @Override
  public void look() {
    Session one;
    boolean isLate;
    synchronized (this) {
      one = session;
      looks = Math.min(looks + 1, MAX_LOOKS);
      boolean isOld = looks >= MAX_LOOKS;
      isLate = isOld && waiting != null;
      isFresh &= !isOld;
    }
    if (isLate) {
      end(one, "the server begins no other session in time");
    } else {
      one.link.look();
    }
  }

  @Override
  public void close() {
    Session one;
    synchronized (this) {
      closed = true;
      one = session;
    }
    one.link.close();
  }
}
