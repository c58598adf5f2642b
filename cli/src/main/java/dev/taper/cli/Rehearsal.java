package dev.taper.cli;

import dev.taper.cli.io.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs typical commands and prints nothing. A JVM that watches sees which classes they use; the
 * launcher makes its archive of shared classes from these.
 */
final class Rehearsal {
  private static final List<String> COMMANDS =
      List.of("--help", "help", "help mint", "completion bash", "policy check default");

  private Rehearsal() {}

  /**
   * Tells both stories, prints every help, and a result as JSON.
   *
   * @param args an empty folder
   */
  public static void main(String[] args) {
    Main.quicken();
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Console console = Console.system().with(InputStream.nullInputStream(), nowhere, nowhere);
    for (String command : COMMANDS) {
      new TaperCommandLine(console).run(command.split(" ", -1));
    }
    new TaperCommandLine(console).run("demo", "--dir", args[0] + "/1");
    new TaperCommandLine(console).run("demo", "--lifecycle", "--dir", args[0] + "/2");
    new TaperCommandLine(console).run("inspect", args[0] + "/1/researcher.token", "--json");
    Main.main(new String[] {"--version"}); // ends the process, as every run does
  }
}
