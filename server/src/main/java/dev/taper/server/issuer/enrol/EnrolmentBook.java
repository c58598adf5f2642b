package dev.taper.server.issuer.enrol;

import dev.taper.FailureLog;
import dev.taper.WholeFile;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.TaperConfig;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.EnrolledAgents;
import dev.taper.server.issuer.enrol.Enrolment.Way;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agents that were enrolled, in a file. What is not on the disk does not count. One process
 * writes it; what an operator changes or takes out there counts within a second, and a file that
 * makes no sense changes nothing. A name has the keys of one way and one word: whoever else asks
 * for it is refused, whether the name's enrolments have ended or not, until an operator takes them
 * out. Thread-safe.
 */
public final class EnrolmentBook implements EnrolledAgents {
  private static final int MAX_AGENTS = 100_000;

  /** The longest file, in bytes. */
  static final int MAX_BYTES = 1 << 26;

  private static final int MAX_KEYS = 16;
  private static final long LOOK = 1000; // milliseconds

  private final Path file;
  private final Clock clock;
  private final FailureLog failures;
  private volatile Map<PublicKey, Enrolment> enrolments = Map.of();
  private volatile long looked;
  private volatile EnrolledAgents others = EnrolledAgents.of(List.of());
  private @Nullable FileTime read; // guarded by this

  private EnrolmentBook(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    this.failures = FailureLog.of(EnrolmentBook.class, "reading " + file, clock);
  }

  /**
   * Opens a file, and makes it if there is none.
   *
   * @throws OperationException {@code io} if it cannot be read or made, {@code config_exposed} if
   *     somebody else can change it, {@code usage} if it is no file of enrolments
   */
  public static EnrolmentBook open(Path file, Clock clock) {
    EnrolmentBook book = new EnrolmentBook(file, clock);
    try {
      if (!Files.exists(file)) {
        book.save(Map.of());
      }
      TaperConfig.requireOwn(file);
      book.load();
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    }
    return book;
  }

  /** Leaves the names and keys of others alone: who is enrolled elsewhere is not enrolled here. */
  public void leaveAlone(EnrolledAgents elsewhere) {
    others = elsewhere;
  }

  private synchronized void load() throws IOException {
    FileTime modified = Files.getLastModifiedTime(file);
    if (modified.equals(read)) {
      return;
    }
    byte[] bytes = FileReason.bounded(file, MAX_BYTES);
    Map<PublicKey, Enrolment> all = new LinkedHashMap<>();
    for (Enrolment one : EnrolmentText.read(new String(bytes, StandardCharsets.UTF_8))) {
      all.put(one.key(), one);
    }
    enrolments = Collections.unmodifiableMap(all);
    read = modified;
  }

  private void save(Map<PublicKey, Enrolment> all) throws IOException {
    byte[] content = EnrolmentText.write(all.values()).getBytes(StandardCharsets.UTF_8);
    WholeFile.replace(file, content, MAX_BYTES);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  private Map<PublicKey, Enrolment> current() {
    long now = clock.millis();
    if (Math.abs(now - looked) >= LOOK) {
      looked = now;
      try {
        load();
      } catch (IOException | OperationException e) {
        failures.failed(e);
      }
    }
    return enrolments;
  }

  @Override
  public @Nullable EnrolledAgent byKey(PublicKey key) {
    Enrolment found = current().get(key);
    return found == null || !found.isGood(clock.instant()) ? null : agent(found);
  }

  @Override
  public List<EnrolledAgent> all() {
    Instant now = clock.instant();
    List<EnrolledAgent> all = new ArrayList<>();
    for (Enrolment one : current().values()) {
      if (one.isGood(now)) {
        all.add(agent(one));
      }
    }
    return all;
  }

  private static EnrolledAgent agent(Enrolment enrolment) {
    return new EnrolledAgent(enrolment.name(), enrolment.key(), Set.of());
  }

  /**
   * Refuses what could not be enrolled.
   *
   * @throws EnrolmentException {@code key_enrolled}, {@code name_taken}, {@code agents_full}
   */
  void check(Enrolment wanted) throws EnrolmentException {
    var unused = with(wanted);
  }

  private Map<PublicKey, Enrolment> with(Enrolment wanted) throws EnrolmentException {
    Instant now = clock.instant();
    Map<PublicKey, Enrolment> all = new LinkedHashMap<>(current());
    requireNobodyElses(wanted, all);
    Enrolment before = all.remove(wanted.key());
    boolean isSame =
        before != null
            && before.way() == Way.WORKLOAD
            && wanted.way() == Way.WORKLOAD
            && before.name().equals(wanted.name())
            && before.by().equals(wanted.by());
    if (before != null && !isSame) {
      throw enrolled();
    }
    int keys = 0;
    for (Enrolment one : List.copyOf(all.values())) {
      if (one.name().equals(wanted.name())) {
        boolean isWorkloads = one.way() == Way.WORKLOAD && wanted.way() == Way.WORKLOAD;
        if (!isWorkloads || !one.by().equals(wanted.by())) {
          throw taken();
        }
        if (one.isGood(now)) {
          keys++;
        } else {
          all.remove(one.key()); // the same workload goes on with other keys
        }
      }
    }
    if (keys >= MAX_KEYS || all.size() >= MAX_AGENTS) {
      throw new EnrolmentException("agents_full", "there is no room for one more key");
    }
    all.put(wanted.key(), wanted);
    return all;
  }

  private void requireNobodyElses(Enrolment wanted, Map<PublicKey, Enrolment> own)
      throws EnrolmentException {
    for (EnrolledAgent other : others.all()) {
      if (!own.containsKey(other.key())) {
        if (other.key().equals(wanted.key())) {
          throw enrolled();
        }
        if (other.name().equals(wanted.name())) {
          throw taken();
        }
      }
    }
  }

  private static EnrolmentException enrolled() {
    return new EnrolmentException(
        "key_enrolled", "this key is enrolled already; an agent enrols once");
  }

  private static EnrolmentException taken() {
    return new EnrolmentException(
        "name_taken", "another key has this name; an operator takes that out first");
  }

  /**
   * Enrols an agent.
   *
   * @throws EnrolmentException as {@link #check}; {@code unavailable} if it cannot be written, or
   *     what is on the disk makes no sense: whoever is changing it would lose that
   */
  synchronized void add(Enrolment wanted) throws EnrolmentException {
    try {
      load();
      Map<PublicKey, Enrolment> all = with(wanted);
      save(all);
      enrolments = Collections.unmodifiableMap(all);
      read = Files.getLastModifiedTime(file);
    } catch (IOException | OperationException e) {
      failures.failed(e);
      throw new EnrolmentException("unavailable", "the enrolment cannot be kept now");
    }
  }
}
