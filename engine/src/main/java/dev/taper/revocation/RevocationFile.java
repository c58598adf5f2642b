package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file in which an issuer keeps its list: a snapshot, and the deltas appended to it. It is
 * replaced as a whole, so that readers see the old list or the new one. Writers of one file take
 * turns, in one process and in several. Thread-safe.
 *
 * <p>Writers lock a file beside it, with the same name and {@code .lock}, and also the list's file:
 * so deleting the lock file lets no second writer in. Locking the list's file alone would not be
 * enough, as it does not exist before the first list.
 */
public final class RevocationFile {
  private static final int MAX_ATTEMPTS = 100;
  private static final int BUFFER_BYTES = 1 << 16;

  /** Makes threads take turns, because a process, not a thread, holds a file's lock. */
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path path;
  private final Clock clock;

  private RevocationFile(Path path, Clock clock) {
    this.path = path;
    this.clock = clock;
  }

  /**
   * Names a list's file, which need not exist yet.
   *
   * @param path the file
   * @param clock the issuer's time
   */
  public static RevocationFile of(Path path, Clock clock) {
    return new RevocationFile(
        Given.that(path, "the file of a revocation list"),
        Given.that(clock, "the clock of a revocation list's issuer"));
  }

  /** Makes the next list behind the present ones. */
  @FunctionalInterface
  private interface Change {
    /**
     * Replaces the file.
     *
     * @param before what is in the file, whole lists
     */
    IssuedList replace(WholeFile.Content before, OwnLists lists) throws IOException;
  }

  /**
   * Revokes: adds a delta, or starts the list.
   *
   * @param issuer who signs; the same key as before
   * @param entries the things to revoke
   * @param horizon how long the list can be relied on
   * @throws IOException if the file cannot be read or written
   * @throws TaperException if the file holds no lists of this issuer, as {@link SignedLists#read};
   *     {@link ErrorCode#INVALID_ARGUMENT} if the horizon makes no sense; {@link
   *     ErrorCode#SIGNING_FAILED}
   */
  public IssuedList revoke(
      RevocationIssuer issuer,
      Collection<RevocationEntry> entries,
      RevocationIssuer.Horizon horizon)
      throws IOException {
    return update(
        issuer, (before, lists) -> appended(before, lists, issuer, entries, List.of(), horizon));
  }

  /**
   * Takes back a revocation: adds a delta that lifts it.
   *
   * @param issuer who signs; the same key as before
   * @param lifted the revoked thing, and the latest end that its entry could have
   * @param reason why, for people
   * @param horizon how long the list can be relied on
   * @throws IOException if the file cannot be read or written
   * @throws TaperException as {@link #revoke}, and {@link ErrorCode#INVALID_ARGUMENT} if the list
   *     does not revoke it; {@link ErrorCode#INVALID_REQUEST} if the reason is not a label
   */
  public IssuedList lift(
      RevocationIssuer issuer, Fingerprint lifted, String reason, RevocationIssuer.Horizon horizon)
      throws IOException {
    return update(
        issuer,
        (before, lists) -> {
          RevocationEntry entry = lists.entry(lifted);
          if (entry == null) {
            throw new TaperException(
                ErrorCode.INVALID_ARGUMENT,
                "the list does not revoke it, so there is nothing to lift");
          }
          List<LiftedEntry> all = List.of(LiftedEntry.of(entry, reason));
          return appended(before, lists, issuer, List.of(), all, horizon);
        });
  }

  private IssuedList appended(
      WholeFile.Content before,
      OwnLists lists,
      RevocationIssuer issuer,
      Collection<RevocationEntry> entries,
      List<LiftedEntry> lifted,
      RevocationIssuer.Horizon horizon)
      throws IOException {
    RevocationHeader last = lists.latest();
    Validity validity = horizon.behind(last, clock);
    long next = lists.sequence() + 1;
    List<RevocationEntry> all = List.copyOf(entries);
    byte[] list =
        last == null
            ? issuer.snapshot(next, all, lifted, validity)
            : issuer.delta(lists.sequence(), next, all, lifted, validity);
    int changed = lifted.size();
    for (RevocationEntry entry : all) {
      RevocationEntry known = lists.entry(entry.fingerprint());
      changed += known != null && RevocationEntry.later(known, entry).equals(known) ? 0 : 1;
    }
    WholeFile.replace(
        path,
        out -> {
          before.writeTo(out);
          out.write(list);
        });
    return new IssuedList(next, validity, last, changed);
  }

  /**
   * Issues the list anew, as one snapshot without ended entries; an empty one if there is no list.
   *
   * @param issuer who signs; the same key as before
   * @param horizon how long the list can be relied on
   * @throws IOException if the file cannot be read or written
   * @throws TaperException as {@link #revoke}
   */
  public IssuedList renew(RevocationIssuer issuer, RevocationIssuer.Horizon horizon)
      throws IOException {
    return update(
        issuer,
        (before, lists) -> {
          Validity validity = horizon.behind(lists.latest(), clock);
          long next = lists.sequence() + 1;
          RevocationHeader last = lists.latest();
          lists.snapshot(issuer, next, validity, list -> WholeFile.replace(path, list));
          return new IssuedList(next, validity, last, 0);
        });
  }

  private IssuedList update(RevocationIssuer issuer, Change change) throws IOException {
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = open(path.resolveSibling(path.getFileName() + ".lock"));
          FileLock lock = channel.lock()) {
        Objects.requireNonNull(lock);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
          IssuedList next = Files.notExists(path) ? first(change) : behind(issuer, change);
          if (next != null) {
            return next;
          }
        }
        throw new IOException("somebody else replaces the list all the time");
      }
    }
  }

  private static IssuedList first(Change change) throws IOException {
    try (OwnLists none = OwnLists.none()) {
      return change.replace(out -> {}, none);
    }
  }

  /** Returns the next list; null if the file was replaced while this waited for its turn. */
  private @Nullable IssuedList behind(RevocationIssuer issuer, Change change) throws IOException {
    String state = state();
    try (FileChannel channel = open(path)) {
      boolean opened = state.equals(state());
      try (FileLock lock = channel.lock()) {
        Objects.requireNonNull(lock);
        // While the file is open, no other file has its key.
        if (!opened || !state.equals(state())) {
          return null;
        }
        // The locked channel reads the file: closing another channel would release the lock.
        try (OwnLists lists = OwnLists.read(stream(channel), issuer.publicKey())) {
          return change.replace(out -> stream(channel).transferTo(out), lists);
        }
      }
    }
  }

  private static InputStream stream(FileChannel channel) throws IOException {
    channel.position(0);
    return new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
  }

  private String state() throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
