package dev.taper.server.console.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An order in which all who ask take turns, so that nobody fills what others see: first delegators;
 * of one delegator, the agents that it authorized; of one of these, those who ask with what it got.
 * The first two names are the issuer's, and no agent can make up more of them.
 */
final class Turns {
  private Turns() {}

  /**
   * Who asks.
   *
   * @param delegator on whose behalf
   * @param agent whom the delegator authorized
   * @param holder who has the authority now
   */
  record Asker(String delegator, String agent, String holder) {
    private static final Asker UNKNOWN = new Asker("", "", "");

    /** Somebody of whom nothing can be read. */
    static Asker unknown() {
      return UNKNOWN;
    }
  }

  /**
   * An item and its round: how many of its delegator come before it.
   *
   * @param round from 0
   */
  record Turn<T>(T item, int round) {}

  /**
   * Gives turns. Within a round the given order stays.
   *
   * @param items in the order that they would have without turns
   * @param askers tells who asks
   */
  static <T> List<Turn<T>> of(List<T> items, Function<T, Asker> askers) {
    List<Numbered<T>> all = new ArrayList<>();
    for (T item : items) {
      all.add(new Numbered<>(item, askers.apply(item), all.size()));
    }
    List<Function<Asker, String>> levels = List.of(Asker::delegator, Asker::agent, Asker::holder);
    return turns(all, levels).stream().map(turn -> new Turn<>(turn.item.item, turn.round)).toList();
  }

  private record Numbered<T>(T item, Asker asker, int number) {}

  private static <T> List<Turn<Numbered<T>>> turns(
      List<Numbered<T>> all, List<Function<Asker, String>> levels) {
    List<Turn<Numbered<T>>> turns = new ArrayList<>();
    if (levels.isEmpty()) {
      all.forEach(one -> turns.add(new Turn<>(one, turns.size())));
      return turns;
    }
    Map<String, List<Numbered<T>>> groups = new LinkedHashMap<>();
    for (Numbered<T> one : all) {
      groups.computeIfAbsent(levels.get(0).apply(one.asker), name -> new ArrayList<>()).add(one);
    }
    for (List<Numbered<T>> group : groups.values()) {
      int round = 0;
      for (Turn<Numbered<T>> turn : turns(group, levels.subList(1, levels.size()))) {
        turns.add(new Turn<>(turn.item, round++));
      }
    }
    turns.sort(
        Comparator.comparingInt((Turn<Numbered<T>> turn) -> turn.round)
            .thenComparingInt(turn -> turn.item.number));
    return turns;
  }
}
