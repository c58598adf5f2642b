package dev.taper.assurance.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a chain allows, each chain that it was made from allows. What is a matter of the rule
 * alone: {@link Chains} holds the engine against the rule.
 */
final class Narrowing {
  private Narrowing() {}

  /** Tries all chains of at most so many blocks; returns the first that allows more, or null. */
  static Chains.@Nullable Broken first(AuthorityRule rule, List<BlockRights> blocks, int longest) {
    return first(rule, blocks, List.of(), longest);
  }

  private static Chains.@Nullable Broken first(
      AuthorityRule rule, List<BlockRights> blocks, List<BlockRights> parent, int longest) {
    for (BlockRights block : blocks) {
      List<BlockRights> child = new ArrayList<>(parent);
      child.add(block);
      for (Call call : Call.all()) {
        if (!parent.isEmpty() && rule.allows(child, call) && !rule.allows(parent, call)) {
          return new Chains.Broken("an ancestor allows what a child allows", child, call);
        }
      }
      Chains.Broken deeper = child.size() < longest ? first(rule, blocks, child, longest) : null;
      if (deeper != null) {
        return deeper;
      }
    }
    return null;
  }
}
