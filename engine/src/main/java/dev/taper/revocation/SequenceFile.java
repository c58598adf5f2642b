package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The greatest sequence number seen, and which list had it: one line, {@code taper-revocations 1
 * NUMBER DIGEST}. Replaced as a whole and forced to the disk, so that a crash leaves the old or the
 * new one. For one thread at a time.
 */
final class SequenceFile {
  private static final int MAX_BYTES = 256;
  private static final Pattern LINE =
      Pattern.compile("taper-revocations 1 ([1-9][0-9]{0,18}) ([0-9a-f]{64})\n");

  private final @Nullable Path file;
  private long sequence;
  private String identity;

  private SequenceFile(@Nullable Path file, long sequence, String identity) {
    this.file = file;
    this.sequence = sequence;
    this.identity = identity;
  }

  /** Reads the file, if there is one; null keeps nothing. */
  static SequenceFile open(@Nullable Path file) {
    if (file == null || Files.notExists(file)) {
      return new SequenceFile(file, 0, "");
    }
    try {
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES);
      }
      Matcher line = LINE.matcher(new String(bytes, StandardCharsets.US_ASCII));
      if (line.matches()) {
        return new SequenceFile(file, Long.parseLong(line.group(1)), line.group(2));
      }
      throw failed("cannot be understood: " + file, null);
    } catch (IOException | NumberFormatException e) {
      throw failed("cannot be read: " + file, e);
    }
  }

  long sequence() {
    return sequence;
  }

  /** True if another list with the same number was seen. */
  boolean contradicts(RevocationHeader header) {
    return header.sequence() == sequence && !identity.equals(header.identity());
  }

  /**
   * Keeps a number that is greater.
   *
   * @throws TaperException {@link ErrorCode#REVOCATION_MEMORY} if it cannot be written
   */
  void keep(RevocationHeader header) {
    if (file == null || header.sequence() <= sequence) {
      return;
    }
    String newIdentity = header.identity();
    String line = "taper-revocations 1 " + header.sequence() + " " + newIdentity + "\n";
    try {
      replace(file, line.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw failed("cannot be written: " + file, e);
    }
    sequence = header.sequence();
    identity = newIdentity;
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling(target.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder =
        FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static TaperException failed(String why, @Nullable Exception cause) {
    return new TaperException(
        ErrorCode.REVOCATION_MEMORY,
        "the file with the last revocation list's number " + why,
        cause);
  }
}
