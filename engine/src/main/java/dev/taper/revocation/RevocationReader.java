package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads signed lists, one behind the other: a snapshot, deltas, or a snapshot and its deltas. The
 * signature is verified before anything of an entry is read, so that a forger cannot make the
 * reader allocate memory; the entries' digest is checked when the last entry is read. For one
 * thread.
 */
public final class RevocationReader {
  /**
   * The default for the most entries of one list; they take about 420 MB to read and as much to
   * hold.
   */
  public static final int DEFAULT_MAX_ENTRIES = 20_000_000;

  static final int MAX_SIGNATURE_BYTES = 72;

  private static final int CHUNK_ENTRIES = 4096;

  private final DataInputStream in;
  private final Set<PublicKey> issuers;
  private final int maxEntries;
  private @Nullable RevocationHeader header;
  private List<LiftedEntry> lifted = List.of();

  /** Takes an entry. */
  interface Sink {
    /** Returns false if the entry is out of order. */
    boolean add(RevocationEntry.Kind kind, long high, long low, int until);
  }

  private RevocationReader(InputStream in, Set<PublicKey> issuers, int maxEntries) {
    this.in = new DataInputStream(in);
    this.issuers = issuers;
    this.maxEntries = maxEntries;
  }

  /**
   * Makes a reader with the default limit.
   *
   * @param in where the lists come from; read in large pieces, and not closed
   * @param issuers whose signatures count
   */
  public static RevocationReader of(InputStream in, Collection<PublicKey> issuers) {
    return of(in, issuers, DEFAULT_MAX_ENTRIES);
  }

  /**
   * Makes a reader.
   *
   * @param in where the lists come from; read in large pieces, and not closed
   * @param issuers whose signatures count
   * @param maxEntries the most entries of one list
   */
  public static RevocationReader of(InputStream in, Collection<PublicKey> issuers, int maxEntries) {
    return new RevocationReader(in, Set.copyOf(issuers), maxEntries);
  }

  /**
   * Reads and verifies the next list's header; null behind the last list. Unread entries of the
   * list before are skipped.
   *
   * @throws IOException if the header cannot be read
   * @throws TaperException {@link ErrorCode#MALFORMED_REVOCATIONS}, also if the bytes end early;
   *     {@link ErrorCode#UNKNOWN_REVOCATION_KEY} if it is signed with another key; {@link
   *     ErrorCode#INVALID_SIGNATURE}; {@link ErrorCode#DECODE_LIMIT}
   */
  public @Nullable RevocationHeader next() throws IOException {
    try {
      if (header != null) {
        skip(header);
        header = null;
      }
      int first = in.read();
      if (first < 0) {
        return null;
      }
      if (first != RevocationHeader.TAG[0]) {
        throw RevocationHeader.malformed("does not start as one");
      }
      RevocationHeader read = RevocationHeader.read(in);
      byte[] signature = new byte[in.readUnsignedByte()];
      if (signature.length > MAX_SIGNATURE_BYTES) {
        throw RevocationHeader.malformed("has a signature of " + signature.length + " bytes");
      }
      in.readFully(signature);
      verify(read, signature);
      header = read;
      return read;
    } catch (EOFException e) {
      throw cut();
    }
  }

  private void skip(RevocationHeader unread) throws IOException {
    in.skipNBytes((long) unread.count() * RevocationIssuer.ENTRY_BYTES);
    // Read, as their lengths are signed with them alone: whoever keeps what is skipped would keep
    // junk.
    List<LiftedEntry> unused = readLifted(unread.liftedCount(), Fingerprint.sha256());
  }

  private void verify(RevocationHeader read, byte[] signature) {
    if (!issuers.contains(read.issuer())) {
      throw new TaperException(
          ErrorCode.UNKNOWN_REVOCATION_KEY,
          "the revocation list is signed by " + read.issuer() + ", which is not trusted for that");
    }
    if (!read.issuer().verify(read.encode(), signature)) {
      throw new TaperException(
          ErrorCode.INVALID_SIGNATURE, "the signature of the revocation list does not verify");
    }
    long count = (long) read.count() + read.liftedCount();
    if (count > maxEntries) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT,
          "the revocation list has " + count + " entries, more than " + maxEntries);
    }
  }

  /**
   * Reads the entries of the list whose header was read last, in ascending order.
   *
   * @throws IOException if they cannot be read
   * @throws TaperException {@link ErrorCode#MALFORMED_REVOCATIONS} if they are not the signed
   *     entries, or there was no header
   */
  public List<RevocationEntry> entries() throws IOException {
    List<RevocationEntry> entries = new ArrayList<>();
    read(
        (kind, high, low, until) -> {
          RevocationEntry entry = RevocationEntry.of(kind, new Fingerprint(high, low), until);
          boolean ascending =
              entries.isEmpty()
                  || entries.get(entries.size() - 1).fingerprint().compareTo(entry.fingerprint())
                      < 0;
          return ascending && entries.add(entry);
        });
    return entries;
  }

  /**
   * Returns the lifted entries of the list whose {@link #entries} were read last, in ascending
   * order.
   */
  public List<LiftedEntry> lifted() {
    return lifted;
  }

  /** Reads the entries of the list whose header was read last, ready to be looked up. */
  SortedRun run() throws IOException {
    SortedRun run = new SortedRun(header == null ? 0 : header.count());
    read((kind, high, low, until) -> run.add(high, low, until));
    return run.seal();
  }

  private void read(Sink sink) throws IOException {
    RevocationHeader current = header;
    if (current == null) {
      throw RevocationHeader.malformed("has no entries left to read");
    }
    MessageDigest digest = Fingerprint.sha256();
    byte[] chunk =
        new byte[RevocationIssuer.ENTRY_BYTES * Math.min(CHUNK_ENTRIES, current.count())];
    ByteBuffer entry = ByteBuffer.wrap(chunk);
    try {
      for (int left = current.count(); left > 0; ) {
        int now = Math.min(left, CHUNK_ENTRIES);
        in.readFully(chunk, 0, now * RevocationIssuer.ENTRY_BYTES);
        digest.update(chunk, 0, now * RevocationIssuer.ENTRY_BYTES);
        entry.clear();
        for (int i = 0; i < now; i++) {
          add(sink, entry.getLong(), entry.getLong(), entry.get(), entry.getInt());
        }
        left -= now;
      }
      lifted = readLifted(current.liftedCount(), digest);
    } catch (EOFException e) {
      throw cut();
    }
    header = null;
    if (!current.digestIs(digest.digest())) {
      throw RevocationHeader.malformed("has other entries than were signed");
    }
  }

  private List<LiftedEntry> readLifted(int count, MessageDigest digest) throws IOException {
    List<LiftedEntry> read = new ArrayList<>();
    Fingerprint last = null;
    byte[] head = new byte[RevocationIssuer.ENTRY_BYTES + Short.BYTES];
    for (int i = 0; i < count; i++) {
      in.readFully(head);
      digest.update(head);
      ByteBuffer entry = ByteBuffer.wrap(head);
      Fingerprint fingerprint = new Fingerprint(entry.getLong(), entry.getLong());
      RevocationEntry.Kind kind = kind(entry.get());
      int until = entry.getInt();
      byte[] reason = new byte[Short.toUnsignedInt(entry.getShort())];
      in.readFully(reason);
      digest.update(reason);
      if (last != null && last.compareTo(fingerprint) >= 0) {
        throw RevocationHeader.malformed("has lifted entries that are not in ascending order");
      }
      last = fingerprint;
      read.add(lifted(RevocationEntry.of(kind, fingerprint, until), reason));
    }
    return List.copyOf(read);
  }

  private static LiftedEntry lifted(RevocationEntry entry, byte[] reason) {
    try {
      return LiftedEntry.of(
          entry, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(reason)).toString());
    } catch (CharacterCodingException | TaperException e) {
      throw RevocationHeader.malformed("has a lifted entry whose reason is not one");
    }
  }

  private static RevocationEntry.Kind kind(byte wireId) {
    RevocationEntry.Kind kind = RevocationEntry.Kind.ofWireId(wireId);
    if (kind == null) {
      throw RevocationHeader.malformed("has an entry of the unknown kind " + (wireId & 0xff));
    }
    return kind;
  }

  private static void add(Sink sink, long high, long low, byte kindId, int until) {
    if (!sink.add(kind(kindId), high, low, until)) {
      throw RevocationHeader.malformed("has entries that are not in ascending order");
    }
  }

  private static TaperException cut() {
    return RevocationHeader.malformed("ends early");
  }
}
