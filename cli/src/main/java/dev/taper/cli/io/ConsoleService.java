package dev.taper.cli.io;

/**
 * Does the work of one command in its console. It reads each of its inputs (texts, keys and tokens)
 * once. Not thread-safe.
 */
public abstract class ConsoleService {
  protected final Console console;
  protected final Inputs inputs;
  protected final Outputs outputs;
  protected final Keys keys;
  protected final Tokens tokens;

  /** Works in the given console. */
  protected ConsoleService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.outputs = new Outputs(console);
    this.keys = new Keys(inputs);
    this.tokens = new Tokens(inputs, outputs);
  }
}
