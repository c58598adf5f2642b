package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Remembers used proofs for all processes that share a database: a proof is good for one call to
 * all of them together. A use is kept for two minutes after the proof's end, in case the clocks of
 * two verifiers differ. The number of uses is bounded (calls decided at the same moment may exceed
 * the bound), and shared as {@link MemoryShare.Room} says. Each call takes one short transaction.
 * Thread-safe.
 */
public final class SqlReplayMemory implements ReplayMemory {
  /**
   * The default for how many uses it holds: with the default window, 600 calls a second of one
   * delegator, and 1,200 of many. Each takes about 500 bytes.
   */
  public static final int DEFAULT_CAPACITY = 1 << 18;

  private static final Duration KEPT_LONGER = Duration.ofMinutes(2);

  private final SqlUses uses;

  /**
   * Makes a memory in a database, with room for {@link #DEFAULT_CAPACITY} uses.
   *
   * @param database where; the caller closes it
   */
  public SqlReplayMemory(Database database) {
    this(database, DEFAULT_CAPACITY);
  }

  /**
   * Makes a memory in a database.
   *
   * @param database where; the caller closes it
   * @param capacity the most proofs to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public SqlReplayMemory(Database database, int capacity) {
    this.uses =
        new SqlUses(
            Given.that(database, "the database"),
            "proof_use",
            KEPT_LONGER,
            new LostProofs(),
            capacity,
            ErrorCode.REPLAY_CACHE_FULL);
  }

  /**
   * A proof that was used before a time was made no later than that and what verifiers let it be
   * ahead, which is at most what it lasts, by clocks that differ.
   */
  private static final class LostProofs implements SqlUses.Losses {
    private static Duration lasts(SqlUses.Use use) {
      return Duration.between(use.order(), use.until());
    }

    @Override
    public boolean mayHave(SqlUses.Use use, Instant lost, Instant now) {
      return !use.order().isAfter(lost.plus(lasts(use)).plus(ServerHistory.CLOCKS));
    }

    @Override
    public boolean wouldOutlast(SqlUses.Use use, Instant now) {
      return use.order().isAfter(now.plus(lasts(use)));
    }

    @Override
    public boolean concernsEveryCall() {
      return true;
    }
  }

  Database database() {
    return uses.database();
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return SqlFailures.asked(
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        "whether a proof was used before is not known",
        () -> uses.claim(List.of(row(use)), share, now).isEmpty());
  }

  /** Claims a proof as part of a transaction. */
  boolean claim(
      Connection connection,
      ReplayMemory.Use use,
      MemoryShare share,
      Instant now,
      ServerHistory.Look look)
      throws SQLException {
    return uses.claim(connection, List.of(row(use)), share, now, look).counts();
  }

  private static SqlUses.Use row(ReplayMemory.Use use) {
    return new SqlUses.Use(use.id(), use.issuedAt(), use.until(), 1);
  }
}
