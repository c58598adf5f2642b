package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the greatest sequence number seen from each issuer, and which list had it. The file has a
 * line {@code taper-revocations 1}, a line {@code KEY NUMBER DIGEST} for each issuer, and a line
 * {@code sha256 DIGEST} over all before it, so that a file that was cut or edited is not taken for
 * a first start. It is replaced as a whole and forced to the disk, so that a crash leaves the old
 * or the new one. For one thread at a time.
 */
final class SequenceFile {
  private static final int MAX_BYTES = 1 << 24; // of 100,000 issuers
  private static final String FORMAT = "taper-revocations ";
  private static final String START = FORMAT + "1\n";
  private static final String SUM = "sha256 ";
  private static final Pattern FILE =
      Pattern.compile(
          Pattern.quote(START) + "((?:[^ \n]+ [^ \n]+ [^ \n]+\n)+)sha256 [0-9a-f]{64}\n");
  private static final Pattern LINE =
      Pattern.compile("([a-z0-9]+/[0-9a-f]+) ([1-9][0-9]{0,18}) ([0-9a-f]{64})\n");

  private record Seen(long sequence, String identity) {}

  private final @Nullable Path file;
  private final Map<String, Seen> seen = new TreeMap<>();

  private SequenceFile(@Nullable Path file) {
    this.file = file;
  }

  /** Reads the file if it exists; with null, nothing is kept. */
  static SequenceFile open(@Nullable Path file) {
    SequenceFile memory = new SequenceFile(file);
    if (file == null || Files.notExists(file)) {
      return memory;
    }
    try {
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES); // of one that is cut the sum is wrong
      }
      memory.read(file, new String(bytes, StandardCharsets.US_ASCII));
      return memory;
    } catch (IOException | NumberFormatException e) {
      throw failed("cannot be read: " + file, e);
    }
  }

  private void read(Path from, String text) {
    if (text.startsWith(FORMAT) && !text.startsWith(START)) {
      throw failed("was written by another version of this program: " + from, null);
    }
    Matcher whole = FILE.matcher(text);
    if (!whole.matches() || !text.equals(withSum(START + whole.group(1)))) {
      throw failed("cannot be understood, it was cut or edited: " + from, null);
    }
    for (String line : whole.group(1).split("(?<=\n)", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        seen.put(matcher.group(1), new Seen(Long.parseLong(matcher.group(2)), matcher.group(3)));
      } else if (!line.isEmpty()) {
        throw failed("cannot be understood: " + from, null);
      }
    }
  }

  private static String withSum(String text) {
    byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
    return text + SUM + HexFormat.of().formatHex(digest) + "\n";
  }

  /** The greatest number seen from an issuer; 0 if none was seen. */
  long sequence(PublicKey issuer) {
    Seen of = seen.get(issuer.toString());
    return of == null ? 0 : of.sequence();
  }

  /** True if another list with the same number was seen. */
  boolean contradicts(RevocationHeader header) {
    Seen of = seen.get(header.issuer().toString());
    return of != null
        && header.sequence() == of.sequence()
        && !of.identity().equals(header.identity());
  }

  /**
   * Keeps the numbers that are greater than the known ones.
   *
   * @throws TaperException {@link ErrorCode#REVOCATION_MEMORY} if they cannot be written
   */
  void keep(ListState... states) {
    if (file == null) {
      return;
    }
    Map<String, Seen> next = new TreeMap<>(seen);
    for (ListState state : states) {
      RevocationHeader header = state.latest();
      if (header.sequence() > sequence(header.issuer())) {
        next.put(header.issuer().toString(), new Seen(header.sequence(), header.identity()));
      }
    }
    if (next.equals(seen)) {
      return;
    }
    StringBuilder text = new StringBuilder(START);
    next.forEach(
        (issuer, of) -> text.append(issuer + " " + of.sequence() + " " + of.identity() + "\n"));
    try {
      WholeFile.replace(
          file, withSum(text.toString()).getBytes(StandardCharsets.US_ASCII), MAX_BYTES);
    } catch (IOException e) {
      throw failed("cannot be written: " + file, e);
    }
    seen.putAll(next);
  }

  private static TaperException failed(String why, @Nullable Exception cause) {
    return new TaperException(
        ErrorCode.REVOCATION_MEMORY,
        "the file with the last revocation list's number " + why,
        cause);
  }
}
