package dev.taper.cli.io;

import dev.taper.operations.Workplace;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a command may touch.
 *
 * @param in standard input
 * @param out standard output, UTF-8
 * @param err standard error, UTF-8
 * @param env the environment variables
 * @param clock what time it is
 * @param terminals which streams are a terminal
 * @param directory what relative paths start from
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> env,
    Clock clock,
    Terminals terminals,
    Path directory) {
  private static final int BUFFER = 8192;

  /** The console of this process. */
  public static Console system() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new StandardOutput(new FileOutputStream(FileDescriptor.out)),
        errors(),
        System.getenv(),
        Clock.systemUTC(),
        Terminals.parse(System.getProperty("taper.terminal")),
        Path.of(""));
  }

  private static PrintStream errors() {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), BUFFER),
        false,
        StandardCharsets.UTF_8);
  }

  /** An environment variable; null if unset or empty. */
  public @Nullable String variable(String name) {
    String value = env.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * The path of a file named on the command line.
   *
   * @throws dev.taper.operations.OperationException if it cannot be a path
   */
  public Path resolve(String file) {
    return workplace().resolve(file);
  }

  /** Where operations work: the folder and the clock of this console. */
  public Workplace workplace() {
    return new Workplace(directory, clock);
  }

  /** This console, with relative paths starting from another folder. */
  public Console at(Path folder) {
    return new Console(in, out, err, env, clock, terminals, folder);
  }

  /** This console with other streams. */
  public Console with(InputStream newIn, PrintStream newOut, PrintStream newErr) {
    return new Console(newIn, newOut, newErr, env, clock, terminals, directory);
  }

  /**
   * Asks a person something on standard error, and reads the answer.
   *
   * @param question the question, with what stands before the answer
   * @param maxBytes how long the answer may be
   * @return the answer without white space around it; empty if it is longer
   * @throws CliException {@code io} if it cannot be read
   */
  public String ask(String question, int maxBytes) {
    err.print(question);
    err.flush();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        if (line.size() == maxBytes) {
          return "";
        }
        line.write(next);
      }
    } catch (IOException e) {
      throw CliException.io("cannot read the answer: " + e.getMessage(), e);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
