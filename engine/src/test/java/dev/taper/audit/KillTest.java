package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.ChildJvm;
import dev.taper.testing.FullSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a writer as {@code kill -9} does, again and again: whatever it had been told to be safe is
 * in the log, which is one unbroken chain, and is continued by the next writer.
 */
@FullSize
class KillTest {
  private static final int LOGS = 2;
  private static final int KILLS_EACH = FullSize.Cases.of(5, 50);
  private static final int MOST_RECORDS = 120;

  @TempDir Path folder;

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  @BeforeEach
  void setUp() throws IOException {
    Files.writeString(keyFile(), key.exposeText());
  }

  private Path keyFile() {
    return folder.resolve("key");
  }

  @Test
  void append_writerKilledAtAnyPoint_losesNothingThatWasAcknowledged() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(LOGS);
    List<Future<Integer>> acknowledged = new ArrayList<>();
    for (int log = 0; log < LOGS; log++) {
      int seed = log;
      Path path = folder.resolve("audit-" + log + ".jsonl");
      acknowledged.add(pool.submit(() -> killAgainAndAgain(path, new Random(seed))));
    }
    for (Future<Integer> count : acknowledged) {
      assertThat(count.get()).isGreaterThan(KILLS_EACH * 10);
    }
    pool.shutdown();
  }

  private int killAgainAndAgain(Path path, Random random) throws Exception {
    Map<Long, String> acknowledged = new HashMap<>();
    for (int kill = 0; kill < KILLS_EACH; kill++) {
      writeAndKill(path, "run" + kill, random.nextInt(MOST_RECORDS), acknowledged);
      verify(path, acknowledged);
    }
    return acknowledged.size();
  }

  private void writeAndKill(Path path, String name, int records, Map<Long, String> acknowledged)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ChildJvm.command(
                    KilledWriter.class.getName(), path.toString(), keyFile().toString(), name))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int read = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (read++ == records) {
          process.toHandle().destroyForcibly(); // leaves what was said to be read
        }
        int space = line.indexOf(' ');
        if (line.length() == space + 65) { // the last line may be cut off
          acknowledged.put(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
        }
      }
    }
    assertThat(process.waitFor()).as("the writer must not end on its own").isEqualTo(137);
  }

  private void verify(Path path, Map<Long, String> acknowledged) {
    Map<Long, String> stored = new HashMap<>();
    LogVerification verdict =
        AuditVerifier.trusting(List.of(key.publicKey()))
            .verify(AuditSource.of(path), record -> stored.put(record.sequence(), record.hash()));
    LogVerification.Flaw flaw = verdict.flaw();
    if (flaw != null) {
      assertThat(flaw.kind()).as(flaw.message()).isEqualTo(LogVerification.Flaw.Kind.TORN);
    }
    assertThat(stored).containsAllEntriesOf(acknowledged);
  }
}
