package dev.taper.server.serve.lists;

import dev.taper.Causes;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationSource;
import dev.taper.revocation.SignedLists;
import dev.taper.server.listener.Endpoint;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The role that serves lists. It reads them again and again, and serves nothing that is not signed
 * and whole: what makes no sense leaves the list that was there. With the key it signs the list
 * anew when half of its time is over. Thread-safe.
 */
public final class ListsRole implements AutoCloseable {
  /** How many parts of its time a list is served before it is signed anew. */
  private static final int RENEWED_AFTER = 2;

  private final ListSettings settings;
  private final Workplace workplace;
  private final @Nullable RevocationSource source;
  private final FailureLog reading;
  private final FailureLog signing;
  private final ScheduledExecutorService looking;

  private volatile @Nullable ServedFile list;
  private volatile @Nullable RevocationHeader header;
  private volatile @Nullable ServedFile roots;
  private @Nullable String version; // used by one thread

  private ListsRole(ListSettings settings, Workplace workplace) {
    this.settings = settings;
    this.workplace = workplace;
    Place place = settings.revocations();
    this.source =
        place == null ? null : new ListReader(workplace, place, settings.issuers(), null).source();
    this.reading = FailureLog.of(ListsRole.class, "reading lists", workplace.clock());
    this.signing = FailureLog.of(ListsRole.class, "signing the list", workplace.clock());
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lists");
              thread.setDaemon(true);
              return thread;
            });
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
    long every = settings.every().toMillis();
    var unused = role.looking.scheduleWithFixedDelay(role::look, 0, every, TimeUnit.MILLISECONDS);
    return role;
  }

  /** What cannot be served at the start is a mistake of whoever starts it. */
  private void first() {
    try {
      readRoots();
      if (settings.key() != null && isMissing()) {
        sign();
      }
      readList();
    } catch (IOException e) {
      throw OperationException.io("cannot read what is to be served: " + Causes.reason(e), e);
    }
  }

  /** Looks for what changed; what fails is tried again at the next look. */
  void look() {
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
    byte[] bytes;
    try (InputStream lists = content.lists()) {
      bytes = lists.readAllBytes();
    }
    RevocationHeader latest = SignedLists.read(bytes, settings.issuers()).latest();
    if (latest == null) {
      throw new IOException("there is no list");
    }
    RevocationHeader before = header;
    if (before != null && latest.sequence() < before.sequence()) {
      throw new IOException("the list is an older one than was served before");
    }
    list = new ServedFile("application/octet-stream", bytes);
    header = latest;
    version = content.version();
  }

  private boolean isToBeSigned() {
    RevocationHeader present = header;
    if (present == null) {
      return false;
    }
    Duration span = Duration.between(present.issued(), present.staleAfter());
    Instant due = present.issued().plus(span.dividedBy(RENEWED_AFTER));
    return !workplace.clock().instant().isBefore(due);
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
    var unused = new Revoker(workplace, issue, AuditRecorder.none(), null).sign();
  }

  /** What it answers. */
  public Endpoint endpoint() {
    Map<String, Supplier<@Nullable ServedFile>> files = new LinkedHashMap<>();
    if (source != null) {
      files.put("/v1/revocations", () -> list);
    }
    if (settings.rootKeys() != null) {
      files.put("/v1/root-keys", () -> roots);
    }
    return new ListsEndpoint(files);
  }

  /** True if the list that is served can be relied on. */
  public boolean isReady() {
    RevocationHeader present = header;
    return source == null || (present != null && !present.stale(workplace.clock().instant()));
  }

  @Override
  public void close() {
    looking.shutdownNow();
    if (source instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        reading.failed(e);
      }
    }
  }
}
