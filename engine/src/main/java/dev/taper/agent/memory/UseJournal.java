package dev.taper.agent.memory;

import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps an index of uses in a file that several processes share. The file is only appended to, by
 * one process at a time, and is on the disk before a use counts. Each process has read it up to
 * some place, and reads on at its next turn. When most of it has ended, it is written anew. What a
 * crash cut off is dropped: nobody was told that it counts. Thread-safe.
 */
final class UseJournal {
  /** The file is written anew when it has this many records, and few of them still count. */
  private static final int MANY = 1024;

  /** How far nothing was read, not even the header. */
  private static final long NOTHING = 0;

  private static final int PIECE = 1024 * UseRecord.BYTES;

  /** Names the share of what is given back: nobody's. */
  private static final MemoryShare NOBODY = UseRecord.kept(new MemoryShare("", ""));

  /** What is done while nobody else reads or writes. */
  interface Work<T> {
    T run(UseIndex index) throws IOException;
  }

  private final Path file;
  private final int capacity;
  private final Begun begun;
  private final FileTurn turns;
  private final SecureRandom random = new SecureRandom();

  // All of it is used in a turn only, but for the fill.
  private UseIndex index;
  private long generation;
  private long end = NOTHING;
  private long readGeneration;
  private long readEnd;
  private volatile Fill fill;

  /**
   * Opens a journal; the file and its folder are made when they are needed.
   *
   * @param file the file, beside which stands another with the same name and {@code .lock}
   * @param capacity how many different things it holds
   */
  UseJournal(Path file, int capacity) {
    this.file = file;
    this.capacity = capacity;
    this.begun = new Begun(file);
    this.turns = new FileTurn(file.resolveSibling(file.getFileName() + ".lock"));
    this.index = new UseIndex(capacity);
    this.fill = new Fill(0, capacity);
  }

  /**
   * Does work with what all processes know.
   *
   * @throws IOException if the file cannot be read or written, or others use it until the deadline;
   *     it is not known then what of the work counts
   */
  <T> T take(Work<T> work) throws IOException {
    makeFolder();
    return turns.take(
        () -> {
          try {
            readOn();
            T result = work.run(index);
            fill = new Fill(index.size(), capacity);
            return result;
          } catch (TaperException e) {
            throw e; // an answer
          } catch (IOException | RuntimeException e) {
            end = NOTHING; // the next turn reads everything
            throw e;
          }
        });
  }

  /** How full it was at the last turn. */
  Fill fill() {
    return fill;
  }

  private void makeFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      OwnFolder.make(folder);
    }
  }

  private void readOn() throws IOException {
    if (Files.notExists(file)) {
      begun.requireNew();
      UseRecord.Header first = new UseRecord.Header(random.nextLong(), index.forgotten());
      WholeFile.replace(file, UseRecord.header(first).array());
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      UseRecord.Header header = UseRecord.header(read(channel, 0, UseRecord.HEADER_BYTES));
      if (header.generation() == readGeneration && channel.size() < readEnd) {
        throw new IOException(file + " was cut off: what it remembered is lost; restore it");
      }
      if (end == NOTHING || header.generation() != generation) {
        long forgotten = Math.max(index.forgotten(), header.forgotten());
        index = new UseIndex(capacity);
        index.forgetUpTo(forgotten);
        generation = header.generation();
        end = UseRecord.HEADER_BYTES;
      }
      readRecords(channel);
      if (end < channel.size()) {
        requireTorn(channel);
        channel.truncate(end);
        channel.force(false);
      }
    }
    begun.mark();
    isRead();
  }

  /** Notes what is on the disk: nobody takes it away but by another generation. */
  private void isRead() {
    readGeneration = generation;
    readEnd = end;
  }

  /** Reads what was added, up to the end of the last claim that is whole. */
  private void readRecords(FileChannel channel) throws IOException {
    long size = channel.size();
    List<UseRecord> claim = new ArrayList<>();
    for (long at = end; at + UseRecord.BYTES <= size; ) {
      long whole = (size - at) / UseRecord.BYTES * UseRecord.BYTES;
      ByteBuffer piece = read(channel, at, (int) Math.min(PIECE, whole));
      while (piece.hasRemaining()) {
        UseRecord record = UseRecord.read(piece);
        if (record == null || record.place() != claim.size()) {
          return;
        }
        at += UseRecord.BYTES;
        claim.add(record);
        if (record.left() == 0) {
          claim.forEach(one -> one.addTo(index));
          claim.clear();
          end = at;
        }
      }
    }
  }

  /**
   * Refuses a damaged file. Only the last claim can be cut off, so no record behind its first one
   * begins another.
   */
  private void requireTorn(FileChannel channel) throws IOException {
    long size = channel.size();
    for (long at = end + UseRecord.BYTES; at + UseRecord.BYTES <= size; at += UseRecord.BYTES) {
      UseRecord later = UseRecord.read(read(channel, at, UseRecord.BYTES));
      if (later != null && later.place() == 0) {
        throw new IOException(file + " is damaged at byte " + end);
      }
    }
  }

  private ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException(file + " was cut off");
      }
    }
    return bytes.flip();
  }

  /**
   * Notes one more use of each, all or none; only in a turn.
   *
   * @param share as {@link UseRecord#kept} names it
   */
  void add(List<UseIndex.Use> uses, MemoryShare share) throws IOException {
    append(uses, share, 1);
    uses.forEach(use -> index.add(use, share, 1));
  }

  /** Takes back one use of each; only in a turn. */
  void remove(List<UseIndex.Use> uses) throws IOException {
    append(uses, NOBODY, -1);
    uses.forEach(index::remove);
  }

  private void append(List<UseIndex.Use> uses, MemoryShare share, int times) throws IOException {
    if (uses.isEmpty()) {
      return;
    }
    rewriteIfMostHasEnded();
    ByteBuffer bytes = ByteBuffer.allocate(uses.size() * UseRecord.BYTES);
    for (int i = 0; i < uses.size(); i++) {
      new UseRecord(uses.get(i), share, times, i, uses.size() - 1 - i).write(bytes);
    }
    bytes.flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long at = end;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(false);
      end = at;
    }
    isRead();
  }

  private void rewriteIfMostHasEnded() throws IOException {
    long records = (end - UseRecord.HEADER_BYTES) / UseRecord.BYTES;
    if (records < MANY || records < 2L * index.size()) {
      return;
    }
    UseRecord.Header next = new UseRecord.Header(random.nextLong(), index.forgotten());
    ByteBuffer bytes = ByteBuffer.allocate(UseRecord.HEADER_BYTES + index.size() * UseRecord.BYTES);
    bytes.put(UseRecord.header(next));
    index.forEach((use, share, times) -> new UseRecord(use, share, times, 0, 0).write(bytes));
    WholeFile.replace(file, bytes.array());
    generation = next.generation();
    end = bytes.position();
  }
}
