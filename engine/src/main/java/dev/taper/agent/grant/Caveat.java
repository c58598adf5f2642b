package dev.taper.agent.grant;

import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import java.util.ArrayList;
import java.util.List;

/** A grant or a condition: one check of a block, understood as far as it has a canonical shape. */
public sealed interface Caveat permits Grants, Condition, OpaqueCheck {
  /** The check that states the caveat. */
  Check check();

  /** The caveat in words. */
  String words();

  /**
   * Reads a check. What is returned, other than an {@link OpaqueCheck}, compiles to the very same
   * check but for the names of variables, and for the spelling of a comparison with the time.
   */
  static Caveat of(Check check) {
    return Recogniser.read(check);
  }

  /**
   * Reads all checks of a block, in order. If the block has a scope of its own, its checks may see
   * facts of others, so all of them are opaque.
   */
  static List<Caveat> of(Block block) {
    List<Caveat> caveats = new ArrayList<>();
    for (Check check : block.checks()) {
      caveats.add(block.scopes().isEmpty() ? of(check) : new OpaqueCheck(check));
    }
    return List.copyOf(caveats);
  }
}
