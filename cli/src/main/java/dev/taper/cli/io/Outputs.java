package dev.taper.cli.io;

import dev.taper.JsonFields;
import dev.taper.SecretFile;
import dev.taper.WholeFile;
import dev.taper.operations.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the results of a command. A file appears complete or not at all. */
public final class Outputs {
  private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  /** Where a key's text begins at the latest, behind what a PEM file may say first. */
  private static final int KEY_WITHIN = 8192;

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("(?m)^(?:[a-z0-9]+-private/|-----BEGIN [A-Z ]*PRIVATE KEY-----)");

  private final Console console;

  /** Writes to the given console and below its directory. */
  public Outputs(Console console) {
    this.console = console;
  }

  /**
   * Writes a secret result (a token, a snapshot): to a file only its owner can read, or to standard
   * output.
   *
   * @param file the file, or null or {@code -} for standard output
   * @param text the text, written with a line end
   * @throws CliException if it cannot be written
   */
  public void secretText(@Nullable String file, String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    if (file == null || file.equals("-")) {
      console.out().writeBytes(bytes);
    } else {
      file(file, bytes, true, true);
    }
  }

  /**
   * Writes a secret result as {@link #secretText}; where JSON is wanted, a document says where it
   * went, or has it as its content.
   *
   * @param file the file, or null or {@code -} for standard output
   * @param text the text
   * @param json whether JSON is wanted
   * @throws CliException if it cannot be written
   */
  public void result(@Nullable String file, String text, boolean json) {
    if (!json) {
      secretText(file, text);
    } else if (file == null || file.equals("-")) {
      Json.result(console.out(), new JsonFields().put("content", text));
    } else {
      secretText(file, text);
      written(file);
    }
  }

  /**
   * Writes a document that is no secret, such as a catalog: to standard output, or to a file.
   *
   * @param file where to; {@code -} or null for standard output
   * @param document the document, with its last line feed
   * @param overwrite whether to replace a file
   * @param json whether to print as JSON where it went
   */
  public void document(@Nullable String file, String document, boolean overwrite, boolean json) {
    if (file == null || file.equals("-")) {
      console.out().print(document);
      return;
    }
    file(file, document.getBytes(StandardCharsets.UTF_8), false, overwrite);
    if (json) {
      written(file);
    }
  }

  /** Says as JSON that the result is in a file. */
  public void written(String file) {
    Json.result(console.out(), new JsonFields().put("file", file));
  }

  /**
   * Writes a secret result as raw bytes.
   *
   * @param file the file, or null or {@code -} for standard output
   * @param bytes the bytes
   * @throws CliException if it cannot be written, or standard output is a terminal
   */
  public void secretBytes(@Nullable String file, byte[] bytes) {
    if (file == null || file.equals("-")) {
      if (console.terminals().out()) {
        throw CliException.usage("raw bytes are not written to a terminal; use --out or a pipe");
      }
      console.out().writeBytes(bytes);
    } else {
      file(file, bytes, true, true);
    }
  }

  /**
   * Writes a file.
   *
   * @param name the file
   * @param bytes its content
   * @param secret whether only the owner may read it, from its first moment on
   * @param overwrite whether an existing file may be replaced
   * @throws CliException if it cannot be written, or if a file with a private key is there and this
   *     is none
   */
  public void file(String name, byte[] bytes, boolean secret, boolean overwrite) {
    Path path = console.resolve(name);
    try {
      requireNoKey(name, path, bytes);
      if (!overwrite) {
        create(path, bytes, secret);
      } else if (Files.exists(path) && !Files.isRegularFile(path)) {
        try (OutputStream stream = Files.newOutputStream(path)) {
          stream.write(bytes);
        }
      } else {
        replace(path, bytes, secret);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(name, e);
    } catch (NoSuchFileException e) {
      throw CliException.io("cannot write " + Place.shown(name) + ": there is no such folder", e);
    } catch (IOException e) {
      throw CliException.io("cannot write " + Place.shown(name) + ": " + e.getMessage(), e);
    }
  }

  /** Keeps private keys: a file that holds one, or cannot be read, is replaced by a key alone. */
  private static void requireNoKey(String name, Path path, byte[] bytes) throws IOException {
    if (!Files.isRegularFile(path) || holdsKey(bytes)) {
      return;
    }
    try (InputStream in = Files.newInputStream(path)) {
      if (holdsKey(in.readNBytes(KEY_WITHIN))) {
        throw CliException.io(
            Place.shown(name) + " holds a private key and is not overwritten; name another file",
            null);
      }
    }
  }

  private static boolean holdsKey(byte[] bytes) {
    int length = Math.min(bytes.length, KEY_WITHIN);
    return PRIVATE_KEY.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1)).find();
  }

  /**
   * Refuses to go on if a file exists.
   *
   * @throws CliException if it does
   */
  public void requireAbsent(String name) {
    if (Files.exists(console.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      throw exists(name, null);
    }
  }

  private static CliException exists(String name, @Nullable Throwable cause) {
    return CliException.io(
        Place.shown(name) + " exists and is not overwritten; --force replaces it", cause);
  }

  private static void replace(Path path, byte[] bytes, boolean secret) throws IOException {
    // A symbolic link keeps pointing where it did: its target is what gets replaced.
    Path target = Files.exists(path) ? path.toRealPath() : path;
    Path temporary = target.resolveSibling(target.getFileName() + "." + randomSuffix() + ".tmp");
    create(temporary, bytes, secret);
    try {
      WholeFile.rename(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void create(Path path, byte[] bytes, boolean secret) throws IOException {
    if (secret) {
      SecretFile.create(path, bytes);
      return;
    }
    WholeFile.create(path, bytes);
  }

  /**
   * Makes a folder that only its owner can enter, unless it exists.
   *
   * @throws IOException if it cannot be made, or is not a folder
   */
  public static void privateFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, attributes(folder.getFileSystem(), OWNER_ONLY_FOLDER));
    }
  }

  private static FileAttribute<?>[] attributes(
      FileSystem system, Set<PosixFilePermission> permissions) {
    return system.supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static String randomSuffix() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
