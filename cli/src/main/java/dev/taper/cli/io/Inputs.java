package dev.taper.cli.io;

import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.operations.keeper.KeeperClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the inputs of one command, each within its bound. Not thread-safe. */
public final class Inputs {
  private static final int BUFFER = 8192;

  private final Console console;
  private boolean stdinRead;

  /** Reads from the given console. */
  public Inputs(Console console) {
    this.console = console;
  }

  /**
   * Reads all bytes of an input.
   *
   * @throws CliException if it cannot be read or is too large
   */
  public byte[] bytes(Source source, InputKind kind) {
    if (source instanceof Source.File file) {
      return file(file.name(), kind);
    } else if (source instanceof Source.Variable variable) {
      return bounded(variable(variable.name()), "$" + variable.name(), kind);
    } else if (source instanceof Source.Text text) {
      return bounded(text.text(), "the " + kind.text() + " text", kind);
    } else if (source instanceof Source.Keeper) {
      throw CliException.usage("a key of a keeper signs, and is never read");
    }
    return stdin(kind);
  }

  /**
   * Reads a secret; a file only if nobody but its owner can get at it.
   *
   * @param exposed whether a file that others can get at is taken too
   * @throws CliException if it cannot be read, is too large or is exposed
   */
  public byte[] secret(Source source, InputKind kind, boolean exposed) {
    if (source instanceof Source.File file && !exposed) {
      requirePrivate(file.name(), kind);
    }
    return bytes(source, kind);
  }

  private void requirePrivate(String name, InputKind kind) {
    try {
      SecretFile.requirePrivate(console.resolve(name));
    } catch (TaperException e) {
      if (kind == InputKind.KEY && isPublicKey(name)) {
        throw new CliException(
            ExitCode.USAGE,
            "invalid_key",
            Place.shown(name)
                + ": this is a public key, where a private one belongs: its holder signs with the"
                + " private half",
            e);
      }
      throw new CliException(
          ExitCode.USAGE,
          e.code().text(),
          Place.shown(name) + ": " + e.getMessage() + ", or --accept-readable-key",
          e);
    } catch (IOException e) {
      throw CliException.io("cannot look at " + Place.shown(name) + ": " + e.getMessage(), e);
    }
  }

  private boolean isPublicKey(String name) {
    try {
      PublicKey.load(console.resolve(name));
      return true;
    } catch (TaperException e) {
      return false;
    }
  }

  /** Where a keeper listens. */
  Path keeper() {
    return KeeperClient.socket(console.env(), Path.of(System.getProperty("user.home")));
  }

  /**
   * Reads a text in UTF-8.
   *
   * @throws CliException if it cannot be read, is too large or is not UTF-8
   */
  public String text(Source source, InputKind kind) {
    return text(bytes(source, kind), kind);
  }

  /**
   * Reads bytes as text in UTF-8.
   *
   * @throws CliException if they are not UTF-8
   */
  static String text(byte[] bytes, InputKind kind) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CliException(
          kind.whenWrong(),
          "not_text",
          "the " + kind.text() + " is not UTF-8 text" + hint(kind),
          e);
    }
  }

  private static String hint(InputKind kind) {
    return kind == InputKind.TOKEN ? "; for raw bytes use --raw-input" : "";
  }

  private byte[] file(String name, InputKind kind) {
    Path path = console.resolve(name);
    String shown = Place.shown(name);
    try {
      // Some systems open a directory, and then fail to read it without a reason.
      if (Files.isDirectory(path)) {
        throw CliException.io("cannot read " + shown + ": it is a directory", null);
      }
      try (InputStream stream = Files.newInputStream(path)) {
        return bounded(stream, shown, kind);
      }
    } catch (NoSuchFileException e) {
      String hint = kind == InputKind.KEY_SET ? "; a new set is a file with [] in it" : "";
      throw CliException.io(
          "cannot read the " + kind.text() + ": there is no file " + shown + hint, e);
    } catch (AccessDeniedException e) {
      throw CliException.io("cannot read " + shown + ": permission denied", e);
    } catch (IOException e) {
      throw CliException.io("cannot read " + shown + ": " + e.getMessage(), e);
    }
  }

  private byte[] stdin(InputKind kind) {
    if (stdinRead) {
      throw CliException.usage("standard input (-) can be used for one input only");
    }
    stdinRead = true;
    try {
      return bounded(console.in(), "standard input", kind);
    } catch (IOException e) {
      throw CliException.io("cannot read standard input: " + e.getMessage(), e);
    }
  }

  private String variable(String name) {
    String value = console.variable(name);
    if (value == null) {
      throw CliException.usage("the environment variable " + name + " is not set");
    }
    return value;
  }

  private static byte[] bounded(InputStream stream, String name, InputKind kind)
      throws IOException {
    // Not readNBytes: a file's stream would ask for the position, which a pipe does not have.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = stream.read(buffer);
        n >= 0 && bytes.size() <= kind.maxBytes();
        n = stream.read(buffer)) {
      bytes.write(buffer, 0, n);
    }
    return checkSize(bytes.toByteArray(), name, kind);
  }

  private static byte[] bounded(String text, String name, InputKind kind) {
    return checkSize(text.getBytes(StandardCharsets.UTF_8), name, kind);
  }

  private static byte[] checkSize(byte[] bytes, String name, InputKind kind) {
    if (bytes.length > kind.maxBytes()) {
      throw new CliException(
          kind.whenWrong(),
          "too_large",
          name + " is too large for a " + kind.text() + ": more than " + kind.maxBytes() + " bytes",
          null);
    }
    return bytes;
  }
}
