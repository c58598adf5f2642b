package dev.taper.datalog.engine;

import java.util.function.Supplier;

/**
 * Blocks that can be evaluated. Verified tokens extend this class, so that the rooms that are not
 * exported reach their {@linkplain TokenProgram#of program} while no public signature names it.
 */
public abstract class Evaluable {
  private final Supplier<TokenProgram> program;

  /**
   * Keeps the supplier of the program.
   *
   * @param program compiles the blocks at its first call
   */
  protected Evaluable(Supplier<TokenProgram> program) {
    this.program = program;
  }

  TokenProgram program() {
    return program.get();
  }
}
