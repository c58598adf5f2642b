package dev.taper.assurance.world.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a file holds: what everybody reads, and what is left when the power is gone. For one thread
 * at a time.
 */
final class DiskFile {
  private Bytes live = new Bytes();
  private final Bytes safe = new Bytes();
  private final List<Change> unforced = new ArrayList<>();

  /** Bytes that grow. */
  private static final class Bytes {
    private byte[] all = new byte[0];
    private int length;

    void write(int at, byte[] some) {
      int end = Math.max(length, at + some.length);
      if (end > all.length) {
        all = Arrays.copyOf(all, Math.max(end, 2 * all.length)); // what lies between is zero
      }
      System.arraycopy(some, 0, all, at, some.length);
      length = end;
    }

    void cut(int size) {
      if (size < length) {
        Arrays.fill(all, size, length, (byte) 0);
        length = size;
      }
    }

    Bytes copy() {
      Bytes copy = new Bytes();
      copy.write(0, Arrays.copyOf(all, length));
      return copy;
    }
  }

  /** Something that was done to the file. */
  private interface Change {
    void to(Bytes bytes);
  }

  private static final class Written implements Change {
    private final int at;
    private final byte[] bytes;

    Written(int at, byte[] bytes) {
      this.at = at;
      this.bytes = bytes;
    }

    @Override
    public void to(Bytes file) {
      file.write(at, bytes);
    }

    /** So many bytes of it. */
    Written part(int length) {
      return new Written(at, Arrays.copyOf(bytes, length));
    }
  }

  private record Cut(int size) implements Change {
    @Override
    public void to(Bytes file) {
      file.cut(size);
    }
  }

  int size() {
    return live.length;
  }

  /** Reads as much as there is; −1 if there is nothing. */
  int read(ByteBuffer to, long from) {
    if (from >= live.length) {
      return -1;
    }
    int count = Math.min(to.remaining(), live.length - (int) from);
    to.put(live.all, (int) from, count);
    return count;
  }

  void write(long at, byte[] bytes) {
    does(new Written((int) at, bytes));
  }

  void cut(long size) {
    if (size < live.length) {
      does(new Cut((int) size));
    }
  }

  private void does(Change change) {
    change.to(live);
    unforced.add(change);
  }

  /** The disk takes all that was done. */
  void force() {
    unforced.forEach(change -> change.to(safe));
    unforced.clear();
  }

  /** The disk takes some of what was written, and nobody will offer it the rest again. */
  void forceFails(SimulatedDisk.Chances chances) {
    for (Change change : unforced) {
      if (change instanceof Cut || chances.below(2) == 0) {
        change.to(safe);
      }
    }
    unforced.clear();
  }

  /** The power is gone: of what was not forced, the first changes are there, and part of one. */
  void losePower(SimulatedDisk.Chances chances) {
    int kept = chances.below(unforced.size() + 1);
    unforced.subList(0, kept).forEach(change -> change.to(safe));
    if (kept < unforced.size() && unforced.get(kept) instanceof Written torn) {
      torn.part(chances.below(torn.bytes.length + 1)).to(safe);
    }
    unforced.clear();
    live = safe.copy();
  }
}
