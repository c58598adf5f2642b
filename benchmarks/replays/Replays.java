import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.integrations.valkey.ValkeyStore;
import dev.taper.store.Database;
import dev.taper.store.SqlReplayMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Uses each of many proofs with two threads of each of two processes, eight threads each, and
 * counts which were accepted how often. Arguments: the address of the memory, how many attempts, a
 * folder, then the number of this process (0 starts the other one). Every attempt asks the memory.
 */
public final class Replays {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final int PROCESSES = 2;
  private static final int THREADS = 8;

  /** How many threads of a process try each proof. */
  private static final int RIVALS = 2;

  private Replays() {}

  public static void main(String[] args) throws Exception {
    int proofs = Integer.parseInt(args[1]) / RIVALS / PROCESSES / THREADS * THREADS;
    Path folder = Path.of(args[2]);
    int process = Integer.parseInt(args[3]);
    ReplayMemory memory = open(args[0], proofs, process == 0);
    Process other = process == 0 ? start(args) : null;
    together(other);
    long start = System.nanoTime();
    AtomicIntegerArray taken = race(memory, proofs);
    if (other == null) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < proofs; i++) {
        lines.add(String.valueOf(taken.get(i)));
      }
      Files.write(folder.resolve("taken"), lines);
      System.exit(0);
    }
    if (other.waitFor() != 0) {
      throw new IllegalStateException("the other process failed");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    List<String> lines = Files.readAllLines(folder.resolve("taken"));
    int never = 0;
    int twice = 0;
    int elsewhere = 0;
    for (int i = 0; i < proofs; i++) {
      int there = Integer.parseInt(lines.get(i));
      int times = taken.get(i) + there;
      never += times == 0 ? 1 : 0;
      twice += times > 1 ? 1 : 0;
      elsewhere += there;
    }
    System.err.printf(
        "%d proofs, %d attempts, %d accepted by the second process, %d by none, %.0f s%n",
        proofs, proofs * RIVALS * PROCESSES, elsewhere, never, seconds);
    System.out.println(never == 0 ? twice : "unmeasured");
    System.exit(0);
  }

  /** Begins when both processes have opened the memory. */
  private static void together(Process other) throws Exception {
    if (other == null) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IllegalStateException("the first process has gone");
      }
    } else {
      if (other.getInputStream().read() < 0) {
        throw new IllegalStateException("the other process did not start");
      }
      other.getOutputStream().write('\n');
      other.getOutputStream().flush();
    }
  }

  private static Process start(String[] args) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "Replays",
            args[0],
            args[1],
            args[2],
            "1")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static ReplayMemory open(String address, int proofs, boolean isFirst) {
    int room = 4 * proofs; // more than enough for a single delegator
    if (!address.startsWith("valkey:")) {
      return new SqlReplayMemory(Database.open(address, Path.of("")), room);
    }
    ValkeyStore store =
        ValkeyStore.at(address)
            .proofWindow(new AcceptedProofs.Window(HOUR, HOUR))
            .capacity(ValkeyStore.Memory.PROOFS, room)
            .open();
    if (isFirst) {
      store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
    }
    return store.replayMemory();
  }

  private static AtomicIntegerArray race(ReplayMemory memory, int proofs)
      throws InterruptedException {
    AtomicIntegerArray taken = new AtomicIntegerArray(proofs);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = proofs / THREADS * t;
      Thread thread = new Thread(() -> claim(memory, proofs, first, taken));
      thread.setUncaughtExceptionHandler(
          (failed, e) -> {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
          });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return taken;
  }

  private static void claim(ReplayMemory memory, int proofs, int first, AtomicIntegerArray taken) {
    for (int i = 0; i < proofs / THREADS * RIVALS; i++) {
      int number = (first + i) % proofs;
      ReplayMemory.Use use =
          new ReplayMemory.Use(String.format("%064x", number), NOW, NOW.plus(HOUR));
      if (memory.claim(use, SHARE, NOW)) {
        taken.incrementAndGet(number);
      }
    }
  }
}
