package dev.taper.cli.demo;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code taper demo}. */
@Command(
    name = "demo",
    description = {
      "Mint, attenuate, verify and authorize, offline, in a few seconds.",
      "Writes its files to a fresh folder and prints the commands, to repeat them by hand."
    })
public final class DemoCommand extends ConsoleCommand {
  private final CommandRunner runner;

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Folder for the files; must not exist or be empty. Default: a temporary one.")
  private @Nullable String directory;

  @Option(
      names = "--lifecycle",
      description = {
        "Tell the other story: a grant waits for an approval, gets it and is used; the task"
            + " ends; the audit trail is verified; a review certifies and revokes."
      })
  private boolean lifecycle;

  /**
   * Runs in the given console.
   *
   * @param console where
   * @param runner runs the commands that it shows
   */
  public DemoCommand(Console console, CommandRunner runner) {
    super(console);
    this.runner = runner;
  }

  @Override
  protected ExitCode run() {
    DemoService demo = new DemoService(console, runner);
    return (lifecycle ? demo.runLifecycle(directory) : demo.run(directory));
  }
}
