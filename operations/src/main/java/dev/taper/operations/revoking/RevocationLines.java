package dev.taper.operations.revoking;

import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.operations.OperationException;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is to be revoked from a stream, one thing a line; empty lines and those that begin
 * with {@code #} say nothing. Only the entries are kept in memory. For one thread.
 */
public final class RevocationLines {
  /** The most lines: about a quarter of what a list can hold. */
  public static final int MAX_LINES = 5_000_000;

  /** The longest line. */
  public static final int MAX_LINE_BYTES = 64 * 1024;

  /** How many lines are made out at once, by all processors. */
  private static final int CHUNK = 8192;

  private final MessageDigest digest = Digests.sha256();
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private long number; // of the line that was read last

  /**
   * What was read.
   *
   * @param entries each thing once, in the order of their fingerprints
   * @param duplicates how many lines named a thing again
   * @param digest the SHA-256 digest of all bytes, hex
   */
  public record Result(List<RevocationEntry> entries, int duplicates, String digest) {
    /** Copies the list. */
    public Result {
      entries = List.copyOf(entries);
    }
  }

  private record Line(long number, String text) {}

  private RevocationLines(InputStream in) {
    this.in = new DigestInputStream(in, digest);
  }

  /**
   * Reads all lines.
   *
   * @param in where they come from; not closed
   * @param entry makes the entry of a line; called by several threads at once
   * @param progress told the number of lines that were read, again and again
   * @throws OperationException {@code malformed_line} with the number of the first line that is
   *     wrong, or if there is none; {@code too_large}; {@code io}
   */
  public static Result read(
      InputStream in, Function<String, RevocationEntry> entry, LongConsumer progress) {
    try {
      return new RevocationLines(in).all(entry, progress);
    } catch (IOException e) {
      throw OperationException.io("cannot read the lines: " + e.getMessage(), e);
    }
  }

  private Result all(Function<String, RevocationEntry> entry, LongConsumer progress)
      throws IOException {
    List<RevocationEntry> entries = new ArrayList<>();
    List<Line> chunk = new ArrayList<>(CHUNK);
    for (Line line = next(); line != null; line = next()) {
      chunk.add(line);
      if (chunk.size() == CHUNK) {
        makeOut(chunk, entry, entries);
        progress.accept(number);
      }
    }
    makeOut(chunk, entry, entries);
    if (entries.isEmpty()) {
      throw refused("malformed_line", "no line names anything to revoke");
    }
    return distinct(entries, HexFormat.of().formatHex(digest.digest()));
  }

  private static void makeOut(
      List<Line> chunk, Function<String, RevocationEntry> entry, List<RevocationEntry> into) {
    Object[] made = new Object[chunk.size()];
    IntStream.range(0, made.length)
        .parallel()
        .forEach(
            i -> {
              try {
                made[i] = entry.apply(chunk.get(i).text());
              } catch (TaperException | OperationException e) {
                made[i] = e;
              }
            });
    for (int i = 0; i < made.length; i++) {
      if (made[i] instanceof RuntimeException e) {
        throw malformed(chunk.get(i).number(), String.valueOf(e.getMessage()), e);
      }
      into.add((RevocationEntry) made[i]);
    }
    chunk.clear();
  }

  private static Result distinct(List<RevocationEntry> entries, String digest) {
    int all = entries.size();
    entries.sort(Comparator.comparing(RevocationEntry::fingerprint));
    List<RevocationEntry> distinct = new ArrayList<>(all);
    Fingerprint last = null;
    for (RevocationEntry each : entries) {
      if (!each.fingerprint().equals(last)) {
        distinct.add(each);
      }
      last = each.fingerprint();
    }
    return new Result(distinct, all - distinct.size(), digest);
  }

  /** The next line that says something; null at the end. */
  private @Nullable Line next() throws IOException {
    while (true) {
      byte[] bytes = bytes();
      if (bytes == null) {
        return null;
      }
      if (++number > MAX_LINES) {
        throw refused("too_large", "there are more than " + MAX_LINES + " lines");
      }
      String text = text(bytes).strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        return new Line(number, text);
      }
    }
  }

  private String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw malformed(number, "it is not UTF-8 text", e);
    }
  }

  /** The bytes up to the next line feed; null at the end. */
  private byte @Nullable [] bytes() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    while (true) {
      if (at == filled) {
        filled = in.read(buffer);
        at = 0;
        if (filled <= 0) {
          filled = 0;
          return line.size() == 0 ? null : line.toByteArray();
        }
      }
      int start = at;
      while (at < filled && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, start, at - start);
      if (line.size() > MAX_LINE_BYTES) {
        throw malformed(number + 1, "it has more than " + MAX_LINE_BYTES + " bytes", null);
      }
      if (at < filled) {
        at++;
        return line.toByteArray();
      }
    }
  }

  private static OperationException malformed(long line, String why, @Nullable Exception cause) {
    return new OperationException(
        OperationException.Kind.USAGE,
        "malformed_line",
        "line " + line + ": " + why + "; nothing was revoked",
        cause);
  }

  private static OperationException refused(String code, String why) {
    return new OperationException(
        OperationException.Kind.USAGE, code, why + "; nothing was revoked", null);
  }
}
