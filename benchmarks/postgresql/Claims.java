import dev.taper.Deadline;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.store.Database;
import dev.taper.store.SqlApprovalUses;
import dev.taper.store.SqlBudgets;
import dev.taper.store.SqlMemories;
import dev.taper.store.SqlReplayMemory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Claims from a PostgreSQL server as fast as two processes can; see run beside it. Arguments:
 * address, rounds, folder. The other process has "other" as its fourth argument: it claims "proofs"
 * or "calls" when it is told so in a line, and answers with how many it had a second.
 */
public final class Claims {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final int THREADS = 8;

  /** So that no round fills a memory. */
  private static final int MUCH = 1 << 24;

  private final SqlMemories memories;
  private final int process;
  private final AtomicLong names = new AtomicLong();
  private volatile boolean ends;

  private Claims(SqlMemories memories, int process) {
    this.memories = memories;
    this.process = process;
  }

  public static void main(String[] args) throws Exception {
    Database database = Database.open(args[0], Path.of(""));
    boolean isOther = args.length > 3;
    SqlMemories memories =
        new SqlMemories(
            new SqlReplayMemory(database, MUCH),
            new SqlBudgets(database),
            new SqlApprovalUses(database));
    Claims claims = new Claims(memories, isOther ? 1 : 0);
    if (isOther) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String what = in.readLine(); what != null; what = in.readLine()) {
        System.out.println(claims.round(what.equals("calls"), WARM_UP));
      }
    } else {
      claims.measure(args[0], Integer.parseInt(args[1]), Path.of(args[2]));
    }
    System.exit(0);
  }

  private void measure(String address, int rounds, Path folder) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                "Claims",
                address,
                "0",
                folder.toString(),
                "other")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader told =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
    for (int round = 0; round < rounds; round++) {
      for (String what : List.of("proofs", "calls")) {
        other.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
        other.getOutputStream().flush();
        long here = round(what.equals("calls"), WARM_UP);
        long all = here + Long.parseLong(told.readLine());
        System.out.println(what + " " + all);
        System.err.println(what + " " + all + " a second");
      }
    }
    other.destroy();
    for (int round = 0; round < rounds; round++) {
      reopens(folder);
    }
  }

  /** How many claims all threads had a second. */
  private long round(boolean calls, Duration warmUp) throws InterruptedException {
    ends = false;
    AtomicLong counted = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int number = process * THREADS + t;
      Thread thread =
          new Thread(
              () -> {
                while (!ends) {
                  try {
                    claim(calls, number);
                    counted.incrementAndGet();
                  } catch (TaperException e) {
                    refused.incrementAndGet();
                  }
                }
              });
      thread.start();
      all.add(thread);
    }
    Thread.sleep(warmUp.toMillis());
    long before = counted.get();
    long start = System.nanoTime();
    Thread.sleep(ROUND.toMillis());
    long claims = counted.get() - before;
    double seconds = (System.nanoTime() - start) / 1e9;
    ends = true;
    for (Thread thread : all) {
      thread.join();
    }
    if (refused.get() > 0) {
      System.err.println(refused + " claims were not answered in time");
    }
    return Math.round(claims / seconds);
  }

  /** A proof; for a call also a budget of this agent, and an approval that is good for many. */
  private void claim(boolean call, int thread) {
    MemoryShare share = MemoryShare.of("user:" + thread, new byte[] {1});
    String id = String.format("%032x%032x", process, names.incrementAndGet());
    Instant now = Instant.now();
    ReplayMemory.Use proof = new ReplayMemory.Use(id, now, now.plusSeconds(60));
    boolean taken =
        Deadline.in(DEADLINE)
            .during(
                () -> call ? takes(proof, thread, share, now) : memories.claim(proof, share, now));
    if (!taken) {
      throw new IllegalStateException("not taken: " + id);
    }
  }

  private boolean takes(ReplayMemory.Use proof, int thread, MemoryShare share, Instant now) {
    String name = String.format("%064x", thread);
    Budgets.Charge charge = new Budgets.Charge(name, 1, Long.MAX_VALUE / 2, null);
    ApprovalUses.Use approval = new ApprovalUses.Use(name, now.plus(HOUR), Integer.MAX_VALUE);
    return memories.take(proof, List.of(charge), List.of(approval), share, now).budgets()
        instanceof Budgets.Charged;
  }

  private void reopens(Path folder) throws Exception {
    claim(false, 0);
    long server = Long.parseLong(Files.readString(folder.resolve("server")).strip());
    ProcessHandle handle = ProcessHandle.of(server).orElseThrow();
    List<ProcessHandle> all = handle.descendants().toList();
    handle.destroyForcibly();
    handle.onExit().join();
    all.forEach(each -> each.onExit().join());
    new ProcessBuilder(folder.resolve("start").toString()).inheritIO().start().waitFor();
    long start = System.nanoTime();
    while (true) {
      try {
        claim(false, 0);
        break;
      } catch (TaperException e) {
        Thread.sleep(20);
      }
    }
    System.out.println("reopens " + (System.nanoTime() - start) / 1_000_000);
  }
}
