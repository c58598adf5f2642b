package dev.taper.cli.io;

/** Does the work of one command, which reads each of its inputs once. Not thread-safe. */
public abstract class ConsoleService {
  /** Where it works. */
  protected final Console console;

  /** What it reads. */
  protected final Inputs inputs;

  /** What it writes. */
  protected final Outputs outputs;

  /** Reads keys. */
  protected final Keys keys;

  /** Reads and writes tokens. */
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
