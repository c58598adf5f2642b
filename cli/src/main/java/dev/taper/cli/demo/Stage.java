package dev.taper.cli.demo;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Style;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Where the demonstration happens: shows each command, runs it and checks how it ends. */
final class Stage {
  private final Console console;
  private final CommandRunner runner;
  private final Path folder;
  private final Style style;
  private boolean asExpected = true;

  Stage(Console console, CommandRunner runner, Path folder) {
    this.console = console;
    this.runner = runner;
    this.folder = folder;
    this.style = Style.out(console);
  }

  /** Says something. */
  void say(String text) {
    console.out().println();
    console.out().println(style.bold(text));
  }

  /**
   * Runs a command.
   *
   * @param expected how it must end
   * @param text what its output must hold
   * @param args its command line
   */
  void run(ExitCode expected, String text, String... args) {
    List<String> command = List.of(args);
    console.out().println("$ taper " + ShellWords.join(command));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int status;
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      status = runner.run(inside(out), command);
    }
    String output = bytes.toString(StandardCharsets.UTF_8);
    for (String line : output.lines().toList()) {
      console.out().println("  " + line);
    }
    if (status != expected.status() || !output.contains(text)) {
      asExpected = false;
      console
          .out()
          .println(
              style.bad("UNEXPECTED")
                  + ": exit code "
                  + status
                  + ", expected "
                  + expected.status()
                  + " and the text: "
                  + text);
    }
    console.out().flush();
  }

  /** Whether everything went as expected so far. */
  boolean asExpected() {
    return asExpected;
  }

  private Console inside(PrintStream out) {
    return console.at(folder).with(InputStream.nullInputStream(), out, out);
  }
}
