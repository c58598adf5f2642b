package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.store.SharedTransactions.WorkResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Used proofs, budgets and uses of approvals in one database: what a call uses up of them is one
 * short transaction. Each part is what {@link SqlReplayMemory}, {@link SqlBudgets} and {@link
 * SqlApprovalUses} are, in the same tables. Thread-safe.
 */
public final class SqlMemories implements ReplayMemory.Joined {
  private static final String SAVEPOINT = "taken_after_the_proof";

  private final Database database;
  private final SqlReplayMemory proofs;
  private final SqlBudgets budgets;
  private final SqlApprovalUses approvals;

  /**
   * Uses a database, with room for as much as each part has by itself, for approvals that last 24
   * hours at most.
   *
   * @param database where; the caller closes it
   */
  public SqlMemories(Database database) {
    this(database, SqlApprovalUses.LONGEST);
  }

  /**
   * Uses a database, with room for as much as each part has by itself.
   *
   * @param database where; the caller closes it
   * @param longestApproval as {@link SqlApprovalUses#SqlApprovalUses(Database, int, Duration)} says
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for no time
   */
  public SqlMemories(Database database, Duration longestApproval) {
    this(
        new SqlReplayMemory(database),
        new SqlBudgets(database),
        new SqlApprovalUses(database, SqlApprovalUses.DEFAULT_CAPACITY, longestApproval));
  }

  /**
   * Joins memories of one database.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if they are not of the same {@link
   *     Database} object
   */
  public SqlMemories(SqlReplayMemory proofs, SqlBudgets budgets, SqlApprovalUses approvals) {
    this.database = Given.that(proofs, "the replay memory").database();
    this.proofs = proofs;
    this.budgets = Given.that(budgets, "the budgets");
    this.approvals = Given.that(approvals, "the memory of approvals");
    if (budgets.database() != database || approvals.database() != database) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "memories that are joined are of one database");
    }
  }

  @Override
  public Budgets budgets() {
    return budgets;
  }

  @Override
  public ApprovalUses approvalUses() {
    return approvals;
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return proofs.claim(use, share, now);
  }

  /** Whose call it is, and when. */
  record For(MemoryShare share, Instant now, ServerHistory.Look look) {}

  /**
   * What a transaction comes to.
   *
   * @param answer the answer; null if there is no room
   * @param full there is no room for what comes after the proof
   */
  record TakeResult(@Nullable Answer answer, @Nullable TaperException full) {}

  @Override
  public Answer take(
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> uses,
      MemoryShare share,
      Instant now) {
    TakeResult result =
        database
            .history()
            .claimed(
                now,
                (connection, look) ->
                    take(connection, proof, charges, uses, new For(share, now, look)));
    Answer answer = result.answer;
    if (answer == null) {
      throw Given.that(result.full, "why nothing is taken");
    }
    return answer;
  }

  /** As {@link #take}, as part of a transaction, which has to be undone if it does not count. */
  WorkResult<TakeResult> take(
      Connection connection,
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> uses,
      For call)
      throws SQLException {
    if (proof != null) {
      if (!proofs.claim(connection, proof, call.share, call.now, call.look)) {
        return new WorkResult<>(new TakeResult(Answer.ofReplay(), null), false);
      }
      execute(connection, "SAVEPOINT ");
    }
    TakeResult result;
    try {
      result = new TakeResult(afterTheProof(connection, charges, uses, call), null);
    } catch (TaperException e) {
      if (e.code() != ErrorCode.BUDGETS_FULL && e.code() != ErrorCode.APPROVAL_USES_FULL) {
        throw e;
      }
      result = new TakeResult(null, e);
    }
    boolean isTaken = isTaken(result.answer);
    if (!isTaken && proof != null) {
      execute(connection, "ROLLBACK TO ");
    }
    return new WorkResult<>(result, isTaken || proof != null);
  }

  private Answer afterTheProof(
      Connection connection,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> uses,
      For call)
      throws SQLException {
    Budgets.Charged charged = null;
    if (!charges.isEmpty()) {
      Budgets.Answer answer =
          budgets.charge(connection, charges, call.share, call.now, call.look).answer();
      if (answer instanceof Budgets.Exhausted exhausted) {
        return Answer.exhausted(exhausted);
      }
      charged = (Budgets.Charged) answer;
    }
    Set<ApprovalUses.Use> before =
        uses.isEmpty()
            ? Set.of()
            : approvals.claim(connection, uses, call.share, call.now, call.look);
    return before.isEmpty() ? Answer.taken(charged) : Answer.usedUp(before);
  }

  private static boolean isTaken(@Nullable Answer answer) {
    return answer != null
        && answer.usedUp().isEmpty()
        && !(answer.budgets() instanceof Budgets.Exhausted);
  }

  private static void execute(Connection connection, String what) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(what + SAVEPOINT);
    }
  }
}
