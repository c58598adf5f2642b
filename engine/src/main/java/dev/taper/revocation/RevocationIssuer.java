package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes signed lists. One key, or a series of keys, numbers them in ascending order. Two lists with
 * one number contradict each other, and verifiers refuse the second. Immutable and thread-safe.
 */
public final class RevocationIssuer {
  /** The bytes of an entry: fingerprint, kind, end. */
  static final int ENTRY_BYTES = Fingerprint.BYTES + 1 + Integer.BYTES;

  private static final int CHUNK_ENTRIES = 1024;

  /** No header with its signature is longer. */
  private static final int MAX_HEAD = 256;

  private final Signer signer;

  private RevocationIssuer(Signer signer) {
    this.signer = Given.that(signer, "the signer of revocation lists");
  }

  /** Makes an issuer that signs with a key. */
  public static RevocationIssuer of(Signer signer) {
    return new RevocationIssuer(signer);
  }

  /** The key that verifies what is signed. */
  public PublicKey publicKey() {
    return signer.publicKey();
  }

  /**
   * Makes a whole list.
   *
   * @param sequence its number, greater than any before
   * @param entries all that is revoked, in any order; of two for one thing the later end counts
   * @param validity how long it can be relied on
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}; {@link ErrorCode#INVALID_ARGUMENT} for
   *     a number below 1, or more entries than {@link RevocationReader#DEFAULT_MAX_ENTRIES}
   */
  public byte[] snapshot(long sequence, List<RevocationEntry> entries, Validity validity) {
    return snapshot(sequence, entries, List.of(), validity);
  }

  /**
   * Makes a whole list that takes back some earlier revocations. Verifiers refuse a list that
   * leaves out an entry before its end and does not lift it.
   *
   * @param sequence its number, greater than any before
   * @param entries all that is revoked, in any order; of two for one thing the later end counts
   * @param lifted all that is no longer revoked, until it would have ended; in any order
   * @param validity how long it can be relied on
   * @throws TaperException as {@link #snapshot(long, List, Validity)}
   */
  public byte[] snapshot(
      long sequence, List<RevocationEntry> entries, List<LiftedEntry> lifted, Validity validity) {
    return sign(false, 0, sequence, entries, lifted, validity);
  }

  /**
   * Makes a delta that adds to a list.
   *
   * @param base the least number of a list that it can be added to
   * @param sequence the list's number with this
   * @param entries what was revoked since the base, in any order
   * @param validity how long the list can then be relied on
   * @throws TaperException as {@link #snapshot}, and if the number is not greater than the base
   */
  public byte[] delta(long base, long sequence, List<RevocationEntry> entries, Validity validity) {
    return delta(base, sequence, entries, List.of(), validity);
  }

  /**
   * Makes a delta that first takes entries back, and then adds to a list.
   *
   * @param base the least number of a list that it can be added to
   * @param sequence the list's number with this
   * @param entries what was revoked since the base, in any order
   * @param lifted what was lifted since the base, in any order
   * @param validity how long the list can then be relied on
   * @throws TaperException as {@link #delta(long, long, List, Validity)}
   */
  public byte[] delta(
      long base,
      long sequence,
      List<RevocationEntry> entries,
      List<LiftedEntry> lifted,
      Validity validity) {
    return sign(true, base, sequence, entries, lifted, validity);
  }

  private byte[] sign(
      boolean delta,
      long base,
      long sequence,
      List<RevocationEntry> entries,
      List<LiftedEntry> lifted,
      Validity validity) {
    List<RevocationEntry> sorted = sorted(entries);
    Collection<LiftedEntry> sortedLifted = sortedLifted(lifted).values();
    Body body =
        new Body() {
          @Override
          public int count() {
            return sorted.size();
          }

          @Override
          public Collection<LiftedEntry> lifted() {
            return sortedLifted;
          }

          @Override
          public void writeEntries(EntrySink out) throws IOException {
            for (RevocationEntry entry : sorted) {
              Fingerprint fingerprint = entry.fingerprint();
              out.write(entry.kind(), fingerprint.high(), fingerprint.low(), entry.untilSeconds());
            }
          }
        };
    requireFew((long) sorted.size() + sortedLifted.size());
    try {
      ByteArrayOutputStream list =
          new ByteArrayOutputStream(ENTRY_BYTES * sorted.size() + MAX_HEAD);
      sign(delta, base, sequence, validity, body).writeTo(list);
      return list.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be written", e);
    }
  }

  /** What a list says, in order and each thing once; it is written twice. */
  interface Body {
    /** How many entries there are. */
    int count();

    /** What is lifted. */
    Collection<LiftedEntry> lifted();

    /** Writes the entries. */
    void writeEntries(EntrySink out) throws IOException;
  }

  /** Takes an entry. */
  interface EntrySink {
    /** Writes it. */
    void write(RevocationEntry.Kind kind, long high, long low, int until) throws IOException;
  }

  /**
   * Signs a list, which need not fit into memory.
   *
   * @return the whole list
   * @throws IOException if the body cannot be read
   */
  WholeFile.Content sign(boolean delta, long base, long sequence, Validity validity, Body body)
      throws IOException {
    requireFew((long) body.count() + body.lifted().size());
    MessageDigest digest = Digests.sha256();
    write(body, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    byte[] header =
        new RevocationHeader(
                signer.publicKey(),
                delta,
                base,
                sequence,
                validity,
                body.count(),
                body.lifted().size(),
                digest.digest())
            .encode();
    byte[] signature = signer.sign(header);
    if (signature.length > Signatures.MAX_BYTES) {
      throw new TaperException(
          ErrorCode.SIGNING_FAILED,
          "the signer made a signature of " + signature.length + " bytes");
    }
    return out -> {
      out.write(header);
      out.write(signature.length);
      out.write(signature);
      write(body, out);
    };
  }

  /** What is written can be read: readers have the same limit. */
  private static void requireFew(long entries) {
    if (entries > RevocationReader.DEFAULT_MAX_ENTRIES) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a revocation list has at most "
              + RevocationReader.DEFAULT_MAX_ENTRIES
              + " entries, not "
              + entries);
    }
  }

  private static void write(Body body, OutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(ENTRY_BYTES * CHUNK_ENTRIES);
    body.writeEntries(
        (kind, high, low, until) -> {
          put(chunk, kind, high, low, until);
          if (!chunk.hasRemaining()) {
            out.write(chunk.array());
            chunk.clear();
          }
        });
    out.write(chunk.array(), 0, chunk.position());
    for (LiftedEntry each : body.lifted()) {
      RevocationEntry entry = each.entry();
      byte[] reason = each.reasonBytes();
      ByteBuffer head = ByteBuffer.allocate(ENTRY_BYTES + Short.BYTES);
      Fingerprint fingerprint = entry.fingerprint();
      put(head, entry.kind(), fingerprint.high(), fingerprint.low(), entry.untilSeconds());
      out.write(head.putShort((short) reason.length).array());
      out.write(reason);
    }
  }

  private static void put(
      ByteBuffer into, RevocationEntry.Kind kind, long high, long low, int until) {
    into.putLong(high).putLong(low).put((byte) kind.wireId()).putInt(until);
  }

  private static List<RevocationEntry> sorted(List<RevocationEntry> entries) {
    List<RevocationEntry> sorted = new ArrayList<>(entries);
    // The latest end of equal entries comes first, so that it is kept.
    sorted.sort(
        Comparator.comparing(RevocationEntry::fingerprint)
            .thenComparing(RevocationEntry::untilSeconds, (a, b) -> Integer.compareUnsigned(b, a)));
    List<RevocationEntry> distinct = new ArrayList<>(sorted.size());
    Fingerprint last = null;
    for (RevocationEntry entry : sorted) {
      if (!entry.fingerprint().equals(last)) {
        distinct.add(entry);
      }
      last = entry.fingerprint();
    }
    return distinct;
  }

  /**
   * Sorts the entries, each thing once; of two for one thing, the one with the later end counts.
   */
  static Map<Fingerprint, LiftedEntry> sortedLifted(Collection<LiftedEntry> lifted) {
    Map<Fingerprint, LiftedEntry> sorted = new TreeMap<>();
    for (LiftedEntry entry : lifted) {
      sorted.merge(entry.fingerprint(), entry, RevocationIssuer::later);
    }
    return sorted;
  }

  private static LiftedEntry later(LiftedEntry a, LiftedEntry b) {
    return Integer.compareUnsigned(a.entry().untilSeconds(), b.entry().untilSeconds()) > 0 ? a : b;
  }

  /**
   * A list that was just signed. Immutable and thread-safe.
   *
   * @param sequence its number
   * @param validity how long it can be relied on
   * @param last the header of the list before it; null for a first list
   * @param changed how many of the requested entries changed anything; a thing that is already
   *     revoked until the requested end, or longer, is no change
   */
  public record IssuedList(
      long sequence, Validity validity, @Nullable RevocationHeader last, int changed) {
    /** Returns this list with another count of changes. */
    public IssuedList changed(int count) {
      return new IssuedList(sequence, validity, last, count);
    }

    /** True if it can be relied on for less time than the list before it. */
    public boolean isShorter() {
      return last != null && span(validity).compareTo(span(last.validity())) < 0;
    }

    /** Returns how long a list can be relied on, from its issue on. */
    public static Duration span(Validity validity) {
      return Duration.between(validity.issued(), validity.staleAfter());
    }
  }

  /**
   * How long the next list can be relied on: as asked for, or else as long as the last list. So
   * nobody shortens that time by adding to a list without saying so. Immutable and thread-safe.
   *
   * @param nextUpdate the latest time until the list after it is out; null to keep the last list's
   * @param maxAge how old it may become; null to keep the last list's
   */
  public record Horizon(@Nullable Duration nextUpdate, @Nullable Duration maxAge) {
    /** The default time until the list after a first one is promised. */
    public static final Duration DEFAULT_NEXT_UPDATE = Duration.ofDays(1);

    /** The default for how old a first list may become. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

    /** Keeps what the last list had; the defaults for a first one. */
    public static final Horizon KEPT = new Horizon(null, null);

    /**
     * Returns the validity of a list that is issued now.
     *
     * @param last the header of the last list; null for a first list
     * @param clock the issuer's time
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the horizon
     *     makes no sense
     */
    public Validity behind(@Nullable RevocationHeader last, Clock clock) {
      Duration lastUpdate =
          last == null ? DEFAULT_NEXT_UPDATE : Duration.between(last.issued(), last.nextUpdate());
      Duration lastAge = last == null ? DEFAULT_MAX_AGE : last.maxAge();
      return Validity.from(
          clock, nextUpdate == null ? lastUpdate : nextUpdate, maxAge == null ? lastAge : maxAge);
    }
  }
}
