package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads signed lists, one behind the other: a snapshot, deltas, or a snapshot and its deltas. The
 * signature is verified before anything of an entry is read, so that a forger cannot make the
 * reader allocate memory; the entries' digest is checked when the last entry is read. For one
 * thread.
 */
public final class RevocationReader {
  /**
   * The default for the most entries of one list. They take 420 MB to read; a verifier keeps them
   * in a private file of about 500 MB.
   */
  public static final int DEFAULT_MAX_ENTRIES = 20_000_000;

  /**
   * The most entries of one list that can be allowed: with their directory, they must fit into one
   * mapping of 2 GiB.
   */
  public static final int HARD_MAX_ENTRIES = 80_000_000;

  private static final int CHUNK_ENTRIES = 4096;

  private final DataInputStream in;
  private final Set<PublicKey> issuers;
  private final int maxEntries;
  private @Nullable RevocationHeader header;
  private List<LiftedEntry> lifted = List.of();

  /** Takes a lifted entry. */
  private interface LiftedSink {
    void add(LiftedEntry lifted) throws IOException;
  }

  /** Takes an entry. */
  @FunctionalInterface
  interface Sink {
    /** Returns false if the entry is out of order. */
    boolean add(RevocationEntry.Kind kind, long high, long low, int until) throws IOException;
  }

  private RevocationReader(InputStream in, Set<PublicKey> issuers, int maxEntries) {
    this.in = new DataInputStream(in);
    this.issuers = issuers;
    this.maxEntries = Math.min(maxEntries, HARD_MAX_ENTRIES);
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
   * @param maxEntries the most entries of one list; 80,000,000 at most, whatever is asked for
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
      if (signature.length > Signatures.MAX_BYTES) {
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
    readLifted(unread.liftedCount(), Digests.sha256(), entry -> {});
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
    List<LiftedEntry> all = new ArrayList<>();
    read(
        (kind, high, low, until) ->
            entries.add(RevocationEntry.of(kind, new Fingerprint(high, low), until)),
        all::add);
    lifted = List.copyOf(all);
    return entries;
  }

  /**
   * Returns the lifted entries of the list whose {@link #entries} were read last, in ascending
   * order.
   */
  public List<LiftedEntry> lifted() {
    return lifted;
  }

  /**
   * Reads and verifies the entries of the list whose header was read last, and keeps none.
   *
   * @throws IOException if they cannot be read
   * @throws TaperException as {@link #entries}
   */
  public void verifyEntries() throws IOException {
    read((kind, high, low, until) -> true, entry -> {});
  }

  /**
   * Reads the entries of the list whose header was read last, ready to be looked up.
   *
   * @throws TaperException as {@link #entries} and {@link PrivateFile#create}
   */
  ListState.Layer layer(RunStorage storage) throws IOException {
    return layer(storage, lifted -> {});
  }

  /** Reads them, and passes each lifted entry to a consumer, too. */
  ListState.Layer layer(RunStorage storage, Consumer<LiftedEntry> reasons) throws IOException {
    RevocationHeader current = header;
    int count = current == null ? 0 : current.count();
    int liftedCount = current == null ? 0 : current.liftedCount();
    try (SortedRun.Filler entries = new SortedRun.Filler(count, storage);
        SortedRun.Filler taken = new SortedRun.Filler(liftedCount, storage)) {
      read(
          entries,
          each -> {
            add(taken, each.entry());
            reasons.accept(each);
          });
      SortedRun run = entries.seal();
      try {
        return new ListState.Layer(run, taken.seal());
      } catch (IOException e) {
        run.close();
        throw e;
      }
    }
  }

  private static void add(Sink sink, RevocationEntry entry) throws IOException {
    Fingerprint fingerprint = entry.fingerprint();
    boolean unused =
        sink.add(entry.kind(), fingerprint.high(), fingerprint.low(), entry.untilSeconds());
  }

  private void read(Sink sink, LiftedSink liftedSink) throws IOException {
    RevocationHeader current = header;
    if (current == null) {
      throw RevocationHeader.malformed("has no entries left to read");
    }
    MessageDigest digest = Digests.sha256();
    byte[] chunk =
        new byte[RevocationIssuer.ENTRY_BYTES * Math.min(CHUNK_ENTRIES, current.count())];
    ByteBuffer entry = ByteBuffer.wrap(chunk);
    long lastHigh = 0;
    long lastLow = 0;
    try {
      for (int left = current.count(); left > 0; ) {
        int now = Math.min(left, CHUNK_ENTRIES);
        in.readFully(chunk, 0, now * RevocationIssuer.ENTRY_BYTES);
        digest.update(chunk, 0, now * RevocationIssuer.ENTRY_BYTES);
        entry.clear();
        for (int i = 0; i < now; i++) {
          long high = entry.getLong();
          long low = entry.getLong();
          boolean isFirst = i == 0 && left == current.count();
          if ((!isFirst && Fingerprint.compare(lastHigh, lastLow, high, low) >= 0)
              || !sink.add(kind(entry.get()), high, low, entry.getInt())) {
            throw RevocationHeader.malformed("has entries that are not in ascending order");
          }
          lastHigh = high;
          lastLow = low;
        }
        left -= now;
      }
      readLifted(current.liftedCount(), digest, liftedSink);
    } catch (EOFException e) {
      throw cut();
    }
    header = null;
    if (!current.digestIs(digest.digest())) {
      throw RevocationHeader.malformed("has other entries than were signed");
    }
  }

  private void readLifted(int count, MessageDigest digest, LiftedSink sink) throws IOException {
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
      sink.add(lifted(RevocationEntry.of(kind, fingerprint, until), reason));
    }
  }

  private static LiftedEntry lifted(RevocationEntry entry, byte[] reason) {
    try {
      String text = Given.utf8(reason);
      if (text != null) {
        return LiftedEntry.of(entry, text);
      }
    } catch (TaperException e) {
      // It is none, as below.
    }
    throw RevocationHeader.malformed("has a lifted entry whose reason is not one");
  }

  private static RevocationEntry.Kind kind(byte wireId) {
    RevocationEntry.Kind kind = RevocationEntry.Kind.ofWireId(wireId);
    if (kind == null) {
      throw RevocationHeader.malformed("has an entry of the unknown kind " + (wireId & 0xff));
    }
    return kind;
  }

  private static TaperException cut() {
    return RevocationHeader.malformed("ends early");
  }

  /**
   * Copies lists while they are verified, entries included: no more than the headers say that are
   * signed, of each issuer one snapshot and deltas in their order. So a source cannot send junk, a
   * list again and again, or all that there ever were, until there is no room.
   *
   * @param lists where the lists come from; not closed
   * @param issuers whose signatures count
   * @return the copy, which the caller closes
   * @throws IOException if they cannot be read, are not a snapshot and its deltas, or the copy
   *     cannot be written
   * @throws TaperException as {@link #next} and {@link #entries}, and {@link
   *     ErrorCode#REVOCATIONS_TOO_LARGE} if the disk has no room for the copy
   */
  public static Copy copy(InputStream lists, Collection<PublicKey> issuers) throws IOException {
    return Copy.of(lists, issuers);
  }

  /**
   * A verified copy of signed lists. Up to 1 MiB is on the heap, more is in a file that nobody else
   * can open, in the folder of the system property {@code java.io.tmpdir}. Thread-safe; what was
   * closed must no longer be read.
   */
  public static final class Copy implements AutoCloseable {
    private static final int MAX_HEAP_BYTES = 1 << 20;

    private final List<RevocationHeader> headers;
    private final byte[] sha256;
    private final ByteBuffer content;
    private final @Nullable PrivateFile file;

    private Copy(List<RevocationHeader> headers, Sponge sponge) throws IOException {
      this.headers = List.copyOf(headers);
      this.sha256 = sponge.digest.digest();
      this.content = sponge.content();
      this.file = sponge.file;
    }

    private static Copy of(InputStream lists, Collection<PublicKey> issuers) throws IOException {
      List<RevocationHeader> headers = new ArrayList<>();
      Map<PublicKey, Long> last = new HashMap<>();
      Sponge sponge = new Sponge(lists);
      try {
        RevocationReader reader = RevocationReader.of(sponge, issuers);
        for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
          Long before = last.put(next.issuer(), next.sequence());
          if (before != null && (before >= next.sequence() || !next.delta())) {
            throw new IOException("the lists are not a snapshot and its deltas in their order");
          }
          sponge.requireRoom((long) next.count() * RevocationIssuer.ENTRY_BYTES);
          reader.verifyEntries();
          headers.add(next);
        }
        return new Copy(headers, sponge);
      } catch (IOException | RuntimeException | Error e) {
        sponge.discard();
        throw e;
      }
    }

    /** All headers, in the order of the lists. */
    public List<RevocationHeader> headers() {
      return headers;
    }

    /** The header of the last list; null if there is none. */
    public @Nullable RevocationHeader latest() {
      return headers.isEmpty() ? null : headers.get(headers.size() - 1);
    }

    /** The SHA-256 digest of all bytes. */
    public byte[] sha256() {
      return sha256.clone();
    }

    /** All bytes; each call returns a buffer of its own, which is read only. */
    public ByteBuffer content() {
      return content.asReadOnlyBuffer();
    }

    /** Frees what the copy takes. */
    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }

    /** Keeps all that is read. */
    private static final class Sponge extends FilterInputStream {
      private final MessageDigest digest = Digests.sha256();
      private ByteArrayOutputStream heap = new ByteArrayOutputStream();
      private @Nullable PrivateFile file;
      private long size;

      Sponge(InputStream lists) {
        super(lists);
      }

      void requireRoom(long bytes) throws IOException {
        if (size + bytes > Integer.MAX_VALUE) {
          throw new TaperException(
              ErrorCode.REVOCATIONS_TOO_LARGE, "the revocation lists have more than 2 GiB");
        }
        if (size + bytes > MAX_HEAP_BYTES) {
          file().requireRoom(bytes);
        }
      }

      private PrivateFile file() throws IOException {
        PrivateFile present = file;
        if (present == null) {
          present = PrivateFile.create(null, size, RunStorage.Space.USABLE);
          present.write(0, heap.toByteArray(), 0, heap.size());
          heap = new ByteArrayOutputStream();
          file = present;
        }
        return present;
      }

      private void keep(byte[] bytes, int from, int length) throws IOException {
        digest.update(bytes, from, length);
        if (file == null && size + length <= MAX_HEAP_BYTES) {
          heap.write(bytes, from, length);
        } else {
          file().write(size, bytes, from, length);
        }
        size += length;
      }

      ByteBuffer content() throws IOException {
        return file == null ? ByteBuffer.wrap(heap.toByteArray()) : file.map(size);
      }

      void discard() {
        if (file != null) {
          file.close();
        }
      }

      @Override
      public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
          keep(new byte[] {(byte) next}, 0, 1);
        }
        return next;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = in.read(bytes, from, length);
        if (count > 0) {
          keep(bytes, from, count);
        }
        return count;
      }

      /** What is skipped is kept, too. */
      @Override
      public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(Math.max(0, count), 1 << 13)];
        return passed.length == 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
      }
    }
  }
}
