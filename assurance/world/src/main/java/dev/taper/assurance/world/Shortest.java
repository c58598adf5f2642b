package dev.taper.assurance.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shortest plan that breaks a rule: of one that does, it leaves out more and more steps,
 * as long as the same rule is still broken.
 *
 * @param plan the steps that are left
 * @param history what happens by them
 * @param broken what rule is broken
 */
record Shortest(List<Step> plan, History history, Broken broken) {
  /** A world to try plans in. */
  interface Trial {
    /** What happens by a plan. */
    History run(List<Step> plan);
  }

  /**
   * Shortens a plan.
   *
   * @param plan one that breaks a rule
   * @param attempts how many plans to try at most
   */
  static Shortest of(List<Step> plan, Trial trial, int attempts) {
    Shortest shortest = Objects.requireNonNull(tried(plan, trial, null), "no rule is broken");
    Rule rule = shortest.broken.rule();
    int left = attempts;
    for (int part = Math.max(1, shortest.plan.size() / 2); left > 0; part /= 2) {
      int from = 0;
      while (from < shortest.plan.size() && left-- > 0) {
        List<Step> fewer = new ArrayList<>(shortest.plan);
        fewer.subList(from, Math.min(fewer.size(), from + part)).clear();
        Shortest found = tried(fewer, trial, rule);
        if (found == null) {
          from += part;
        } else {
          shortest = found;
        }
      }
      if (part == 1) {
        return shortest.withoutMeanwhile(trial, left);
      }
    }
    return shortest;
  }

  /** Leaves out what happens while others wait. */
  private Shortest withoutMeanwhile(Trial trial, int attempts) {
    Shortest shortest = this;
    for (int i = 0; i < plan.size() && i < attempts; i++) {
      List<Step> simpler = new ArrayList<>(shortest.plan);
      if (i < simpler.size() && simpler.get(i).within() != null) {
        simpler.set(i, simpler.get(i).alone());
        Shortest found = tried(simpler, trial, broken.rule());
        shortest = found == null ? shortest : found;
      }
    }
    return shortest;
  }

  private static @Nullable Shortest tried(List<Step> plan, Trial trial, @Nullable Rule rule) {
    History history = trial.run(plan);
    Broken broken = Checker.check(history);
    return broken == null || (rule != null && broken.rule() != rule)
        ? null
        : new Shortest(plan, history, broken);
  }
}
