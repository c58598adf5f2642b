package dev.taper.agent.delegation;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.Delegation.Warning.Kind;
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

/**
 * Finds what is odd about a hop by comparing what the chain leaves before and after it. A block can
 * name one long text at many places, so only so much is told of each kind.
 */
final class Warnings {
  /** The most warnings of a kind; the last one then says that there are more. */
  private static final int MOST = 32;

  /** How much of a warning is told, in UTF-16 code units. */
  private static final int SHOWN = 2048;

  /** How much of a pattern, so that there is room for what is odd about it. */
  private static final int SHOWN_PATTERN = 256;

  /** The most names that are compared with each other: what a token can hold takes seconds. */
  private static final long MOST_COMPARED = 1L << 20;

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
    Grants grants = DelegationHop.grants(caveats);
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
    warnings.comparePatterns(hop);
    if (child.maxDepth().isPresent() && depth > child.maxDepth().getAsLong()) {
      warnings.add(
          Kind.TOO_DEEP,
          "this is hand-over " + depth + ", the chain allows " + child.maxDepth().getAsLong());
    }
    return List.copyOf(warnings.found);
  }

  private void comparePatterns(Block hop) {
    Set<String> patterns = new LinkedHashSet<>();
    for (Check check : hop.checks()) {
      patterns.addAll(Patterns.of(check));
    }
    for (String pattern : patterns) {
      String shown = ShortText.of(pattern, SHOWN_PATTERN);
      for (String difference : Dialect.differences(pattern)) {
        add(Kind.REGEX_DIALECT, "in the pattern " + shown + ", " + difference);
      }
    }
  }

  private void compare(Grants grants, Grants parents) {
    if (grants.weight() * parents.weight() > MOST_COMPARED) {
      add(Kind.WIDER, "it may name more than there is: both are too long to be compared");
      return;
    }
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
    return count(kind) > 0;
  }

  private int count(Kind kind) {
    int count = 0;
    for (Delegation.Warning warning : found) {
      count += warning.kind() == kind ? 1 : 0;
    }
    return count;
  }

  private void add(Kind kind, String text) {
    int count = count(kind);
    if (count < MOST) {
      String told = count == MOST - 1 ? "there is more of this kind" : ShortText.of(text, SHOWN);
      found.add(new Delegation.Warning(kind, told));
    }
  }
}
