package dev.taper.operations.findings;

import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.RepeatedTask;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.audit.AuditLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches decisions for abuse. A decision only leaves a note in a bounded queue: it never waits,
 * and is never refused because of it. Who counts, asks the rules and tells of findings is one
 * thread, in the order of the notes, by the times that they have. Thread-safe.
 *
 * <p>A call that its holder proved counts for the holder and the task, each proof once. What nobody
 * proved counts for the token and the place alone: whoever has a token can cause any number of
 * those, and says nothing of its holder.
 */
public final class AbuseWatch implements DecisionListener, AutoCloseable {
  /** How many decisions wait at most; with {@link #EVERY}, for 80,000 a second. */
  static final int QUEUE = 8192;

  /** How many bytes their tokens have at most: read, they take many times as much. */
  private static final long QUEUE_BYTES = 8 << 20;

  /** How many agents, tasks, tokens and places are counted at a time. */
  static final int SUBJECTS = 4096;

  private static final Duration EVERY = Duration.ofMillis(100);
  private static final int REMEMBERED = 100;

  /**
   * How the watch is. A snapshot.
   *
   * @param seen decisions that were counted
   * @param lost decisions that found no room in the queue, and were not counted
   * @param subjects agents, tasks, tokens and places that are counted now
   * @param found findings that were told
   * @param omitted findings that were not, because there were too many
   * @param failures what went wrong in counting or telling; the log says why
   * @param recent the last findings, the latest first
   */
  public record Health(
      long seen,
      long lost,
      int subjects,
      long found,
      long omitted,
      long failures,
      List<Finding> recent) {}

  private static final Logger LOG = LoggerFactory.getLogger(AbuseWatch.class);

  private final SeenQueue queue;
  private final Counting counting;
  private final Consumer<Finding> told;
  private final FailureLog failures;
  private final Clock clock;
  private volatile HeldBack heldBack = new HeldBack(null); // changed while counting is held
  private @Nullable RepeatedTask looking; // guarded by this
  // Guarded by counting.
  private final Deque<Finding> recent = new ArrayDeque<>();
  private long found;
  private long seen;
  private long failed;

  private AbuseWatch(AbuseRules rules, Consumer<Finding> told, Clock clock, int capacity) {
    this.queue = new SeenQueue(QUEUE, QUEUE_BYTES);
    this.counting = new Counting(rules, capacity, entry -> heldBack.holds(entry));
    this.clock = clock;
    this.told = told;
    this.failures = FailureLog.of(AbuseWatch.class, "the watch for abuse", clock);
  }

  /**
   * Makes a watch that looks when it is told to.
   *
   * @param rules what is noticed
   * @param told takes each finding, one at a time; what it throws is logged
   * @param clock the time of log lines and of the ends of what is held back: calls have their own
   */
  public static AbuseWatch by(AbuseRules rules, Consumer<Finding> told, Clock clock) {
    return by(rules, told, clock, SUBJECTS);
  }

  /**
   * Makes one who is told of findings, and writes them to the service's log, as warnings, and to
   * its audit log. It does not wait for a record to be safe; that one is not is logged.
   *
   * @param audit where records go; null for none
   * @param clock what time it is, for log lines
   */
  public static Consumer<Finding> intoLogs(@Nullable AuditLog audit, Clock clock) {
    FailureLog failures = FailureLog.of(AbuseWatch.class, "recording a finding", clock);
    return finding -> {
      LOG.warn("{}. {}", finding.words(), finding.advice());
      if (audit != null) {
        var unused =
            audit
                .submit(finding.record())
                .whenComplete(
                    (receipt, failure) -> {
                      if (failure != null) {
                        failures.failed(failure);
                      }
                    });
      }
    };
  }

  /** One with another capacity. */
  static AbuseWatch by(AbuseRules rules, Consumer<Finding> told, Clock clock, int capacity) {
    return new AbuseWatch(
        Given.that(rules, "the rules about abuse"),
        Given.that(told, "who is told of findings"),
        clock,
        capacity);
  }

  /**
   * Keeps in a file whom it holds back, so that a person can let go: who is not in it any more may
   * go on, and nothing that was counted before counts. Otherwise that ends with the process, and in
   * any case with the tokens that it is about. Only before anything is watched.
   *
   * @param file one key, task or delegator a line; it is made when somebody is held back
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if a line has no
   *     key
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public AbuseWatch holdingBackIn(Path file) {
    heldBack = new HeldBack(Given.that(file, "the file of keys that are held back"));
    return this;
  }

  /** Looks by itself from now on, ten times a second, until it is closed. */
  public synchronized AbuseWatch start() {
    if (looking == null) {
      looking = RepeatedTask.startLater("findings", EVERY, failures, this::drain);
    }
    return this;
  }

  @Override
  public void decided(DecisionEvent event) {
    queue.add(Seen.of(event, false));
  }

  @Override
  public void asked(DecisionEvent event) {
    queue.add(Seen.of(event, true));
  }

  @Override
  public @Nullable String holdsBack(DelegationChain chain) {
    return heldBack.why(chain, clock.instant());
  }

  /**
   * Whose calls are held back, because a rule asked for a person or revokes: public keys as text,
   * {@code task/ROOT/DELEGATOR/TASK}, {@code delegator/ROOT/DELEGATOR}; {@code ROOT} is the first
   * half of the SHA-256 of the root key's text.
   */
  public Set<String> heldBack() {
    return heldBack.keys();
  }

  /**
   * Lets calls go on, as a person decided. What was counted before does not count any more.
   *
   * @param name whose calls, as {@link #heldBack} has it
   * @return false if they were not held back
   */
  public boolean letGo(String name) {
    synchronized (counting) {
      if (!heldBack.remove(Set.of(name))) {
        return false;
      }
      counting.forget(name);
      return true;
    }
  }

  /**
   * Counts what waits, asks the rules, and tells of what they find. Never throws: what one call
   * brings about must not end it for all.
   */
  public void drain() {
    synchronized (counting) {
      lookWhoMayGo();
      Seen next = queue.take();
      for (int i = 0; next != null; i++) {
        seen++;
        Seen one = next;
        attempt(() -> counting.count(one));
        if (i % Counting.MOST_WAITING == Counting.MOST_WAITING - 1) {
          tell();
        }
        next = queue.take();
      }
      tell();
    }
  }

  private void lookWhoMayGo() {
    attempt(() -> heldBack.look(clock.instant()).forEach(counting::forget));
  }

  private void tell() {
    attempt(() -> counting.ask(this::tell));
  }

  /** Whether a key can be written down and whether somebody can be told do not hang together. */
  private void tell(Finding finding) {
    found++;
    if (recent.size() == REMEMBERED) {
      recent.removeLast();
    }
    recent.addFirst(finding);
    if (finding.response() != Finding.Response.REPORT) {
      attempt(() -> heldBack.add(HeldEntry.of(finding)));
    }
    attempt(() -> told.accept(finding));
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failed++;
      failures.failed(e);
    }
  }

  /** How it is, and the last findings. */
  public Health health() {
    synchronized (counting) {
      return new Health(
          seen,
          queue.lost(),
          counting.subjects(),
          found,
          counting.omitted(),
          failed,
          List.copyOf(recent));
    }
  }

  /** Why it failed last, for the operator; null if it never did. */
  public FailureLog.@Nullable Failure lastFailure() {
    return failures.last();
  }

  /** Looks once more, and then no longer. */
  @Override
  public void close() {
    synchronized (this) {
      if (looking != null) {
        looking.finish();
        looking = null;
      }
    }
    drain();
  }
}
