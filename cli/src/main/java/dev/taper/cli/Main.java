package dev.taper.cli;

import dev.taper.cli.io.Console;

/** The program. */
public final class Main {
  private Main() {}

  /**
   * Spares picocli what takes long at each start: it would look by reflection for types that no
   * option has, for each command anew, and for a library that the jar does not have. It is for the
   * whole process.
   */
  static void quicken() {
    System.setProperty("picocli.converters.excludes", "java.*");
    System.setProperty("picocli.disable.closures", "true");
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    quicken();
    System.exit(new TaperCommandLine(Console.system()).run(args));
  }
}
