package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers used approvals for all processes that share a database: an approval is used as often as
 * it is good for by all of them together. A use is kept for a day after the approval's end, in case
 * the clocks of two verifiers differ. The number of approvals is bounded (calls decided at the same
 * moment may exceed the bound), and shared as {@link MemoryShare.Room} says. Each call takes one
 * short transaction. Thread-safe.
 */
public final class SqlApprovalUses implements ApprovalUses {
  /** The default for how many approvals it holds; each takes about 500 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  private static final Duration KEPT_LONGER = Duration.ofDays(1);

  /** How long an approval lasts at most, by default. */
  static final Duration LONGEST = Duration.ofHours(24);

  private static final Duration AHEAD = AcceptedProofs.Window.DEFAULT.ahead();

  private final SqlUses rows;

  /**
   * Makes a memory in a database, with room for {@link #DEFAULT_CAPACITY} approvals.
   *
   * @param database where; the caller closes it
   */
  public SqlApprovalUses(Database database) {
    this(database, DEFAULT_CAPACITY);
  }

  /**
   * Makes a memory in a database.
   *
   * @param database where; the caller closes it
   * @param capacity the most approvals to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public SqlApprovalUses(Database database, int capacity) {
    this(database, capacity, LONGEST);
  }

  /**
   * Makes a memory in a database.
   *
   * @param database where; the caller closes it
   * @param capacity the most approvals to remember at a time, at least 1; the same in all processes
   * @param longest how long an approval lasts at most, 24 hours by default: a server that may have
   *     lost uses refuses for that long, and never takes an approval that lasts longer
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1, or no time
   */
  public SqlApprovalUses(Database database, int capacity, Duration longest) {
    if (Given.that(longest, "how long an approval lasts").isNegative() || longest.isZero()) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "an approval lasts for some time");
    }
    this.rows =
        new SqlUses(
            Given.that(database, "the database"),
            "approval_use",
            KEPT_LONGER,
            new LostApprovals(longest.plus(AHEAD)),
            capacity,
            ErrorCode.APPROVAL_USES_FULL);
  }

  /**
   * What was approved before a time has ended when the longest approval has, by an approver whose
   * clock is as far ahead as verifiers allow.
   */
  private record LostApprovals(Duration longest) implements SqlUses.Losses {
    @Override
    public boolean mayHave(SqlUses.Use use, Instant lost, Instant now) {
      return !now.isAfter(lost.plus(longest).plus(ServerHistory.CLOCKS));
    }

    @Override
    public boolean wouldOutlast(SqlUses.Use use, Instant now) {
      return use.until().isAfter(now.plus(longest));
    }

    @Override
    public boolean concernsEveryCall() {
      return false;
    }
  }

  Database database() {
    return rows.database();
  }

  @Override
  public Set<ApprovalUses.Use> claim(
      Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
    return SqlFailures.asked(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "whether an approval was used before is not known",
        () -> used(uses, rows.claim(rows(uses), share, now)));
  }

  /** Claims approvals as part of a transaction, which has to be undone if there are any used up. */
  Set<ApprovalUses.Use> claim(
      Connection connection,
      Collection<ApprovalUses.Use> uses,
      MemoryShare share,
      Instant now,
      ServerHistory.Look look)
      throws SQLException {
    return used(uses, rows.claim(connection, rows(uses), share, now, look).answer());
  }

  private static List<SqlUses.Use> rows(Collection<ApprovalUses.Use> uses) {
    return uses.stream()
        .map(use -> new SqlUses.Use(use.id(), use.until(), use.until(), use.calls()))
        .toList();
  }

  private static Set<ApprovalUses.Use> used(Collection<ApprovalUses.Use> uses, Set<String> before) {
    Set<ApprovalUses.Use> used = new HashSet<>(uses);
    used.removeIf(use -> !before.contains(use.id()));
    return used;
  }

  @Override
  public void release(Collection<ApprovalUses.Use> uses) {
    int unused =
        SqlFailures.asked(
            ErrorCode.APPROVAL_USES_UNAVAILABLE,
            "an approval that was not needed may count as used",
            () -> rows.release(uses.stream().map(ApprovalUses.Use::id).toList()));
  }

  @Override
  public boolean durable() {
    return true;
  }
}
