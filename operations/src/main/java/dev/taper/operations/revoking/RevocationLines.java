package dev.taper.operations.revoking;

import dev.taper.ShownText;
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

  /** How many wrong lines are told with what is wrong; those behind them are counted. */
  private static final int MAX_TOLD = 10;

  /**
   * Where so many lines are wrong, those behind are not read: it is another file than was meant.
   */
  private static final int MAX_WRONG = 1000;

  /** How many lines are made out at once, by all processors. */
  private static final int CHUNK = 8192;

  private static final int MAX_WHY = 300;

  private final MessageDigest digest = Digests.sha256();
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private final StringBuilder told = new StringBuilder(); // of MAX_TOLD lines at most
  private @Nullable RuntimeException firstFlaw;
  private int wrong;
  private long number; // of the line that was read last
  private boolean isCut; // what is behind a line that never ends is not read

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

  /**
   * A line.
   *
   * @param text what it says
   * @param flaw why it says nothing; null if it does
   */
  private record Line(long number, String text, @Nullable OperationException flaw) {}

  private RevocationLines(InputStream in) {
    this.in = new DigestInputStream(in, digest);
  }

  /**
   * Reads all lines.
   *
   * @param in where they come from; not closed
   * @param entry makes the entry of a line; called by several threads at once
   * @param progress told the number of lines that were read, again and again
   * @throws OperationException {@code malformed_line} with the numbers of up to ten lines that are
   *     wrong and how many there are, or if there is no line; {@code too_large}; {@code io}
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
    for (Line line = next(); line != null && wrong < MAX_WRONG; line = next()) {
      chunk.add(line);
      if (chunk.size() == CHUNK) {
        makeOut(chunk, entry, entries);
        progress.accept(number);
      }
    }
    makeOut(chunk, entry, entries);
    if (wrong > 0) {
      throw malformed();
    }
    if (entries.isEmpty()) {
      throw refused("malformed_line", "no line names anything to revoke");
    }
    return distinct(entries, HexFormat.of().formatHex(digest.digest()));
  }

  private void makeOut(
      List<Line> chunk, Function<String, RevocationEntry> entry, List<RevocationEntry> into) {
    Object[] made = new Object[chunk.size()];
    IntStream.range(0, made.length)
        .parallel()
        .forEach(
            i -> {
              Line line = chunk.get(i);
              try {
                made[i] = line.flaw() == null ? entry.apply(line.text()) : line.flaw();
              } catch (TaperException | OperationException e) {
                made[i] = e;
              }
            });
    for (int i = 0; i < made.length; i++) {
      if (made[i] instanceof RuntimeException e) {
        wrong(chunk.get(i).number(), e);
      } else if (wrong == 0) {
        into.add((RevocationEntry) made[i]);
      }
    }
    chunk.clear();
  }

  private void wrong(long line, RuntimeException why) {
    if (wrong == 0) {
      firstFlaw = why;
    }
    if (wrong < MAX_TOLD) {
      told.append(wrong == 0 ? "" : "\n  ").append("line ").append(line).append(": ");
      told.append(ShownText.of(String.valueOf(why.getMessage()), MAX_WHY));
    }
    wrong++;
  }

  /** One wrong line in one sentence, several one below the other. */
  private OperationException malformed() {
    String why = told + "; nothing was revoked";
    if (wrong > 1 || isCut) {
      boolean isAll = !isCut && wrong < MAX_WRONG;
      why =
          (isAll ? "" : "at least ")
              + wrong
              + (wrong == 1 ? " line is wrong" : " lines are wrong")
              + ", and nothing was revoked\n  "
              + told
              + (wrong > MAX_TOLD ? "\n  and " + (wrong - MAX_TOLD) + " more" : "");
    }
    return new OperationException(OperationException.Kind.USAGE, "malformed_line", why, firstFlaw);
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
    while (!isCut) {
      byte[] bytes = bytes();
      if (bytes == null) {
        return null;
      }
      if (++number > MAX_LINES) {
        throw refused("too_large", "there are more than " + MAX_LINES + " lines");
      }
      Line line = isCut ? flawed("it has more than " + MAX_LINE_BYTES + " bytes") : line(bytes);
      if (line.flaw() != null || !(line.text().isEmpty() || line.text().startsWith("#"))) {
        return line;
      }
    }
    return null;
  }

  private Line line(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Line(number, text.strip(), null);
    } catch (CharacterCodingException e) {
      return flawed("it is not UTF-8 text");
    }
  }

  private Line flawed(String why) {
    return new Line(number, "", OperationException.usage(why));
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
      isCut = line.size() > MAX_LINE_BYTES;
      if (isCut) {
        return line.toByteArray();
      }
      if (at < filled) {
        at++;
        return line.toByteArray();
      }
    }
  }

  private static OperationException refused(String code, String why) {
    return new OperationException(
        OperationException.Kind.USAGE, code, why + "; nothing was revoked", null);
  }
}
