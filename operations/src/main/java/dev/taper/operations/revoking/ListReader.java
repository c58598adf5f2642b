package dev.taper.operations.revoking;

import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.revocation.RevocationSource.Content;
import dev.taper.revocation.SignedLists;
import dev.taper.store.LazyRevocations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a revocation list, wherever it is. Immutable and thread-safe. */
public final class ListReader {
  private final Workplace workplace;
  private final Place place;
  private final List<PublicKey> issuers;
  private final @Nullable String memory;
  private final byte @Nullable [] content; // of the list; null to read it anew each time

  /** What is done with the bytes of a list. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(InputStream lists) throws IOException;
  }

  /**
   * Reads a list.
   *
   * @param workplace where relative paths start, and what time it is
   * @param place the list: a file, an address on the web, a database or a server
   * @param issuers whose signatures count
   * @param memory file that remembers its greatest number from run to run, or null
   */
  public ListReader(
      Workplace workplace, Place place, List<PublicKey> issuers, @Nullable String memory) {
    this(workplace, place, List.copyOf(issuers), memory, null);
  }

  private ListReader(
      Workplace workplace,
      Place place,
      List<PublicKey> issuers,
      @Nullable String memory,
      byte @Nullable [] content) {
    this.workplace = workplace;
    this.place = place;
    this.issuers = issuers;
    this.memory = memory;
    this.content = content;
  }

  /**
   * The same list as it is now: all answers come from one reading of it, whatever is signed
   * meanwhile.
   *
   * @throws OperationException {@code io} if it cannot be read
   */
  public ListReader once() {
    return new ListReader(workplace, place, issuers, memory, bytes());
  }

  /**
   * All that was signed, with its signatures verified.
   *
   * @throws OperationException {@code io} if it cannot be read
   * @throws dev.taper.TaperException if a signature does not count
   */
  public SignedLists signed() {
    return SignedLists.read(bytes(), issuers);
  }

  /**
   * What the lists say of some things, and which said so first.
   *
   * @throws OperationException {@code io} if they cannot be read
   * @throws dev.taper.TaperException if a signature does not count
   */
  Map<Fingerprint, RevocationLookup.Listed> history(Set<Fingerprint> wanted) {
    return read(lists -> RevocationHistory.read(lists, issuers, wanted));
  }

  /**
   * The list as a file holds it.
   *
   * @throws OperationException {@code io} if it cannot be read
   */
  public byte[] bytes() {
    return read(InputStream::readAllBytes);
  }

  /**
   * Takes the list as a verifier does.
   *
   * @param clock what time it is for the verifier
   * @throws OperationException {@code io} if it cannot be read
   * @throws dev.taper.TaperException if it is refused
   */
  public RevocationList load(Clock clock) {
    RevocationList list = unread(clock);
    applyTo(list);
    return list;
  }

  /**
   * Applies what is there now to a list.
   *
   * @param list as {@link #unread} made it
   * @throws OperationException {@code io} if it cannot be read
   * @throws dev.taper.TaperException if it is refused
   */
  public void applyTo(RevocationList list) {
    boolean unused = read(list::apply);
  }

  /**
   * The list before it is read: it trusts the issuers, and remembers its number where it is told.
   *
   * @param clock what time it is for the verifier
   * @throws dev.taper.TaperException if the file that remembers its number cannot be read
   */
  public RevocationList unread(Clock clock) {
    RevocationList.Builder builder =
        RevocationList.trusting(issuers.toArray(new PublicKey[0])).clock(clock);
    return (memory == null
            ? builder.forgottenAtRestart()
            : builder.rememberedIn(workplace.resolve(memory)))
        .build();
  }

  /**
   * Where the list comes from, to be read again and again. That of a database is {@link
   * AutoCloseable}, that of a server {@link Workplace.SharedLists}; the caller closes it.
   *
   * @throws OperationException {@code usage} if the place is none, or nothing on the class path
   *     reads it
   */
  public RevocationSource source() {
    if (place instanceof Place.Sql sql) {
      return new LazyRevocations(sql.address(), workplace.folder(), workplace.clock());
    }
    if (place instanceof Place.Shared shared) {
      return workplace.lists(shared);
    }
    if (place instanceof Place.Web web) {
      return RevocationSource.http(uri(web));
    }
    return RevocationSource.file(workplace.resolve(((Place.File) place).name()));
  }

  private <T> T read(Reading<T> reading) {
    try {
      if (content != null) {
        return reading.read(new ByteArrayInputStream(content));
      }
      RevocationSource source = source();
      try {
        return read(source, reading);
      } finally {
        close(source);
      }
    } catch (IOException e) {
      throw OperationException.io(
          "cannot read the revocation list " + place.shown() + ": " + reason(e), e);
    }
  }

  private static void close(RevocationSource source) {
    if (source instanceof LazyRevocations database) {
      database.close();
    } else if (source instanceof Workplace.SharedLists shared) {
      shared.close();
    }
  }

  private static <T> T read(RevocationSource source, Reading<T> reading) throws IOException {
    Content content = source.fetch(null, 0);
    if (content == null) {
      throw new IOException("no list has been signed there yet");
    }
    try (InputStream lists = content.lists()) {
      return reading.read(lists);
    }
  }

  /** A refused connection comes without a message. */
  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static URI uri(Place.Web web) {
    try {
      return URI.create(web.url());
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("not a URL: " + web.shown());
    }
  }
}
