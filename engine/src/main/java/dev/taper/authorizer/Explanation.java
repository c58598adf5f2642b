package dev.taper.authorizer;

import dev.taper.datalog.engine.World;

/** placeholder until the explainer lands */
public final class Explanation {
  private Explanation() {}

  static Explanation of(Decision decision, World world) {
    return new Explanation();
  }
}
