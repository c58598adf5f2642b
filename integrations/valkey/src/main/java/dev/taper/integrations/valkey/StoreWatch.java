package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.integrations.valkey.StoreServer.Link;
import dev.taper.integrations.valkey.StoreServer.StoreException;
import dev.taper.integrations.valkey.answer.ServerState;
import dev.taper.integrations.valkey.answer.StoreNote;
import dev.taper.integrations.valkey.answer.StoreReply;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a store: callers get a connection only after the server, and what the store holds, were
 * looked at; both are looked at again every second, and when a script says that something has
 * changed. What may have lost changes is noted in the store, for all that use it. Thread-safe.
 */
final class StoreWatch implements AutoCloseable {
  private static final List<String> MEMORIES =
      Arrays.stream(ValkeyStore.Memory.values()).map(ValkeyStore.Memory::shown).toList();

  private static final Logger LOG = LoggerFactory.getLogger(ValkeyStore.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** How often one look tries, if other processes note something at the same time. */
  private static final int TRIES = 8;

  /**
   * A store that was looked at. Each look makes another one.
   *
   * @param told the last change that this process was told of
   */
  private record Usable(Link link, ServerState server, StoreNote note, AtomicLong told) {}

  private final ValkeyAddress address;
  private final Clock clock;
  private final StoreServer server;
  private final byte[][] keys;
  private final RepeatedTask checks;
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final AtomicLong latest = new AtomicLong();

  private volatile @Nullable Usable usable;
  private volatile String problem = "was not looked at yet";

  // Guarded by this.
  private @Nullable Link link;
  private @Nullable StoreNote before;
  private AtomicLong told = new AtomicLong();
  private boolean isClosed;

  private volatile boolean isDoubted;

  /** Looks at a store once, then again and again; if that fails now, calls are refused. */
  StoreWatch(ValkeyAddress address, Clock clock) {
    this.address = address;
    this.clock = clock;
    this.server = new StoreServer(address, StoreServer.MOST_BYTES);
    this.keys = Script.keys(address.name());
    check();
    FailureLog failures =
        FailureLog.of(StoreWatch.class, "looking at the store " + address.shown(), clock);
    this.checks = RepeatedTask.startLater("taper-valkey", EVERY, failures, this::check);
  }

  /**
   * Runs a script.
   *
   * @param isDurable whether the server must keep what it confirms
   * @return what it answers, which begins with a word
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if that is not known; it may be
   *     done all the same
   */
  StoreReply ask(Script script, boolean isDurable, List<byte[]> arguments) {
    Usable now = usable;
    if (now == null) {
      throw unavailable(problem, null);
    }
    if (isDurable && !now.server().isDurable()) {
      throw unavailable(shortcomings(now.server()), null);
    }
    StoreReply reply;
    try {
      byte[][] all = new byte[arguments.size() + 2][];
      all[0] = bytes(now.note().id());
      all[1] = bytes(now.told().get());
      for (int i = 0; i < arguments.size(); i++) {
        all[i + 2] = arguments.get(i);
      }
      reply = new StoreReply(now.link().run(script, keys, all, StoreServer.patience()));
    } catch (StoreException e) {
      if (e.isAnswer() || !now.link().isOpen()) {
        doubt(now, String.valueOf(e.getMessage()));
      }
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
    String doubt = reply.doubt(MEMORIES);
    if (doubt != null) {
      doubt(now, doubt);
      throw unavailable(doubt, null);
    }
    long sequence = reply.sequence();
    if (sequence > now.told().get()) {
      now.told().accumulateAndGet(sequence, Math::max);
    }
    return reply;
  }

  /** When the certificate ends that the server last showed; null if it showed none. */
  @Nullable Instant certificateEnds() {
    return server.certificateEnds();
  }

  /** Why the store cannot be used now; null if it can. */
  @Nullable String problem() {
    return usable == null ? "the store " + address.shown() + " " + problem : null;
  }

  /**
   * Takes note of a time at which something is claimed: a loss that is noted later is no earlier.
   */
  void claimedAt(Instant now) {
    long millis = now.toEpochMilli();
    if (millis > latest.get()) {
      latest.accumulateAndGet(millis, Math::max);
    }
  }

  private static String shortcomings(ServerState server) {
    return "does not keep all that it confirms: " + String.join(", ", server.shortcomings());
  }

  TaperException unavailable(String why, @Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.DATABASE_UNAVAILABLE, "the store " + address.shown() + " " + why, cause);
  }

  @SuppressWarnings("ReferenceEquality") // a later look is another one, whatever it saw
  private void doubt(Usable doubted, String why) {
    isDoubted = true;
    if (usable == doubted) {
      problem = why;
      usable = null;
    }
    if (isWoken.compareAndSet(false, true)) {
      try {
        checks.runSoon();
      } catch (RejectedExecutionException e) {
        problem = "is closed";
      }
    }
  }

  /**
   * Refuses a server that does not keep what it confirms, if that is known.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if it does not
   */
  void requireDurable() {
    Usable now = usable;
    if (now != null && !now.server().isDurable()) {
      throw new TaperException(
          ErrorCode.DATABASE_FAILED,
          "the store " + address.shown() + " " + shortcomings(now.server()));
    }
  }

  /**
   * Lets memories count from now on with what they hold, whatever may have been lost.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the store cannot be used
   */
  synchronized void begin(Set<ValkeyStore.Memory> memories) {
    if (isClosed) {
      throw unavailable(problem, null);
    }
    try {
      usable = looked(memories);
    } catch (StoreException e) {
      failed(e);
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private synchronized void check() {
    if (isClosed) {
      return;
    }
    isWoken.set(false);
    try {
      usable = looked(Set.of());
    } catch (StoreException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // What is not known to be durable is not used.
      failed(new StoreException("cannot be looked at: " + e, e, false));
    }
  }

  private void failed(StoreException e) {
    String why = String.valueOf(e.getMessage());
    if (usable != null || !why.equals(problem)) {
      LOG.warn("the store {} {}", address.shown(), why);
    }
    problem = why;
    usable = null;
    Link open = link;
    if (open != null && !e.isAnswer()) {
      open.close();
      link = null;
    }
  }

  private Usable looked(Set<ValkeyStore.Memory> begun) {
    Link open = link;
    boolean isDoubtful = isDoubted;
    if (open == null || !open.isOpen()) {
      open = server.connect();
      link = open;
      open.load(Script.OF_STORES);
    } else if (isDoubtful) {
      open.load(Script.OF_STORES);
    }
    Set<ValkeyStore.Memory> toBegin = begun;
    for (int i = 0; i < TRIES; i++) {
      ServerState state = state(open);
      if (!state.primary()) {
        throw new StoreException("is a replica, or does not tell", null, true);
      }
      long told = this.told.get(); // before the store is read: callers are told of more meanwhile
      List<@Nullable String> fields = open.fields(keys[0], StoreNote.FIELDS);
      if (StoreNote.isOfOtherForm(fields)) {
        throw new StoreException("was written by another version of this program", null, true);
      }
      StoreNote note = StoreNote.of(fields);
      String loss =
          note == null ? "there is no store, or it is lost" : note.loss(state, before, told);
      boolean isDurable =
          state.isDurable() && (!state.rewriting() || (note != null && note.durable()));
      if (note != null
          && loss == null
          && toBegin.isEmpty()
          && !isDoubtful
          && note.history().equals(state.history())
          && note.durable() == isDurable) {
        return seen(open, state, note);
      }
      long generation = Math.max(generation(note), generation(before));
      String id =
          note != null && loss == null && toBegin.isEmpty()
              ? note.id()
              : StoreNote.newId(generation + 1);
      StoreReply reply =
          new StoreReply(
              open.run(
                  Script.NOTE,
                  keys,
                  note(fields.get(0), state, id, isDurable, loss, toBegin),
                  StoreServer.PATIENCE));
      if (reply.word().equals("noted")) {
        noted(reply, loss, toBegin);
        isDoubtful = false;
        isDoubted = false;
        toBegin = Set.of();
        before = null; // this process wrote what it sees next
      }
    }
    throw new StoreException("is changed by others again and again", null, true);
  }

  private static long generation(@Nullable StoreNote note) {
    return note == null ? 0 : note.generation();
  }

  private ServerState state(Link open) {
    Map<String, String> settings = new HashMap<>();
    for (String name : ServerState.SETTINGS) {
      String value = open.setting(name);
      if (value != null) {
        settings.put(name, value);
      }
    }
    return ServerState.of(open.info(), settings);
  }

  private Usable seen(Link open, ServerState state, StoreNote note) {
    if (before == null || !note.id().equals(before.id())) {
      told = new AtomicLong(note.sequence());
    }
    before = note;
    if (usable == null) {
      LOG.info("the store {} can be used", address.shown());
    }
    return new Usable(open, state, note, told);
  }

  private byte[][] note(
      @Nullable String known,
      ServerState state,
      String id,
      boolean isDurable,
      @Nullable String loss,
      Set<ValkeyStore.Memory> begun) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(known == null ? "" : known));
    arguments.add(bytes(0));
    arguments.add(bytes(state.history()));
    arguments.add(bytes(id));
    arguments.add(bytes(isDurable ? "1" : "0"));
    arguments.add(bytes(Math.max(clock.millis(), latest.get())));
    for (ValkeyStore.Memory memory : ValkeyStore.Memory.values()) {
      String word = begun.contains(memory) ? "begun" : loss == null ? "kept" : "lost";
      arguments.add(bytes(word));
    }
    return arguments.toArray(byte[][]::new);
  }

  private void noted(StoreReply reply, @Nullable String loss, Set<ValkeyStore.Memory> begun) {
    for (long number : reply.numbers(1)) {
      LOG.warn(
          "the store {} may have lost what was kept of {}: {}",
          address.shown(),
          ValkeyStore.Memory.at(number).shown(),
          loss == null ? "some of it is missing" : loss);
    }
    for (ValkeyStore.Memory memory : begun) {
      LOG.warn("the store {} begins anew to count {}", address.shown(), memory.shown());
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  @Override
  public void close() {
    checks.close();
    synchronized (this) {
      usable = null;
      problem = "is closed";
      link = null;
      if (!isClosed) {
        isClosed = true;
        server.close();
      }
    }
  }
}
