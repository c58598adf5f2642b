package dev.taper.server.process;

import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Reads the files of keys, and says which file cannot be read, and why, in words. */
public final class FileReason {
  private FileReason() {}

  /** The failure of a file that cannot be read, with the file's name and the reason. */
  public static OperationException unreadable(Path file, IOException e) {
    return OperationException.io("cannot read " + file + ": " + of(e), e);
  }

  /**
   * Reads a secret from a file that only its owner can read.
   *
   * @throws OperationException {@code io} if it cannot be read
   * @throws TaperException {@code secret_exposed} if others can get at it
   */
  public static byte[] secret(Path file, int maxBytes) {
    try {
      return SecretFile.read(file, maxBytes);
    } catch (TaperException e) {
      throw named(file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads a file that is not secret.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is longer
   */
  public static byte[] bounded(Path file, int maxBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw OperationException.usage(file + " is longer than " + maxBytes + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads a public key from a file in any of its forms.
   *
   * @throws OperationException {@code io} if it cannot be read
   * @throws TaperException if it is no public key
   */
  public static PublicKey publicKey(Path file) {
    try {
      return KeyFile.publicKey(Files.readAllBytes(file), KeyFormat.AUTO, null);
    } catch (TaperException e) {
      throw named(file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads a public key that is written out, or else is in a file.
   *
   * @param written the key's text, or the file's name
   * @param folder where a relative name starts
   * @throws OperationException {@code usage} if it can be no file's name, {@code io} if that cannot
   *     be read
   * @throws TaperException if it is no public key
   */
  public static PublicKey publicKey(String written, Path folder) {
    return KeyFile.isPublicText(written)
        ? PublicKey.parse(written).validate()
        : publicKey(new Workplace(folder, Clock.systemUTC()).resolve(written));
  }

  /**
   * Reads root keys, each written out or in a file with one key or a key set.
   *
   * @param written the keys' texts, or names of files
   * @param folder where a relative name starts
   * @param clock by which keys of a set end
   * @throws OperationException {@code usage} for what can be no file's name, {@code io} if a file
   *     cannot be read
   * @throws TaperException if one is no public key or key set
   */
  public static RootKeys rootKeys(List<String> written, Path folder, Clock clock) {
    List<RootKeys> all =
        written.stream()
            .map(
                one ->
                    KeyFile.isPublicText(one)
                        ? RootKeys.of(PublicKey.parse(one).validate())
                        : rootKeys(new Workplace(folder, clock).resolve(one), clock))
            .toList();
    return id -> all.stream().flatMap(keys -> keys.candidates(id).stream()).toList();
  }

  /** A key set in JSON, or one public key. */
  private static RootKeys rootKeys(Path file, Clock clock) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.stripLeading().startsWith("[")
          ? RootKeySet.read(text, clock)
          : RootKeys.of(KeyFile.publicKey(bytes, KeyFormat.AUTO, null));
    } catch (TaperException e) {
      throw named(file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The same failure, with the file's name before it. */
  public static TaperException named(Path file, TaperException e) {
    return new TaperException(e.code(), file + ": " + e.getMessage(), e);
  }

  private static String of(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
