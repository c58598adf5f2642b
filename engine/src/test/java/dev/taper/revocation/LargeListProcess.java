package dev.taper.revocation;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A verifier in a process of its own: it loads a list of so many entries, and decides about calls
 * and looks up entries in two threads while the list is replaced again and again, by another one
 * and by the issuer, who adds to it and issues it anew. Prints figures, and fails at any wrong
 * answer.
 */
final class LargeListProcess {
  private static final int ADDED = 1000;

  private final int entries;
  private final long step;
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationIssuer issuer = RevocationIssuer.of(key);
  private final AtomicLong looked = new AtomicLong();
  private final AtomicLong decided = new AtomicLong();
  private final AtomicReference<Throwable> wrong = new AtomicReference<>();
  private volatile int known;
  private volatile boolean done;

  private LargeListProcess(int entries) {
    this.entries = entries;
    this.step = LargeLists.step(entries + 100 * ADDED);
  }

  /** Takes a folder, how many entries there are, and how often the list is replaced. */
  public static void main(String[] args) throws Exception {
    new LargeListProcess(Integer.parseInt(args[1]))
        .run(Path.of(args[0]), Integer.parseInt(args[2]));
  }

  private void run(Path folder, int replacements) throws Exception {
    Path file = folder.resolve("revoked.list");
    LargeLists.write(file, issuer, 1, entries, step);
    RevocationList list =
        RevocationList.trusting(key.publicKey()).forgottenAtRestart().copiesIn(folder).build();
    long start = System.nanoTime();
    List<Thread> load = new ArrayList<>();
    try (RevocationFeed feed =
        RevocationFeed.start(
            RevocationSource.file(file), list, Duration.ofMillis(20), Duration.ofMinutes(10))) {
      require(feed.failure() == null, "the list is refused: " + feed.failure());
      known = entries;
      System.out.printf(
          "loaded %,d entries in %d ms%n",
          list.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      load.add(start(() -> lookUp(list)));
      load.add(start(decisions(list)));
      for (int i = 1; i <= replacements; i++) {
        int next = entries + i * ADDED;
        LargeLists.write(file, issuer, list.highestSequence(key.publicKey()) + 1, next, step);
        awaitNext(list, feed, file);
        known = next;
      }
      revokeAndRenew(list, feed, file);
      for (long before = looked.get(); looked.get() < before + 100_000; ) {
        TimeUnit.MILLISECONDS.sleep(5);
        require(wrong.get() == null, "a wrong answer: " + wrong.get());
      }
      require(list.files().size() == 1, "files are left: " + list.files().size());
    } finally {
      done = true;
      for (Thread each : load) {
        each.join();
      }
    }
    require(wrong.get() == null, "a wrong answer: " + wrong.get());
    System.out.printf("looked up %,d, decided %,d%n", looked.get(), decided.get());
    System.out.println(resident());
    System.out.println("done");
  }

  /** The issuer adds an entry, and issues the whole anew. */
  private void revokeAndRenew(RevocationList list, RevocationFeed feed, Path file)
      throws Exception {
    RevocationFile own = RevocationFile.of(file, Clock.systemUTC());
    Fingerprint task = Fingerprint.ofTask("T-1");
    var unused =
        own.revoke(
            issuer,
            List.of(RevocationEntry.forever(RevocationEntry.Kind.TASK, task)),
            RevocationIssuer.Horizon.KEPT);
    awaitNext(list, feed, file);
    require(
        list.check(List.of(task), Instant.now()).revoked() == 0, "the added entry is not revoked");
    var unusedToo = own.renew(issuer, RevocationIssuer.Horizon.KEPT);
    awaitNext(list, feed, file);
    require(list.size() == known + 1, "there are " + list.size() + " entries");
  }

  /** Waits until the list in the file is in force. */
  private void awaitNext(RevocationList list, RevocationFeed feed, Path file) throws Exception {
    long next = last(file);
    while (list.highestSequence(key.publicKey()) != next) {
      require(feed.failure() == null, "the list is refused: " + feed.failure());
      require(wrong.get() == null, "a wrong answer: " + wrong.get());
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private long last(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      RevocationReader reader = RevocationReader.of(in, List.of(key.publicKey()));
      long last = 0;
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        last = next.sequence();
      }
      return last;
    }
  }

  private Thread start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!done) {
                  work.run();
                }
              } catch (RuntimeException | Error e) {
                wrong.set(e);
              }
            });
    thread.start();
    return thread;
  }

  private void lookUp(RevocationList list) {
    SplittableRandom random = new SplittableRandom(looked.get());
    for (int i = 0; i < 1000; i++) {
      Fingerprint present = LargeLists.entry(step, random.nextInt(known));
      Fingerprint absent = new Fingerprint(random.nextLong(), random.nextLong());
      Instant now = Instant.now();
      require(list.check(List.of(present), now).revoked() == 0, "an entry is not revoked");
      require(list.check(List.of(absent), now).clear(), "another thing is not clear");
    }
    looked.addAndGet(2000);
  }

  private Runnable decisions(RevocationList list) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    String token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-2")
                    .grant("jira.*")
                    .expiresIn(Duration.ofHours(1)))
            .seal(planner)
            .encodeBase64();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .acceptSealed()
            .revocations(list)
            .build();
    return () -> {
      var decision = verifier.decide(Credentials.of(token, null), ToolCall.of("jira.search"));
      require(decision.allowed(), "a call is denied: " + decision);
      decided.incrementAndGet();
    };
  }

  /** What of the process is in memory; RssAnon is what no file backs. */
  static String resident() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "resident memory is not known here";
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
          .map(line -> line.replaceAll("\\s+", " "))
          .reduce("", (all, line) -> all.isEmpty() ? line : all + ", " + line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(boolean isRight, String otherwise) {
    if (!isRight) {
      throw new IllegalStateException(otherwise);
    }
  }
}
