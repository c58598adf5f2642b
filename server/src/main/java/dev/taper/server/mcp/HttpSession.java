package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcMessage.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A session of a client over HTTP, with the stream on which it listens. Thread-safe. */
final class HttpSession implements Outlet.Client {
  /** How long somebody may listen before the stream ends, and is asked for with another proof. */
  static final Duration MAX_LISTENING = Duration.ofMinutes(30);

  // What is kept for whom nobody listens yet.
  private static final int MAX_KEPT = 64; // messages
  private static final int MAX_CHARACTERS = 1 << 18;

  private record Kept(RpcMessage message, int characters) {}

  private final String id;
  private final String from;
  private final HttpSessions home;
  private final LongSupplier ticker;
  private final long begun;
  private final Deque<Kept> kept = new ArrayDeque<>(); // guarded by this
  private int characters; // of what is kept; guarded by this
  private @Nullable HttpOutlet listening; // guarded by this
  private long listeningSince; // guarded by this
  private @Nullable Conversation conversation; // guarded by this
  private boolean over; // guarded by this
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean expired;
  private volatile boolean known;
  private volatile @Nullable String delegator;
  private volatile long used;

  /**
   * Makes a session.
   *
   * @param from the address of whoever began it
   * @param ticker nanoseconds that only go forward
   */
  HttpSession(String id, String from, LongSupplier ticker, HttpSessions home) {
    this.id = id;
    this.from = from;
    this.ticker = ticker;
    this.begun = ticker.getAsLong();
    this.used = begun;
    this.home = home;
  }

  String id() {
    return id;
  }

  synchronized void begin(Conversation made) {
    conversation = made;
  }

  /** The conversation, which there is as soon as somebody can find the session. */
  synchronized Conversation conversation() {
    return Objects.requireNonNull(conversation);
  }

  /** Somebody goes on with it who was verified, or nobody owns it yet. */
  void use() {
    used = ticker.getAsLong();
  }

  String from() {
    return from;
  }

  @Override
  public void known() {
    known = true;
  }

  @Override
  public boolean known(String shown) {
    if (delegator == null && !home.admit(this, shown)) {
      return false;
    }
    known = true;
    use();
    return true;
  }

  /** Counts as a delegator's from now on, whoever else uses it. */
  void countAs(String of) {
    delegator = of;
  }

  /** Whose it counts as; null while nobody is known. */
  @Nullable String delegator() {
    return delegator;
  }

  /** True once it has ended. */
  synchronized boolean isOver() {
    return over;
  }

  /** True once its owner may not go on with it: it is only there to say why. */
  boolean isExpired() {
    return expired;
  }

  /** True for the first who closes its conversation. */
  boolean isFirstToClose() {
    return closing.compareAndSet(false, true);
  }

  /** True once somebody showed a token in it. */
  boolean isKnown() {
    return known;
  }

  /** How long ago it began, in nanoseconds. */
  long age() {
    return ticker.getAsLong() - begun;
  }

  /**
   * For how long nobody who may has used it, in nanoseconds; 0 while such a one listens, or waits
   * for an answer.
   */
  synchronized long idle() {
    boolean isUsed =
        (conversation != null && conversation.isUsed())
            || (listening != null && !listening.isDone());
    return isUsed ? 0 : ticker.getAsLong() - used;
  }

  /**
   * Sends what belongs to no request there from now on, and what was kept, as far as the client may
   * have that now; false if somebody listens already.
   */
  boolean listen(HttpOutlet outlet) {
    List<RpcMessage.Request> dropped;
    Conversation made;
    synchronized (this) {
      made = conversation;
      if (made == null || over || expired || (listening != null && !listening.isDone())) {
        return false;
      }
      listening = outlet;
      listeningSince = ticker.getAsLong();
      outlet.open();
      dropped = sendKept(outlet, made);
    }
    for (RpcMessage.Request request : dropped) { // without the lock: servers may be slow
      made.received(
          new Failure(request.id(), Failure.INTERNAL, "no client takes requests just now"), this);
    }
    return true;
  }

  /** Sends what was kept; gives the requests that its client may not have any more. */
  private List<RpcMessage.Request> sendKept(HttpOutlet outlet, Conversation made) {
    List<RpcMessage.Request> dropped = new ArrayList<>();
    while (!kept.isEmpty()) {
      RpcMessage next = kept.element().message();
      if (made.mayHave(next)) {
        if (!outlet.send(next)) {
          break;
        }
      } else if (next instanceof RpcMessage.Request request) {
        dropped.add(request);
      }
      characters -= kept.remove().characters();
    }
    return dropped;
  }

  @Override
  public synchronized boolean send(RpcMessage message, int status) {
    if (listening != null && listening.send(message)) {
      return true;
    }
    if (over || expired || kept.size() >= MAX_KEPT) {
      return false;
    }
    int length = RpcText.write(message).length();
    if (characters + length > MAX_CHARACTERS) {
      return false;
    }
    characters += length;
    return kept.add(new Kept(message, length));
  }

  /** Tells who listens that it is still here, or that it has to ask again. */
  synchronized void breathe() {
    if (listening == null) {
      return;
    }
    if (ticker.getAsLong() - listeningSince > MAX_LISTENING.toNanos()) {
      listening.end();
    } else {
      listening.breathe();
    }
  }

  @Override
  public void expire(String reason) {
    synchronized (this) {
      expired = true;
      kept.clear();
      if (listening != null) {
        listening.endNow();
      }
    }
    home.closes(this);
  }

  @Override
  public void end(String reason) {
    synchronized (this) {
      over = true;
      if (listening != null) {
        listening.end();
      }
    }
    home.forget(id);
  }
}
