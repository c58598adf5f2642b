package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in a folder, without a process. */
public final class Cli {
  /** What time it is for every command. */
  public static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  private final Path directory;
  private final Map<String, String> env = new HashMap<>();
  private InputStream stdin = InputStream.nullInputStream();
  private Terminals terminals = Terminals.NONE;

  /** Runs in the given folder. */
  public Cli(Path directory) {
    this.directory = directory;
  }

  /** Sets an environment variable for all later commands. */
  public Cli env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** Sets standard input for the next command. */
  public Cli stdin(String text) {
    return stdin(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sets standard input for the next command. */
  public Cli stdin(byte[] bytes) {
    return stdin(new ByteArrayInputStream(bytes));
  }

  /** Sets standard input for the next command. */
  public Cli stdin(InputStream stream) {
    this.stdin = stream;
    return this;
  }

  /** Sets which streams are terminals, for all later commands. */
  public Cli terminals(boolean in, boolean out, boolean err) {
    this.terminals = new Terminals(in, out, err);
    return this;
  }

  /** Runs one command. */
  public Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            stdin,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            env,
            Clock.fixed(NOW, ZoneOffset.UTC),
            terminals,
            directory);
    stdin = InputStream.nullInputStream();
    int exit = new TaperCommandLine(console).run(args);
    return new Result(
        exit,
        out.toByteArray(),
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  /** Runs one command that must succeed, and gives what it wrote to standard output. */
  public String ok(String... args) {
    Result result = run(args);
    assertThat(result.exit()).as(result.err() + result.out()).isZero();
    return result.out();
  }

  /** Writes a file and gives its name. */
  public String file(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return name;
  }

  /** Writes a file that only its owner can read, and gives its name. */
  public String secret(String name, String content) {
    String file = file(name, content);
    try {
      Files.setPosixFilePermissions(
          directory.resolve(name), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** The content of a file. */
  public String read(String name) {
    return new String(readBytes(name), StandardCharsets.UTF_8);
  }

  /** The content of a file. */
  public byte[] readBytes(String name) {
    try {
      return Files.readAllBytes(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a command did.
   *
   * @param exit its exit code
   * @param bytes standard output
   * @param out standard output as text
   * @param err standard error as text
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Result(int exit, byte[] bytes, String out, String err) {}
}
