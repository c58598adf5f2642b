package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys in files: the text form, or PEM. */
final class KeyFiles {
  private static final int MAX_BYTES = 64 << 10;
  private static final String PEM_START = "-----BEGIN ";

  private KeyFiles() {}

  /** Reads a file's bytes. */
  private interface Reading {
    byte[] read(Path file, int maxBytes) throws IOException;
  }

  static PrivateKey privateKey(Path file, char @Nullable [] passphrase) {
    return privateKey(bytes(file, SecretFile::read), passphrase);
  }

  static PrivateKey exposedKey(Path file) {
    return privateKey(bytes(file, SecretFile::readThoughOthersCan), null);
  }

  private static PrivateKey privateKey(byte[] bytes, char @Nullable [] passphrase) {
    try {
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (passphrase != null) {
        return Pem.readPrivateKey(text, passphrase);
      }
      return text.startsWith(PEM_START) ? Pem.readPrivateKey(text) : PrivateKey.parse(text);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  static PublicKey publicKey(Path file) {
    byte[] bytes = bytes(file, SecretFile::readThoughOthersCan);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    return text.startsWith(PEM_START) ? Pem.readPublicKey(text) : PublicKey.parse(text);
  }

  static void save(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      SecretFile.create(Given.that(file, "the file for a key"), bytes, MAX_BYTES);
    } catch (FileAlreadyExistsException e) {
      throw unavailable(file, "there is one already, and a key is never overwritten", e);
    } catch (IOException e) {
      throw unavailable(file, reason(e), e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] bytes(Path file, Reading reading) {
    try {
      return reading.read(Given.that(file, "the file of a key"), MAX_BYTES);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.SECRET_EXPOSED
          ? new TaperException(e.code(), file + ": " + e.getMessage(), e)
          : e;
    } catch (IOException e) {
      throw unavailable(file, reason(e), e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  private static TaperException unavailable(Path file, String why, IOException cause) {
    return new TaperException(
        ErrorCode.FILE_UNAVAILABLE,
        "the file of a key, " + file + ", cannot be used: " + why,
        cause);
  }
}
