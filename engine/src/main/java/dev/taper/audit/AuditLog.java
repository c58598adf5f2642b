package dev.taper.audit;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An audit log: numbers and chains what happened, signs checkpoints, and says of each record when
 * it is safe. Many threads write at once; one thread of its own joins what they bring into batches
 * (group commit), so that the cost of making a batch safe is shared. Thread-safe.
 *
 * <p>As a {@link DecisionListener} it records every decision of a verifier before the caller is
 * told. Nothing is lost silently: what could not be made safe in time is an exception.
 */
public final class AuditLog implements DecisionListener, AutoCloseable {
  private final Described described = new Described();
  private final AuditWriter writer;
  private final Duration patience;
  private final Clock clock;
  private final RecordedArguments arguments;
  private final @Nullable Denials denials; // null if every denial is recorded

  private AuditLog(Builder builder) {
    this.patience = builder.patience;
    this.clock = builder.clock;
    this.denials = builder.everyDenial ? null : new Denials(builder.clock.instant());
    this.arguments = builder.arguments;
    this.writer = AuditWriter.start(builder, described::forgetAll);
  }

  /**
   * Starts to build a log.
   *
   * @param sink where the records are kept; closed with the log
   * @param signer who signs the checkpoints
   */
  public static Builder on(AuditSink sink, Signer signer) {
    return new Builder(sink, signer);
  }

  /**
   * Records an event and waits until it is safe.
   *
   * @return its place in the log
   * @throws TaperException {@link ErrorCode#AUDIT_UNAVAILABLE} if the record could not be made safe
   *     in time, or the log is closed; it may still be in the log if the sink answered too late;
   *     {@link ErrorCode#AUDIT_CORRUPT} if the log cannot be continued; {@link
   *     ErrorCode#MALFORMED_AUDIT_RECORD} if the record would be too large
   */
  public Receipt append(AuditEvent event) {
    return writer.submit(event).await(patience());
  }

  /**
   * Records an event without waiting.
   *
   * @return completed when the record is safe, or exceptionally with what {@link #append} throws.
   *     It completes in the log's own thread, which must not be held up: go on in another one with
   *     the methods that end in {@code Async}
   * @throws TaperException {@link ErrorCode#AUDIT_UNAVAILABLE} if the log is closed, or as many
   *     records wait as it holds; {@link ErrorCode#MALFORMED_AUDIT_RECORD}
   */
  public CompletionStage<Receipt> submit(AuditEvent event) {
    return writer.submit(event).stage();
  }

  /**
   * Records a decision and waits until it is safe. The rate of denials is bounded, for each
   * authority and in all, and far lower where nothing proves who made the call. Denials that are
   * left out are counted, and a later record says how many they were. Allowed calls are all
   * recorded. The denial of a call that could not be recorded as allowed is written even if this
   * gave up waiting: the sink may have kept the other record.
   *
   * @throws TaperException as {@link #append}
   */
  @Override
  public void decided(DecisionEvent event) {
    bounded(DecisionRecord.kind(event), event);
  }

  @Override
  public String name() {
    return "the audit log";
  }

  private void bounded(AuditKind kind, DecisionEvent event) {
    Denials bounded = denials;
    if (bounded == null) {
      record(kind, event, 0);
      return;
    }
    for (Denials.Due due : bounded.due(event.time(), false)) {
      tell(bounded, due);
    }
    long omitted = bounded.admit(kind, event);
    if (omitted < 0) {
      return;
    }
    try {
      record(kind, event, omitted);
    } catch (TaperException e) {
      bounded.restore(kind, event, omitted);
      throw e;
    }
  }

  /**
   * Records that a holder asked about a call which would be denied, and why. That is no denial: it
   * has a kind and rates of its own. Of one that would be allowed there is no record: nothing
   * happens.
   *
   * @throws TaperException as {@link #append}
   */
  @Override
  public void asked(DecisionEvent event) {
    if (!event.decision().allowed()) {
      bounded(AuditKind.ASK, event);
    }
  }

  private void record(AuditKind kind, DecisionEvent event, long omitted) {
    List<String> news = new ArrayList<>();
    try {
      AuditEvent record =
          DecisionRecord.of(kind, event, arguments, digest -> described.isNew(digest, news))
              .omitted(omitted);
      Pending pending = Denials.takesBack(event) ? writer.keep(record) : writer.submit(record);
      pending.await(patience());
    } catch (TaperException e) {
      described.forget(news);
      throw e;
    }
  }

  /** Records what was left out; no call waits for that. */
  private void tell(Denials bounded, Denials.Due due) {
    try {
      submit(due.event())
          .whenComplete(
              (receipt, failure) -> {
                if (failure != null) {
                  bounded.restore(due);
                }
              });
    } catch (TaperException e) {
      bounded.restore(due);
    }
  }

  /**
   * Signs what is recorded so far, and waits until that is safe.
   *
   * @return the head, to be kept elsewhere
   * @throws TaperException as {@link #append}
   */
  public AuditRecord.Head checkpoint() {
    Receipt receipt = writer.checkpoint().await(patience());
    return new AuditRecord.Head(receipt.sequence(), receipt.hash());
  }

  /** How long to wait: what is left of the caller's deadline, if that is less than the patience. */
  private Duration patience() {
    Deadline deadline = Deadline.current();
    Duration left = deadline == null ? patience : deadline.left();
    return left.compareTo(patience) < 0 ? left : patience;
  }

  /** The last record that is safe. */
  public AuditRecord.Head head() {
    return writer.head();
  }

  /**
   * Writes what waits, signs it, and closes the sink. Closing again does nothing.
   *
   * @throws TaperException {@link ErrorCode#AUDIT_UNAVAILABLE} if the last checkpoint could not be
   *     made safe
   */
  @Override
  public void close() {
    Denials bounded = denials;
    if (bounded != null) {
      for (Denials.Due due : bounded.due(clock.instant(), true)) {
        tell(bounded, due);
      }
    }
    writer.close();
  }

  /** Collects what a log needs. Not thread-safe. */
  public static final class Builder {
    final AuditSink sink;
    final Signer signer;
    Clock clock = Clock.systemUTC();
    int checkpointRecords = 1000;
    Duration checkpointInterval = Duration.ofSeconds(10);
    int capacity = 65_536;
    Duration patience = Duration.ofSeconds(5);
    boolean everyDenial;
    RecordedArguments arguments = RecordedArguments.NONE;

    private Builder(AuditSink sink, Signer signer) {
      this.sink = Given.that(sink, "the sink of an audit log");
      this.signer = Given.that(signer, "the signer of an audit log");
    }

    /** Sets the clock for the log's own records. */
    public Builder clock(Clock newClock) {
      clock = Given.that(newClock, "the clock of an audit log");
      return this;
    }

    /**
     * Signs a checkpoint after this many records; 1,000 by default.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is less than 1
     */
    public Builder checkpointEvery(int records) {
      require(records >= 1, "a checkpoint needs at least 1 record");
      checkpointRecords = records;
      return this;
    }

    /**
     * Signs a checkpoint when the oldest unsigned record is this old; 10 seconds by default.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not positive
     */
    public Builder checkpointEvery(Duration interval) {
      require(
          Given.that(interval, "the time between checkpoints").toMillis() >= 1,
          "the time between checkpoints is at least 1 ms");
      checkpointInterval = interval;
      return this;
    }

    /**
     * Holds at most this many records that are not safe yet; 65,536 by default. More are refused.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is less than 1
     */
    public Builder capacity(int records) {
      require(records >= 1, "a log holds at least 1 record");
      capacity = records;
      return this;
    }

    /**
     * Waits at most this long for a record to be safe; 5 seconds by default. For the decision of a
     * verifier, what is left of its deadline holds if that is less.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not positive
     */
    public Builder patience(Duration longest) {
      require(
          Given.that(longest, "the patience of an audit log").toMillis() >= 1,
          "a log waits for at least 1 ms");
      patience = longest;
      return this;
    }

    /**
     * Records every denial, however many there are. Anyone who has a token can then fill the log,
     * so this is never the default.
     */
    public Builder recordEveryDenial() {
      everyDenial = true;
      return this;
    }

    /**
     * Records these arguments of calls, as canonical JSON of at most {@value
     * AuditEvent.Call#MAX_ARGUMENT} characters each; by default none. What is named here stands in
     * the log in clear. A denial of a call that nobody proved to make has no arguments.
     *
     * @param names each a tool, a dot and the name of an argument, such as {@code jira.delete.id}
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is none, or there are more
     *     than 256, or {@value AuditEvent.Call#MAX_ARGUMENTS} of a tool
     */
    public Builder recordArguments(Collection<String> names) {
      arguments =
          RecordedArguments.of(Given.that(names, "the arguments that an audit log records"));
      return this;
    }

    /**
     * Opens the log: continues what the sink holds, or begins. The sink is closed if that fails.
     *
     * @throws TaperException {@link ErrorCode#AUDIT_CORRUPT} or {@link ErrorCode#AUDIT_UNAVAILABLE}
     *     from the sink; {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign
     */
    public AuditLog open() {
      return new AuditLog(this);
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, what);
      }
    }
  }

  /**
   * Confirms that a record is as safe as its sink promises.
   *
   * @param sequence the record's number
   * @param hash the record's hash, 64 hex digits
   */
  public record Receipt(long sequence, String hash) {}
}
