package dev.taper.agent;

import dev.taper.agent.Delegation.Warning.Kind;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.Lifetime;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Dialect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what is odd about a hop by comparing what the chain leaves before and after it. */
final class Warnings {
  private final List<Delegation.Warning> found = new ArrayList<>();

  private Warnings() {}

  static List<Delegation.Warning> of(List<Block> parents, Block hop, int depth, Instant now) {
    List<Block> chain = new ArrayList<>(parents);
    chain.add(hop);
    return of(EffectiveAuthority.of(parents), EffectiveAuthority.of(chain), hop, depth, now);
  }

  /**
   * Finds what is odd about a hop.
   *
   * @param parent what was left before it
   * @param child what is left after it
   * @param depth how often the authority was handed on after it
   */
  static List<Delegation.Warning> of(
      EffectiveAuthority parent, EffectiveAuthority child, Block hop, int depth, Instant now) {
    Warnings warnings = new Warnings();
    List<Caveat> caveats = Caveat.of(hop);
    Grants grants = Caveats.grants(caveats);
    if (grants != null && parent.isListed() && !parent.alternatives().isEmpty()) {
      warnings.compare(grants, new Grants(parent.alternatives()));
    }
    warnings.compareEnds(Lifetime.end(hop), parent.expiry());
    if (child.isEmpty() && !warnings.has(Kind.CONTRADICTION)) {
      warnings.add(Kind.CONTRADICTION, "no request can ever satisfy the whole chain");
    }
    if (child.expiry() != null && !now.isBefore(child.expiry())) {
      warnings.add(Kind.EXPIRED, "the authority ended at " + child.expiry());
    }
    for (Check check : hop.checks()) {
      for (String difference : differences(check)) {
        warnings.add(Kind.REGEX_DIALECT, difference);
      }
    }
    if (child.maxDepth().isPresent() && depth > child.maxDepth().getAsLong()) {
      warnings.add(
          Kind.TOO_DEEP,
          "this is hand-over " + depth + ", the chain allows " + child.maxDepth().getAsLong());
    }
    return List.copyOf(warnings.found);
  }

  private static Set<String> differences(Check check) {
    Set<String> all = new LinkedHashSet<>();
    for (String pattern : Patterns.of(check)) {
      for (String difference : Dialect.differences(pattern)) {
        all.add("in the pattern " + pattern + ", " + difference);
      }
    }
    return all;
  }

  private void compare(Grants grants, Grants parents) {
    Grants.Narrowing narrowing = grants.comparedTo(parents);
    if (narrowing.contradicts()) {
      add(
          Kind.CONTRADICTION,
          "nothing of \"" + grants.words() + "\" was granted; there is: " + parents.words());
    }
    for (String wider : narrowing.wider()) {
      add(Kind.WIDER, wider + "; this has no effect");
    }
  }

  private void compareEnds(@Nullable Instant end, @Nullable Instant parentEnd) {
    if (end != null && parentEnd != null && end.isAfter(parentEnd)) {
      add(
          Kind.OUTLIVES_PARENT,
          "it names " + end + " as its end, but the authority ends at " + parentEnd);
    }
  }

  private boolean has(Kind kind) {
    for (Delegation.Warning warning : found) {
      if (warning.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  private void add(Kind kind, String text) {
    found.add(new Delegation.Warning(kind, text));
  }
}
