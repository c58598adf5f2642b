package dev.taper.assurance.model;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * What a chain allows: the specification, and wrong ones, in each of which a restriction gets lost.
 */
@SuppressWarnings("ImmutableEnumChecker") // a predicate that keeps nothing
enum AuthorityRule {
  /** The specification: a call is allowed if every block covers it, and has not ended. */
  EVERY_BLOCK(
      (chain, call) -> chain.stream().allMatch(b -> b.covers(call) && call.time() < b.end())),

  /** The last block replaces those before. */
  LAST_BLOCK(
      (chain, call) -> EVERY_BLOCK.allows(chain.subList(chain.size() - 1, chain.size()), call)),

  /** What was handed on is not looked at. */
  FIRST_BLOCK((chain, call) -> EVERY_BLOCK.allows(chain.subList(0, 1), call)),

  /** Grants add up. */
  ANY_BLOCK((chain, call) -> chain.stream().anyMatch(b -> b.covers(call) && call.time() < b.end())),

  /** A hop can set another end. */
  LAST_END(
      (chain, call) ->
          chain.stream().allMatch(b -> b.covers(call))
              && call.time() < chain.get(chain.size() - 1).end()),

  /** The end itself is inside. */
  END_INCLUDED(
      (chain, call) -> chain.stream().allMatch(b -> b.covers(call) && call.time() <= b.end())),

  /** Resources of different blocks add up. */
  RESOURCES_ADD_UP(
      (chain, call) ->
          chain.stream()
                  .allMatch(
                      b ->
                          b.tools().contains(call.tool())
                              && (b.values().isEmpty() || b.values().contains(call.value()))
                              && call.time() < b.end())
              && chain.stream()
                  .anyMatch(
                      b -> b.resources().isEmpty() || b.resources().contains(call.resource()))),

  /** Later blocks do not narrow arguments. */
  FIRST_ARGUMENTS(
      (chain, call) ->
          EVERY_BLOCK.allows(chain.subList(0, 1), call)
              && chain.stream()
                  .allMatch(
                      b ->
                          b.tools().contains(call.tool())
                              && (b.resources().isEmpty()
                                  || b.resources().contains(call.resource()))
                              && call.time() < b.end()));

  private final BiPredicate<List<BlockRights>, Call> allows;

  AuthorityRule(BiPredicate<List<BlockRights>, Call> allows) {
    this.allows = allows;
  }

  boolean allows(List<BlockRights> chain, Call call) {
    return allows.test(chain, call);
  }
}
