package dev.taper.cli.demo;

import dev.taper.cli.io.Console;
import java.util.List;

/** Runs a command inside this process. */
@FunctionalInterface
public interface CommandRunner {
  /**
   * Runs a command.
   *
   * @param console where it runs
   * @param args its command line
   * @return its exit code
   */
  int run(Console console, List<String> args);
}
