package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.grant.Caveat.Mismatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The points in which a call does not fit a grant. They are counted and named without their texts,
 * which a short token can make very long.
 */
record Misses(
    @Nullable TextSet tools,
    @Nullable TextSet operations,
    @Nullable TextSet resources,
    List<ConstraintBody> constraints,
    Activations activations,
    CallFacts facts) {
  /** What another tool weighs: more than all other points that a grant can miss. */
  private static final int OTHER_TOOL = 1 << 16;

  /** How many there are; one that is the tool counts for more than all others. */
  int weight() {
    int weight = misses(tools, Mismatch.Subject.TOOL) ? OTHER_TOOL : 0;
    weight += misses(operations, Mismatch.Subject.OPERATION) ? 1 : 0;
    weight += misses(resources, Mismatch.Subject.RESOURCE) ? 1 : 0;
    for (ConstraintBody constraint : constraints) {
      weight += constraint.test(facts) ? 0 : 1;
    }
    return weight + activations.countMissing(facts);
  }

  /** The arguments of those that are about one argument. */
  Set<String> arguments() {
    Set<String> names = new LinkedHashSet<>();
    for (ConstraintBody constraint : constraints) {
      if (!(constraint instanceof OnlyArguments) && !constraint.test(facts)) {
        names.add(constraint.argument());
      }
    }
    return names;
  }

  /** The first of them in words, about so many. */
  List<Mismatch> first(int most) {
    List<Mismatch> found = new ArrayList<>();
    add(tools, Mismatch.Subject.TOOL, found);
    add(operations, Mismatch.Subject.OPERATION, found);
    add(resources, Mismatch.Subject.RESOURCE, found);
    for (int i = 0; i < constraints.size() && found.size() < most; i++) {
      if (!constraints.get(i).test(facts)) {
        found.add(Mismatch.of(constraints.get(i), facts));
      }
    }
    if (found.size() < most) {
      activations.addMismatches(facts, found);
    }
    return found;
  }

  private boolean misses(@Nullable TextSet set, Mismatch.Subject subject) {
    return set != null && !Facts.anyText(facts, subject.text(), set::test);
  }

  private void add(@Nullable TextSet set, Mismatch.Subject subject, List<Mismatch> found) {
    if (set != null && misses(set, subject)) {
      String wanted = set.text(Mismatch.MAX_WANTED);
      found.add(Mismatch.of(subject, Facts.shown(facts, subject.text()), wanted));
    }
  }
}
