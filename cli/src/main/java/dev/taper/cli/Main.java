package dev.taper.cli;

import dev.taper.cli.io.Console;

/** The program. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new TaperCommandLine(Console.system()).run(args));
  }
}
