package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.store.ServerHistory.MemoryState;
import dev.taper.store.SharedTransactions.WorkResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts budgets for all processes that share a database: what all of them charge together never
 * exceeds a limit. A charge is committed before it counts, so a crash can only leave something
 * charged that nobody was told of. A counter with a window is kept for a day after nothing of it
 * counts any more, in case the clocks of two verifiers differ, and one without is kept for ever.
 * The number of counters is bounded (calls decided at the same moment may exceed the bound), and
 * shared as {@link MemoryShare.Room} says. Each call takes one short transaction. Thread-safe.
 */
public final class SqlBudgets implements Budgets {
  /** The default for how many counters it holds; each takes about 400 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 20;

  private final Database database;
  private final int capacity;
  private final SqlRoom room;

  /**
   * Makes a store in a database, with room for {@link #DEFAULT_CAPACITY} counters.
   *
   * @param database where; the caller closes it
   */
  public SqlBudgets(Database database) {
    this(database, DEFAULT_CAPACITY);
  }

  /**
   * Makes a store in a database.
   *
   * @param database where; the caller closes it
   * @param capacity the most counters, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public SqlBudgets(Database database, int capacity) {
    this.database = Given.that(database, "the database");
    this.capacity = capacity;
    this.room = new SqlRoom(SqlCounters.TABLE, capacity);
  }

  Database database() {
    return database;
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
    return asked(
        "what is left of a budget is not known",
        () ->
            database
                .history()
                .claimed(now, (connection, look) -> charge(connection, charges, share, now, look)));
  }

  /** As {@link #charge}, as part of a transaction, which has to be undone if it does not count. */
  WorkResult<Answer> charge(
      Connection connection,
      List<Charge> charges,
      MemoryShare share,
      Instant now,
      ServerHistory.Look look)
      throws SQLException {
    SqlCounters counters = new SqlCounters(connection);
    SqlCounters.Row[] rows = new SqlCounters.Row[charges.size()];
    int added = 0;
    for (int i : ordered(charges)) {
      rows[i] = counters.locked(charges.get(i).counter(), share);
      added += rows[i].isNew() ? 1 : 0;
    }
    MemoryState state =
        look.read(connection, SqlCounters.TABLE); // last, as a row may be in the way
    requireNotLost(charges, state, now);
    Instant later = state.later(now);
    for (int i = 0; i < rows.length; i++) {
      Budgets.Charge charge = charges.get(i);
      Exhausted exhausted = Exhausted.of(i, charge, counters.spent(charge, rows[i], later));
      if (exhausted != null) {
        return new WorkResult<>(exhausted, false);
      }
    }
    Long[] parts = new Long[rows.length];
    for (int i : ordered(charges)) {
      parts[i] = counters.add(charges.get(i), rows[i], later);
    }
    requireRoom(counters, added, share, now);
    return new WorkResult<>(new Charged(charges, List.of(parts)), true);
  }

  /** Whatever a counter holds may be too little for the length of its window, or for ever. */
  private void requireNotLost(List<Budgets.Charge> charges, MemoryState state, Instant now) {
    Instant lost = state.lost();
    for (Budgets.Charge charge : charges) {
      Duration window = charge.window();
      if (lost != null
          && (window == null || !now.isAfter(lost.plus(window).plus(ServerHistory.CLOCKS)))) {
        throw new TaperException(
            ErrorCode.DATABASE_UNAVAILABLE,
            database
                + " may have lost what was charged up to "
                + lost
                + "; "
                + (window == null
                    ? "budgets without a window wait until somebody begins them anew"
                    : "budgets wait for the length of their window"),
            ServerHistory.ofWhatWasAsked());
      }
    }
  }

  /** Undoes the transaction if there is no room for the counters that it added. */
  private void requireRoom(SqlCounters counters, int added, MemoryShare share, Instant now)
      throws SQLException {
    if (added == 0 || room.isFree(added, share, now)) {
      return;
    }
    boolean hasRoom = false;
    if (!room.wasRefused(share, added, now)) {
      counters.forget(now);
      hasRoom = room.hasRoom(counters.connection(), added, share, now);
    }
    if (!hasRoom) {
      throw MemoryShare.Room.full(ErrorCode.BUDGETS_FULL, capacity);
    }
  }

  /** The places of charges in the order of counters, so that no two processes block each other. */
  private static List<Integer> ordered(List<Budgets.Charge> charges) {
    return IntStream.range(0, charges.size())
        .boxed()
        .sorted(Comparator.comparing(i -> charges.get(i).counter()))
        .toList();
  }

  @Override
  public void giveBack(Charged charged) {
    int unused =
        asked(
            "what was not used of a budget may count as used",
            () ->
                database.shared(
                    connection -> {
                      SqlCounters counters = new SqlCounters(connection);
                      for (int i : ordered(charged.charges())) {
                        counters.giveBack(charged.charges().get(i), charged.parts().get(i));
                      }
                      return new WorkResult<>(charged.charges().size(), true);
                    }));
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    return asked(
            "what is left of a budget is not known",
            () ->
                database
                    .history()
                    .during(
                        now,
                        look -> database.read(connection -> look(connection, charges, now, look))))
        .orElse(null);
  }

  private Optional<Exhausted> look(
      Connection connection, List<Budgets.Charge> charges, Instant now, ServerHistory.Look look)
      throws SQLException {
    SqlCounters counters = new SqlCounters(connection);
    MemoryState state = look.read(connection, SqlCounters.TABLE);
    requireNotLost(charges, state, now);
    Instant later = state.later(now);
    for (int i = 0; i < charges.size(); i++) {
      Budgets.Charge charge = charges.get(i);
      SqlCounters.Row row = counters.read(charge.counter());
      Exhausted exhausted = Exhausted.of(i, charge, counters.spent(charge, row, later));
      if (exhausted != null) {
        return Optional.of(exhausted);
      }
    }
    return Optional.empty();
  }

  private static <T> T asked(String otherwise, Supplier<T> question) {
    return SqlFailures.asked(ErrorCode.BUDGET_UNAVAILABLE, otherwise, question);
  }
}
