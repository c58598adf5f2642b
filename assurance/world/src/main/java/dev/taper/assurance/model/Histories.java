package dev.taper.assurance.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All histories that some steps can make. Each is played from the beginning, shorter ones first.
 */
final class Histories<S> {
  /** A history that breaks a law. */
  record Broken<S>(String law, List<S> history) {
    String text() {
      return law + ": " + history;
    }
  }

  private final List<S> steps;
  private final Function<List<S>, @Nullable String> play;
  private long played;

  /**
   * Prepares histories.
   *
   * @param play plays one; returns the law that it breaks, or null
   */
  Histories(List<S> steps, Function<List<S>, @Nullable String> play) {
    this.steps = List.copyOf(steps);
    this.play = play;
  }

  /** Plays all histories of at most so many steps; returns the first that breaks a law, or null. */
  @Nullable Broken<S> first(int longest) {
    for (int length = 1; length <= longest; length++) {
      List<S> history = new ArrayList<>(Collections.nCopies(length, steps.get(0)));
      Broken<S> broken = first(history, 0);
      if (broken != null) {
        return broken;
      }
    }
    return null;
  }

  private @Nullable Broken<S> first(List<S> history, int at) {
    if (at == history.size()) {
      played++;
      String law = play.apply(Collections.unmodifiableList(history));
      return law == null ? null : new Broken<>(law, List.copyOf(history));
    }
    for (S step : steps) {
      history.set(at, step);
      Broken<S> broken = first(history, at + 1);
      if (broken != null) {
        return broken;
      }
    }
    return null;
  }

  /** How many histories were played. */
  long played() {
    return played;
  }
}
