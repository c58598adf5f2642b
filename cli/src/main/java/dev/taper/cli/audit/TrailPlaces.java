package dev.taper.cli.audit;

import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where on a page tasks, tokens and records stand, so that links can lead there. */
final class TrailPlaces {
  private final Map<TaskTrail, List<TokenTrail>> ofTask = new HashMap<>();
  private final Map<TaskTrail, String> tasks = new HashMap<>();
  private final Map<TokenTrail, String> tokens = new HashMap<>();
  private final Map<TokenTrail, TokenTrail> parents = new HashMap<>();
  private final List<TokenTrail> inOrder = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Set<Long> shown = new HashSet<>();

  /** Gives places to all that a page of the trail shows. */
  TrailPlaces(Trail trail) {
    for (TaskTrail task : trail.tasks()) {
      tasks.put(task, "task" + (tasks.size() + 1));
      List<TokenTrail> found = new ArrayList<>();
      task.roots().forEach(root -> walk(root, found));
      ofTask.put(task, Collections.unmodifiableList(found));
      entries.addAll(task.events());
    }
    for (TokenTrail token : inOrder) {
      entries.addAll(token.events());
      entries.addAll(token.calls());
    }
    entries.forEach(entry -> shown.add(entry.sequence()));
  }

  private void walk(TokenTrail token, List<TokenTrail> found) {
    tokens.put(token, "token" + (tokens.size() + 1));
    inOrder.add(token);
    found.add(token);
    for (TokenTrail child : token.children()) {
      parents.put(child, token);
      walk(child, found);
    }
  }

  /** The place of a task. */
  String of(TaskTrail task) {
    return tasks.getOrDefault(task, "");
  }

  /** The place of a token. */
  String of(TokenTrail token) {
    return tokens.getOrDefault(token, "");
  }

  /** The place of a record; empty if the page does not show it. */
  String of(long sequence) {
    return shown.contains(sequence) ? "record" + sequence : "";
  }

  /** What a token was handed on from; null for a first one. */
  @Nullable TokenTrail parent(TokenTrail token) {
    return parents.get(token);
  }

  /** All tokens, in the order of the page. */
  List<TokenTrail> tokens() {
    return Collections.unmodifiableList(inOrder);
  }

  /** The tokens of a task, in the order of the page. */
  List<TokenTrail> tokens(TaskTrail task) {
    return ofTask.getOrDefault(task, List.of());
  }

  /** How many records the page shows. */
  int entries() {
    return entries.size();
  }

  /** How many of them are about calls. */
  int calls() {
    return inOrder.stream().mapToInt(token -> token.calls().size()).sum();
  }

  /** The first record of the page; null without any. */
  @Nullable Entry first() {
    return entries.stream().min(Comparator.comparingLong(Entry::sequence)).orElse(null);
  }

  /** The last record of the page; null without any. */
  @Nullable Entry last() {
    return entries.stream().max(Comparator.comparingLong(Entry::sequence)).orElse(null);
  }
}
