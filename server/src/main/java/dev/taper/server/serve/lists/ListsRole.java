package dev.taper.server.serve.lists;

import dev.taper.Causes;
import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationReader;
import dev.taper.revocation.RevocationSource;
import dev.taper.server.listener.Endpoint;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role that serves lists. It reads them again and again, and serves nothing that is not signed
 * and whole: what makes no sense leaves the list that was there. With the key it signs the list
 * anew when half of its time is over, and in a database at once when something waits there: what
 * reviews and rotations revoked, or a review whose date has passed. It warns, more often as time
 * goes on, when a quarter of a list's time is left. What it serves it can publish, too.
 * Thread-safe.
 */
public final class ListsRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListsRole.class);

  private final ListSettings settings;
  private final Workplace workplace;
  private final @Nullable RevocationSource source;
  private final FailureLog reading;
  private final FailureLog signing;
  private final FailureLog recording;
  private final @Nullable WaitingEntries waiting;
  private final @Nullable Publication publication;
  private volatile @Nullable RepeatedTask looking;

  private volatile @Nullable ServedLists lists;
  private volatile @Nullable ServedFile roots;
  private @Nullable String version; // guarded by this
  private long warnedSequence; // guarded by this
  private int warnedUrgency; // guarded by this

  private ListsRole(ListSettings settings, Workplace workplace) {
    this.settings = settings;
    this.workplace = workplace;
    Place place = settings.revocations();
    this.source =
        place == null ? null : new ListReader(workplace, place, settings.issuers(), null).source();
    this.reading = FailureLog.of(ListsRole.class, "reading lists", workplace.clock());
    this.signing = FailureLog.of(ListsRole.class, "signing the list", workplace.clock());
    this.recording = FailureLog.of(ListsRole.class, "recording lists", workplace.clock());
    this.waiting =
        place instanceof Place.Sql sql && settings.key() != null
            ? new WaitingEntries(workplace, sql)
            : null;
    this.publication =
        settings.published() == null
            ? null
            : new Publication(settings.published().get(), settings.issuers(), workplace.clock());
  }

  /**
   * Starts to serve.
   *
   * @throws OperationException or {@link TaperException} if something that is to be served cannot
   *     be read, or makes no sense
   */
  public static ListsRole start(ListSettings settings, Workplace workplace) {
    ListsRole role = new ListsRole(settings, workplace);
    try {
      role.first();
    } catch (RuntimeException e) {
      role.close();
      throw e;
    }
    role.begin();
    return role;
  }

  private void begin() {
    looking = RepeatedTask.start("lists", settings.every(), reading, this::look);
  }

  /** What cannot be served at the start is a mistake of whoever starts it. */
  private synchronized void first() {
    try {
      readRoots();
      if (settings.key() != null && isMissing()) {
        sign();
      }
      readList();
      publish();
    } catch (IOException e) {
      throw OperationException.io("cannot read what is to be served: " + Causes.reason(e), e);
    }
  }

  /** Looks for what changed; what fails is tried again at the next look. */
  synchronized void look() {
    try {
      readRoots();
      readList();
    } catch (IOException | RuntimeException e) {
      reading.failed(e);
    }
    try {
      if (settings.key() != null && isToBeSigned()) {
        sign();
        readList();
      }
    } catch (IOException | RuntimeException e) {
      signing.failed(e);
    }
    publish();
    warn();
  }

  /** Says that a list gets old: at a quarter of its time, and whenever what is left has halved. */
  private void warn() {
    RevocationHeader present = header();
    if (present == null) {
      return;
    }
    ListAge age = age(present);
    if (present.sequence() != warnedSequence) {
      warnedSequence = present.sequence();
      warnedUrgency = 0;
    }
    if (age.urgency() > warnedUrgency) {
      warnedUrgency = age.urgency();
      String why =
          settings.key() == null
              ? "no key is here to sign it anew, and nobody else did"
              : "it could not be signed anew";
      LOG.warn(
          age.isStale()
              ? "the revocation list {} IS STALE since {}: every call is refused; {}"
              : "the revocation list {} is stale at {}, and every call is refused then; {}",
          present.sequence(),
          present.staleAfter(),
          why);
    }
  }

  private ListAge age(RevocationHeader present) {
    return new ListAge(present, workplace.clock().instant());
  }

  private void readRoots() throws IOException {
    Path file = settings.rootKeys();
    if (file == null) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    ServedFile before = roots;
    if (before == null || !before.has(bytes)) {
      RootKeys unused = rootKeys(bytes);
      roots = new ServedFile("application/json", bytes);
    }
  }

  private RootKeys rootKeys(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.stripLeading().startsWith("[")
        ? RootKeySet.read(text, workplace.clock())
        : RootKeys.of(KeyFile.publicKey(bytes, KeyFormat.AUTO, null));
  }

  private void readList() throws IOException {
    if (source == null) {
      return;
    }
    RevocationSource.Content content = source.fetch(version, 0);
    if (content == null) {
      return;
    }
    RevocationReader.Copy copy;
    try (InputStream in = content.lists()) {
      copy = RevocationReader.copy(in, settings.issuers());
    }
    serve(copy);
    version = content.version();
  }

  private void serve(RevocationReader.Copy copy) throws IOException {
    ServedLists before = lists;
    try {
      ServedLists next = new ServedLists(copy);
      if (before != null && next.latest().sequence() < before.latest().sequence()) {
        throw new IOException("the list is an older one than was served before");
      }
      lists = next;
    } catch (IOException e) {
      copy.close();
      throw e;
    }
    if (before != null) {
      before.release();
    }
  }

  private @Nullable RevocationHeader header() {
    ServedLists present = lists;
    return present == null ? null : present.latest();
  }

  private void publish() {
    ServedLists present = lists;
    if (publication != null && present != null) {
      publication.publish(present);
    }
  }

  private boolean isToBeSigned() {
    RevocationHeader present = header();
    if (present == null) {
      return false;
    }
    return age(present).isToBeSigned() || (waiting != null && waiting.isAny());
  }

  /** True if there is no list yet; one that cannot be read is never replaced by an empty one. */
  private boolean isMissing() throws IOException {
    if (source == null) {
      return false;
    }
    if (settings.revocations() instanceof Place.File file) {
      return !Files.exists(workplace.resolve(file.name()));
    }
    return source.fetch(null, 0) == null;
  }

  private void sign() {
    Supplier<? extends Signer> key = settings.key();
    Place place = settings.revocations();
    if (key == null || place == null) {
      return;
    }
    Revoker.Issue issue = new Revoker.Issue(place, key, settings.horizon());
    RuntimeException failure =
        new Revoker(workplace, issue, settings.audit(), null).sign().failure();
    if (failure != null) {
      recording.failed(failure); // the list is in force
    }
  }

  /** What it answers. */
  public Endpoint endpoint() {
    return new ListsEndpoint(
        source == null ? null : () -> lists, settings.rootKeys() == null ? null : () -> roots);
  }

  /** Why the list that is served cannot be relied on; empty if it can, or none is served. */
  public List<VerifierHealth.Reason> reasons() {
    RevocationHeader present = header();
    Instant now = workplace.clock().instant();
    if (source == null || (present != null && !present.stale(now))) {
      return List.of();
    }
    return List.of(
        present == null
            ? new VerifierHealth.Reason(
                "revocation_unavailable", "there is no revocation list to serve")
            : new VerifierHealth.Reason(
                "revocation_stale",
                "the revocation list "
                    + present.sequence()
                    + " could be relied on until "
                    + present.staleAfter()
                    + ", and the clock shows "
                    + now.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** How long it can still be relied on, negative if it is stale; null if no list is served. */
  public @Nullable Duration timeLeft() {
    RevocationHeader present = header();
    return present == null ? null : age(present).left();
  }

  /** True if the list should have been signed anew by now; also if it is stale, or missing. */
  public boolean isOverdue() {
    RevocationHeader present = header();
    return source != null && (present == null || age(present).isOverdue());
  }

  /** What is well now, or here, and will not stay so, or is not elsewhere; a line each. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (isOverdue()) {
      warnings.add("the revocation list should be newer");
    }
    String unpublished = publication == null ? null : publication.warning();
    if (unpublished != null) {
      warnings.add(unpublished);
    }
    return warnings;
  }

  @Override
  public void close() {
    RepeatedTask task = looking;
    if (task != null) {
      task.close();
    }
    synchronized (this) {
      if (waiting != null) {
        waiting.close();
      }
      if (publication != null) {
        publication.close();
      }
      ServedLists last = lists;
      lists = null;
      if (last != null) {
        last.release();
      }
    }
    if (source instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        reading.failed(e);
      }
    }
  }
}
