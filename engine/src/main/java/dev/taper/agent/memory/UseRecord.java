package dev.taper.agent.memory;

import dev.taper.crypto.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A record of a {@link UseJournal}: how many more times something was used. All records have the
 * same length and end with a checksum, as the file's header does. Numbers are big-endian.
 *
 * @param use what was used
 * @param share whose part it takes, as {@link #kept} names it
 * @param times how many more times; negative if uses were given back
 * @param place which record of its claim it is, from 0
 * @param left how many records of its claim follow
 */
record UseRecord(UseIndex.Use use, MemoryShare share, int times, int place, int left) {
  private static final int SHARE_BYTES = 16;
  private static final int SUM_BYTES = Integer.BYTES;

  /** The length of a record. */
  static final int BYTES =
      4 * Long.BYTES + 2 * SHARE_BYTES + Integer.BYTES + 2 * Short.BYTES + SUM_BYTES;

  private static final String FORMAT = "taper uses ";
  private static final byte[] START = (FORMAT + "1\n").getBytes(StandardCharsets.US_ASCII);

  /** The length of the header. */
  static final int HEADER_BYTES = START.length + 2 * Long.BYTES + SUM_BYTES;

  /**
   * What a journal begins with.
   *
   * @param generation another number whenever it is written anew
   * @param forgotten the latest order of anything that it no longer holds
   */
  record Header(long generation, long forgotten) {}

  /** A share as journals name it, in fewer digits. */
  static MemoryShare kept(MemoryShare share) {
    return new MemoryShare(kept(share.delegator()), kept(share.authority()));
  }

  private static String kept(String party) {
    byte[] digest = Digests.sha256(party.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, SHARE_BYTES);
  }

  static ByteBuffer header(Header header) {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(START)
            .putLong(header.generation)
            .putLong(header.forgotten);
    return bytes.putInt(sum(bytes.array(), HEADER_BYTES - SUM_BYTES)).flip();
  }

  /**
   * Reads a header.
   *
   * @throws IOException if it is none, or one of another version
   */
  static Header header(ByteBuffer bytes) throws IOException {
    byte[] all = new byte[HEADER_BYTES];
    bytes.get(all);
    ByteBuffer behind = ByteBuffer.wrap(all).position(START.length);
    Header header = new Header(behind.getLong(), behind.getLong());
    boolean starts = Arrays.equals(START, Arrays.copyOf(all, START.length));
    if (!starts && new String(all, StandardCharsets.ISO_8859_1).startsWith(FORMAT)) {
      throw new IOException("the journal of uses was written by another version of this program");
    }
    if (!starts || behind.getInt() != sum(all, HEADER_BYTES - SUM_BYTES)) {
      throw new IOException("what it holds is damaged, or no journal of uses");
    }
    return header;
  }

  void write(ByteBuffer to) {
    HexFormat hex = HexFormat.of();
    ByteBuffer bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(use.high)
            .putLong(use.low)
            .putLong(use.order)
            .putLong(use.until)
            .put(hex.parseHex(share.delegator()))
            .put(hex.parseHex(share.authority()))
            .putInt(times)
            .putShort((short) place)
            .putShort((short) left);
    to.put(bytes.putInt(sum(bytes.array(), BYTES - SUM_BYTES)).flip());
  }

  /** Reads a record; null if its checksum is wrong. */
  static @Nullable UseRecord read(ByteBuffer from) {
    byte[] all = new byte[BYTES];
    from.get(all);
    ByteBuffer bytes = ByteBuffer.wrap(all);
    UseIndex.Use use =
        new UseIndex.Use(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), 1);
    MemoryShare share = new MemoryShare(party(bytes), party(bytes));
    UseRecord record =
        new UseRecord(use, share, bytes.getInt(), bytes.getShort(), bytes.getShort());
    return bytes.getInt() == sum(all, BYTES - SUM_BYTES) ? record : null;
  }

  private static String party(ByteBuffer bytes) {
    byte[] party = new byte[SHARE_BYTES];
    bytes.get(party);
    return HexFormat.of().formatHex(party);
  }

  private static int sum(byte[] bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  /** Brings an index up to date. */
  void addTo(UseIndex index) {
    if (times > 0) {
      index.add(use, share, times);
    } else {
      index.remove(use);
    }
  }
}
