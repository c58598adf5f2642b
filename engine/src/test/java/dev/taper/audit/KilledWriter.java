package dev.taper.audit;

import dev.taper.crypto.PrivateKey;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A process that records without end, from several threads, and says of each record that it was
 * told to be safe. {@link KillTest} kills it.
 */
final class KilledWriter {
  private static final int THREADS = 4;

  private KilledWriter() {}

  /** Writes until it is killed: the arguments are the log, the file of its key, and a name. */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrivateKey key = PrivateKey.parse(Files.readString(Path.of(args[1])));
    Clock clock = Clock.systemUTC();
    AuditLog log =
        AuditLog.on(FileSink.open(Path.of(args[0]), clock), key)
            .checkpointEvery(7)
            .patience(AuditSinkContract.PATIENCE)
            .open();
    for (int t = 0; t < THREADS; t++) {
      String name = args[2] + "-" + t + "-";
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; ; i++) {
                  String task = name + i + "-" + "x".repeat(i % 97 * 10);
                  AuditLog.Receipt receipt =
                      log.append(AuditEvent.of(AuditKind.TASK_END, clock.instant()).task(task));
                  out.println(receipt.sequence() + " " + receipt.hash());
                }
              });
      writer.start();
    }
  }
}
