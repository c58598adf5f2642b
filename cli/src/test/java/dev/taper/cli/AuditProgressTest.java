package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees while a long log is read. */
class AuditProgressTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  @TempDir Path folder;

  /** A second passes whenever somebody looks. */
  private static final class HastyClock extends Clock {
    private Instant now = NOON;

    @Override
    public synchronized Instant instant() {
      now = now.plusSeconds(1);
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void everyCommand_thatReadsALongLog_saysHowFarItIs() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC()), key)
            .open()) {
      for (int i = 0; i < 300; i++) {
        var unused = log.submit(AuditEvent.of(AuditKind.TASK_END, NOON).task("T-" + i));
      }
    }
    for (List<String> command :
        List.of(
            List.of("trace", "audit.jsonl", "--task", "T-7"),
            List.of("report", "audit.jsonl", "--task", "T-7", "--html", "-"),
            List.of("export", "audit.jsonl", "--format", "json"),
            List.of("show", "7", "audit.jsonl"),
            List.of("verify", "audit.jsonl"))) {
      List<String> args = new ArrayList<>(command);
      args.add(0, "audit");
      args.addAll(List.of("--audit-public-key", key.publicKey().toString()));
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Console console =
          new Console(
              InputStream.nullInputStream(),
              new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              Map.of(),
              new HastyClock(),
              new Terminals(false, false, true),
              folder);

      int exit = new TaperCommandLine(console).run(args.toArray(new String[0]));

      String seen = err.toString(StandardCharsets.UTF_8);
      assertThat(exit).as(command + seen).isZero();
      assertThat(seen)
          .as(command.toString())
          .containsPattern("taper: (reading|verifying) records: 256 ")
          .endsWith("\r\u001b[K");
    }
  }
}
