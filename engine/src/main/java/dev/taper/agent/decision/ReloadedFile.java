package dev.taper.agent.decision;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A file that a verifier works by: read again when its contents changed, and kept as it was while
 * they make no sense. For one thread at a time.
 */
final class ReloadedFile<T> {
  static final int MAX_BYTES = 1 << 26;
  private static final int MAX_COLUMNS = 600;

  private final String name;
  private final Path path;
  private final ReloadingVerifier.Reader<T> reader;
  private final BiFunction<VerifierRules, T, VerifierRules> change;
  private final FailureLog failures;
  private byte[] digest = new byte[0]; // of the contents in use
  private Instant modified = Instant.EPOCH;
  private @Nullable ErrorCode error;

  /**
   * Names a file; nothing is read yet.
   *
   * @param name what it holds
   * @param path where it is
   * @param reader reads what it says
   * @param change replaces what a verifier works by
   */
  ReloadedFile(
      String name,
      Path path,
      ReloadingVerifier.Reader<T> reader,
      BiFunction<VerifierRules, T, VerifierRules> change,
      Clock clock) {
    this.name = name;
    this.path = path;
    this.reader = reader;
    this.change = change;
    this.failures = FailureLog.of(ReloadingVerifier.class, name, clock);
  }

  /**
   * Looks at the file, which must be good.
   *
   * @throws TaperException why it is not: the reader's, or {@link ErrorCode#FILE_UNAVAILABLE}
   */
  Verifier first(Verifier verifier) {
    try {
      return read(verifier);
    } catch (NoSuchFileException e) {
      throw unavailable("there is no such file", e);
    } catch (IOException e) {
      throw unavailable(Causes.reason(e), e);
    }
  }

  /** Returns a verifier that works by the file as it is; the given one if it makes no sense. */
  Verifier next(Verifier verifier) {
    try {
      Verifier next = read(verifier);
      error = null;
      return next;
    } catch (TaperException e) {
      return refused(verifier, e.code(), e, e.getMessage());
    } catch (IOException e) {
      return refused(verifier, ErrorCode.FILE_UNAVAILABLE, e, Causes.reason(e));
    } catch (RuntimeException | Error e) {
      // An application's reader may throw anything; what other files say holds all the same.
      return refused(verifier, ErrorCode.INVALID_ARGUMENT, e, e.getMessage());
    }
  }

  private Verifier read(Verifier verifier) throws IOException {
    // Taken before the contents: a file that is replaced in between only seems older.
    Instant written = Files.getLastModifiedTime(path).toInstant();
    byte[] bytes = bytes();
    byte[] found = Digests.sha256(bytes);
    if (Arrays.equals(found, digest)) {
      return verifier;
    }
    Verifier next = verifier.with(change.apply(verifier.rules(), reader.read(text(bytes))));
    digest = found;
    modified = written;
    return next;
  }

  private byte[] bytes() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      if (in.read() != -1) {
        throw new IOException("it is longer than " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static String text(byte[] bytes) throws IOException {
    String text = Given.utf8(bytes);
    if (text == null) {
      throw new IOException("it is not UTF-8");
    }
    return text;
  }

  private Verifier refused(
      Verifier verifier, ErrorCode code, Throwable why, @Nullable String message) {
    error = code;
    // The operator wrote the file: what is wrong with it is for the operator's log.
    failures.failed(unavailable(ShownText.of(String.valueOf(message), MAX_COLUMNS), why));
    return verifier;
  }

  private TaperException unavailable(String why, Throwable cause) {
    return new TaperException(
        ErrorCode.FILE_UNAVAILABLE, name + ", " + path + ", cannot be used: " + why, cause);
  }

  VerifierHealth.WatchedFile health() {
    return new VerifierHealth.WatchedFile(name, path.toString(), modified, error, failures.last());
  }
}
