package dev.taper.cli.io;

import java.util.concurrent.Callable;

/** A command: it parses its options and has a service do the work. */
public abstract class ConsoleCommand implements Callable<Integer> {
  /** Where it runs. */
  protected final Console console;

  /** Runs in the given console. */
  protected ConsoleCommand(Console console) {
    this.console = console;
  }

  /** Does the work. */
  protected abstract ExitCode run();

  @Override
  public final Integer call() {
    return run().status();
  }
}
