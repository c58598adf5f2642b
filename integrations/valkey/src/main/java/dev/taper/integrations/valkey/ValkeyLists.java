package dev.taper.integrations.valkey;

import static dev.taper.integrations.valkey.StoreWatch.bytes;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.integrations.valkey.StoreServer.Link;
import dev.taper.integrations.valkey.StoreServer.Listening;
import dev.taper.integrations.valkey.StoreServer.StoreException;
import dev.taper.integrations.valkey.answer.StoreReply;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Signed revocation lists in a server: an issuer publishes them there, and services hear of a new
 * one at once. The lists are signed and numbered, so the server need not be trusted: the worst it
 * can do is to bring nothing, until the list is stale. What it sends is bounded. Thread-safe.
 */
public class ValkeyLists implements RevocationSource, AutoCloseable {
  /** How many deltas there may be; then a snapshot is needed. */
  public static final int MAX_DELTAS = 1024;

  /**
   * How many bytes a list and its deltas have together at most: some six million entries. A server
   * that sends more, or more than a quarter of this process's memory, is not listened to.
   */
  public static final long MAX_BYTES = 128L << 20;

  /** What an answer has besides the lists. */
  private static final long AROUND = 64 * 1024;

  /** A number that scripts count exactly. */
  private static final long MAX_SEQUENCE = 1L << 53;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ValkeyAddress address;
  private final long maxBytes;
  private final StoreServer server;
  private final byte[][] keys;
  private final List<RepeatedTask> listening = new ArrayList<>(); // guarded by this
  private volatile boolean isClosed;
  private @Nullable Link link; // guarded by this

  ValkeyLists(String text, Path folder, long maxBytes) {
    this.address =
        ValkeyAddress.parse(Given.that(text, "the address"), Given.that(folder, "the folder"));
    this.maxBytes = maxBytes;
    this.server =
        new StoreServer(address, mostTaken(maxBytes, Runtime.getRuntime().maxMemory()) + AROUND);
    this.keys = Script.listKeys(address.name());
  }

  @Override
  public @Nullable Instant certificateEnds() {
    return server.certificateEnds();
  }

  /** What is taken of a server: no more than a process has memory for, beside its list. */
  static long mostTaken(long maxBytes, long memory) {
    return Math.min(maxBytes, memory / 4);
  }

  /** Lists at an address; relative files start in the working directory. */
  public static ValkeyLists at(String address) {
    return at(address, Path.of(""));
  }

  /**
   * Lists at an address, as {@link ValkeyStore#at(String, Path)} takes it. Nothing is asked yet.
   *
   * @param folder where relative files start
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is none
   */
  public static ValkeyLists at(String address, Path folder) {
    return new ValkeyLists(address, folder, MAX_BYTES);
  }

  /**
   * Publishes a snapshot, in place of all before.
   *
   * @param signed the signed list
   * @param sequence its number
   * @throws TaperException {@link ErrorCode#REVOCATIONS_ROLLED_BACK} if there is a later one,
   *     {@link ErrorCode#INVALID_ARGUMENT} if it has more than {@link #MAX_BYTES}, {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if it cannot be published
   */
  public void publishSnapshot(byte[] signed, long sequence) {
    publish("snapshot", signed, 0, sequence);
  }

  /**
   * Publishes a delta.
   *
   * @param signed the signed list
   * @param base the number of the list that it adds to
   * @param sequence its number
   * @throws TaperException {@link ErrorCode#REVOCATIONS_INCOMPLETE} if it does not add to what is
   *     there, or there are {@link #MAX_DELTAS} or {@link #MAX_BYTES}: a snapshot is needed; {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if it cannot be published
   */
  public void publishDelta(byte[] signed, long base, long sequence) {
    publish("delta", signed, base, sequence);
  }

  private void publish(String kind, byte[] signed, long base, long sequence) {
    if (base < 0 || sequence < 1 || sequence >= MAX_SEQUENCE) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the number of a list is between 1 and 2^53");
    }
    if (Given.that(signed, "the list").length > maxBytes) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a list of " + signed.length + " bytes is too long; it may have " + maxBytes);
    }
    StoreReply reply =
        ask(
            Script.PUBLISH,
            bytes(kind),
            bytes(base),
            bytes(sequence),
            signed.clone(),
            bytes(MAX_DELTAS),
            bytes(maxBytes));
    long known = reply.number(1);
    switch (reply.word()) {
      case "published" -> {}
      case "older" ->
          throw new TaperException(
              ErrorCode.REVOCATIONS_ROLLED_BACK, "list " + known + " is published already");
      default ->
          throw new TaperException(
              ErrorCode.REVOCATIONS_INCOMPLETE,
              "list "
                  + known
                  + " is published, with as many deltas as there are: publish a"
                  + " snapshot");
    }
  }

  /**
   * True if the server has the lists up to a number, and none behind it. It may not have them any
   * more when it was emptied, or when a copy took its place that lacked the last ones.
   *
   * @param sequence the number of the last list
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if it cannot be asked
   */
  public boolean has(long sequence) {
    return ask(Script.LISTS, bytes(sequence), bytes(sequence)).word().equals("same");
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    try {
      StoreReply reply = ask(Script.LISTS, bytes(sequence), bytes(version == null ? "" : version));
      if (reply.word().equals("same") || reply.word().equals("none")) {
        return null;
      }
      return new Content(reply.stream(2), reply.text(1));
    } catch (TaperException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private synchronized StoreReply ask(Script script, byte[]... arguments) {
    try {
      Link open = link;
      if (open == null || !open.isOpen()) {
        open = server.connect();
        open.load(Script.OF_LISTS);
        link = open;
      }
      return new StoreReply(open.run(script, keys, arguments, StoreServer.PATIENCE));
    } catch (StoreException e) {
      Link open = link;
      if (open != null) {
        open.close(); // or it knows the scripts no more
        link = null;
      }
      throw new TaperException(
          ErrorCode.DATABASE_UNAVAILABLE, "the lists " + address.shown() + " " + e.getMessage(), e);
    }
  }

  /**
   * Lets a feed fetch as soon as something is published, until this is closed. After each loss of
   * the connection it fetches too, so that it misses nothing; its own turns stay as they are.
   *
   * @param feed a feed of this source
   */
  public synchronized void refresh(RevocationFeed feed) {
    if (isClosed) {
      return;
    }
    FailureLog failures =
        FailureLog.of(ValkeyLists.class, "listening for news of " + this, Clock.systemUTC());
    // The pause comes after each loss, too, or a server that drops every connection would be asked
    // for one all the time.
    listening.add(RepeatedTask.start("taper-valkey-lists", AGAIN, failures, () -> listen(feed)));
  }

  private void listen(RevocationFeed feed) throws StoreException, InterruptedException {
    Semaphore news = new Semaphore(0);
    try (Listening open = server.listen(keys[0], news::release)) {
      news.release(); // of what came before
      while (!isClosed && open.isOpen()) {
        if (news.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
          feed.refresh();
        }
      }
    }
  }

  @Override
  public String toString() {
    return "the lists " + address.shown();
  }

  /** Closes the connections. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      listening.forEach(RepeatedTask::close);
      server.close();
    }
  }
}
