package dev.taper.agent.grant;

import java.util.List;

/**
 * How a grant compares with one that it is meant to narrow. Neither a wider grant nor a
 * contradiction is an error, as a chain allows only what all of its blocks allow; both are probably
 * mistakes.
 *
 * @param wider what it names beyond the other grant, to no effect; a dimension that it leaves out
 *     is inherited, not widened
 * @param contradicts true if no call can ever fit both
 */
public record Narrowing(List<String> wider, boolean contradicts) {
  /** Copies the list. */
  public Narrowing {
    wider = List.copyOf(wider);
  }

  /** True if there is nothing to warn of. */
  public boolean isClean() {
    return wider.isEmpty() && !contradicts;
  }
}
