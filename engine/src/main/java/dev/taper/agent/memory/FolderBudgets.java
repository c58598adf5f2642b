package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts budgets in a folder, for all processes of a machine that share it and from run to run. A
 * counter is a file; a charge is on the disk before it counts, and a crash can only leave something
 * charged that nobody was told of. A folder of counters that was deleted is refused, as is a single
 * counter that this process has seen. The folder must be on a disk of the machine: locks on network
 * disks are not to be relied on. It can be that of {@link FolderReplayMemory}. Delegators and their
 * authority blocks share the room as {@link MemoryShare.Room} says. Thread-safe; each charge takes
 * as long as the disk.
 */
final class FolderBudgets implements Budgets {
  /** How many counters it holds unless told otherwise; each is a small file. */
  static final int DEFAULT_CAPACITY = 1 << 14;

  private final Path folder;
  private final CounterFiles files;
  private final CounterRoom room;
  private final FileTurn turns;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder, which others than its owner must not be able to change
   * @param capacity the most counters, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  FolderBudgets(Path folder, int capacity) {
    this.folder = Given.that(folder, "the folder of budgets");
    this.files = new CounterFiles(folder.resolve("budgets"));
    this.room = new CounterRoom(capacity, files);
    this.turns = new FileTurn(folder.resolve("budgets.lock"));
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant time) {
    return turn(() -> chargeAlone(charges, share, files.later(time)));
  }

  private Answer chargeAlone(List<Budgets.Charge> charges, MemoryShare share, Instant now)
      throws IOException {
    Map<String, CounterFiles.Stored> counters = read(charges, UseRecord.kept(share));
    Exhausted exhausted = find(charges, counters, now);
    if (exhausted != null) {
      return exhausted;
    }
    takeRoom(charges, share, now);
    List<Long> parts = new ArrayList<>(charges.size());
    for (Budgets.Charge charge : charges) {
      CounterFiles.Stored stored = held(counters, charge);
      parts.add(stored.counter().add(charge.amount(), now));
      files.write(charge.counter(), stored);
    }
    return new Charged(charges, parts);
  }

  /** What is known of the counters; those that are not there yet are new ones of a share. */
  private Map<String, CounterFiles.Stored> read(List<Budgets.Charge> charges, MemoryShare share)
      throws IOException {
    Map<String, CounterFiles.Stored> counters = new LinkedHashMap<>();
    for (Budgets.Charge charge : charges) {
      CounterFiles.Stored stored = files.read(charge.counter());
      counters.put(
          charge.counter(),
          stored == null ? new CounterFiles.Stored(share, BudgetCounter.of(charge)) : stored);
    }
    return counters;
  }

  private static CounterFiles.Stored held(
      Map<String, CounterFiles.Stored> counters, Budgets.Charge charge) {
    return Objects.requireNonNull(counters.get(charge.counter()));
  }

  private static @Nullable Exhausted find(
      List<Budgets.Charge> charges, Map<String, CounterFiles.Stored> counters, Instant now) {
    for (int i = 0; i < charges.size(); i++) {
      Budgets.Charge charge = charges.get(i);
      long spent = held(counters, charge).counter().spent(now);
      Exhausted exhausted = Exhausted.of(i, charge, spent);
      if (exhausted != null) {
        return exhausted;
      }
    }
    return null;
  }

  private void takeRoom(List<Budgets.Charge> charges, MemoryShare share, Instant now)
      throws IOException {
    int more = 0;
    for (Budgets.Charge charge : charges) {
      more += files.holds(charge.counter()) ? 0 : 1;
    }
    room.take(more, share, now);
  }

  @Override
  public void giveBack(Charged charged) {
    turn(
        () -> {
          for (int i = 0; i < charged.charges().size(); i++) {
            Budgets.Charge charge = charged.charges().get(i);
            CounterFiles.Stored stored = files.read(charge.counter());
            if (stored != null) {
              stored.counter().giveBack(charged.parts().get(i), charge.amount());
              files.write(charge.counter(), stored);
            }
          }
          return true;
        });
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    MemoryShare nobody = new MemoryShare("", "");
    return turn(() -> Optional.ofNullable(find(charges, read(charges, nobody), files.later(now))))
        .orElse(null);
  }

  private <T> T turn(FileTurn.Work<T> work) {
    try {
      OwnFolder.make(folder);
      return turns.take(
          () -> {
            files.open();
            return work.run();
          });
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.BUDGET_UNAVAILABLE,
          "the folder of budgets cannot be used: " + e.getMessage(),
          e);
    }
  }

  /** How full it was when the last counter was made; null if this process made none. */
  @Override
  public @Nullable Fill fill() {
    return room.fill();
  }
}
