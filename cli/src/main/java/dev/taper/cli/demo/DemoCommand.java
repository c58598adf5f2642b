package dev.taper.cli.demo;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import org.jspecify.annotations.Nullable;

/** {@code taper demo}. */
public final class DemoCommand extends ConsoleCommand {
  private final CommandRunner runner;

  private final Value<@Nullable String> directory =
      option(
              "--dir",
              "FOLDER",
              "Folder for the files; must not exist or be empty. Default: a temporary one.")
          .text();

  private final Flag lifecycle =
      flag(
          "--lifecycle",
          "Tell the other story: a grant waits for an approval, gets it and is used; the task"
              + " ends; the audit trail is verified; a review certifies and revokes.");

  /**
   * Runs in the given console.
   *
   * @param console where
   * @param runner runs the commands that it shows
   */
  public DemoCommand(Console console, CommandRunner runner) {
    super(
        console,
        "demo",
        "Mint, attenuate, verify and authorize, offline, in a few seconds.",
        "Writes its files to a fresh folder and prints the commands, to repeat them by hand.");
    this.runner = runner;
  }

  @Override
  protected ExitCode run() {
    DemoService demo = new DemoService(console, runner);
    return (lifecycle.given() ? demo.runLifecycle(directory.get()) : demo.run(directory.get()));
  }
}
