package dev.taper.assurance.world;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.assurance.world.disk.ProcessFiles;
import dev.taper.assurance.world.disk.SimulatedDisk;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records what one verifier decides: the engine's audit log, on the disk of the verifier's machine,
 * which outlives its processes. The log has a thread of its own, which works only while the world
 * waits for it. For one thread.
 */
final class Recorder {
  /** The names of calls are recorded by this argument. */
  static final String ID = "id";

  private static final String FILE = "audit.jsonl";

  /** When a log goes on in another file; some do so in every world. */
  private static final long FILE_BYTES = 16 << 10;

  private static final int CHECKPOINT = 8;

  /** No real time decides: neither how long somebody waits, nor when something is signed. */
  private static final Duration LONG = Duration.ofDays(1);

  private final SimulatedDisk disk;
  private final Clock clock;
  private final Signer signer;
  private final Parts parts;
  private @Nullable ProcessFiles process;
  private @Nullable AuditLog log;
  private long fullUntil;
  private Event.@Nullable Entry acknowledged;
  private boolean used;

  Recorder(SimulatedDisk disk, Clock clock, Signer signer, Parts parts) {
    this.disk = disk;
    this.clock = clock;
    this.signer = signer;
    this.parts = parts;
  }

  /**
   * Opens the log for a new process, and makes it if there is none.
   *
   * @throws TaperException if it cannot go on
   */
  void open() {
    used = true;
    ProcessFiles files = new ProcessFiles(disk);
    process = files;
    log = opened(parts.sink(files.file(FILE), FILE_BYTES, clock));
  }

  private AuditLog opened(AuditSink sink) {
    return AuditLog.on(sink, signer)
        .clock(clock)
        .patience(LONG)
        .checkpointEvery(CHECKPOINT)
        .checkpointEvery(LONG)
        .recordArguments(
            List.of(Holders.READ + "." + ID, Holders.SIGN + "." + ID, Holders.PAY + "." + ID))
        .recordEveryDenial()
        .open();
  }

  /** What a verifier tells of its decisions. */
  DecisionListener listener() {
    return event ->
        Deadline.in(LONG)
            .during(
                () -> {
                  record(event);
                  return true;
                });
  }

  private void record(DecisionEvent event) {
    acknowledged = null;
    Objects.requireNonNull(log).decided(event);
    boolean isAllowed = event.decision().allowed();
    if (isAllowed || event.isProven()) { // else it has no arguments
      acknowledged = new Event.Entry(event.decision().call().arguments().string(ID), isAllowed);
    }
  }

  /** What the record that was acknowledged last says; null if none was that names its call. */
  Event.@Nullable Entry acknowledged() {
    return acknowledged;
  }

  /** Sets that, before another call and behind it. */
  void setAcknowledged(Event.@Nullable Entry entry) {
    acknowledged = entry;
  }

  /** True if the process died while it wrote. */
  boolean isDead() {
    return process != null && process.isEnded();
  }

  /** The process ends in order. */
  void stop() {
    AuditLog open = log;
    log = null;
    if (open != null) {
      try {
        open.close();
      } catch (TaperException e) {
        // It could not sign its end; what it acknowledged is safe.
      }
    }
  }

  /** The process dies. */
  void crash() {
    if (process != null) {
      process.end();
    }
    stop();
  }

  /** The power of the machine is gone, and its processes are dead. */
  void losePower() {
    crash();
    disk.losePower();
  }

  /** The disk is full for a while. */
  void fill(long until) {
    disk.setFull(true);
    fullUntil = until;
  }

  /** Makes room on the disk, if it is time to; true if there was none before. */
  boolean makeRoomIfDue(long now) {
    if (fullUntil == 0 || now < fullUntil) {
      return false;
    }
    disk.setFull(false);
    fullUntil = 0;
    return true;
  }

  /**
   * Turns the machine off, and reads the log as somebody does who goes on with it.
   *
   * @return null if there never was one
   */
  Event.@Nullable LogRead read(long at, String verifier) {
    if (!used) {
      return null;
    }
    losePower();
    disk.setFull(false);
    ProcessFiles files = new ProcessFiles(disk);
    List<Event.Entry> entries = new ArrayList<>();
    String flaw = null;
    try {
      opened(AuditSink.inFiles(files.file(FILE), FILE_BYTES, clock)).close();
    } catch (TaperException e) {
      flaw = e.code().text();
    }
    try {
      LogVerification found =
          AuditVerifier.trusting(List.of(signer.publicKey()))
              .verify(AuditSource.of(files.file(FILE)), record -> add(record, entries));
      LogVerification.Flaw wrong = found.flaw();
      flaw = wrong == null ? flaw : wrong.kind().text();
    } catch (TaperException e) {
      flaw = e.code() == ErrorCode.AUDIT_UNAVAILABLE ? e.code().text() : flaw;
    }
    return new Event.LogRead(at, verifier, entries, flaw);
  }

  private static void add(AuditRecord record, List<Event.Entry> entries) {
    if (!(record.content() instanceof AuditEvent event)) {
      return; // of the log itself
    }
    AuditEvent.Call call = event.call();
    String json = call == null ? null : call.recorded().get(ID);
    if (call != null && json != null) {
      String id = ToolCall.of(call.tool()).argJson(ID, json).arguments().string(ID);
      entries.add(new Event.Entry(id, event.kind() == AuditKind.ALLOW));
    }
  }
}
