package dev.taper.cli.audit;

import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where on a page tasks, tokens and records stand, so that links can lead there. */
final class TrailPlaces {
  private final Map<TaskTrail, List<TokenTrail>> ofTask = new HashMap<>();
  private final Map<TaskTrail, String> tasks = new HashMap<>();
  private final Map<TokenTrail, String> tokens = new HashMap<>();
  private final Map<TokenTrail, TokenTrail> parents = new HashMap<>();
  private final List<TokenTrail> inOrder = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, Integer> logs = new HashMap<>();

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
    entries.forEach(entry -> shown.put(entry.place(), idOf(entry)));
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
  String of(Entry entry) {
    return shown.getOrDefault(entry.place(), "");
  }

  private String idOf(Entry entry) {
    if (entry.log().isEmpty()) {
      return "record" + entry.sequence();
    }
    int log = logs.computeIfAbsent(entry.log(), unused -> logs.size() + 1);
    return "log" + log + "record" + entry.sequence();
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
    return entries.stream().min(Comparator.comparing(Entry::time)).orElse(null);
  }

  /** The last record of the page; null without any. */
  @Nullable Entry last() {
    return entries.stream().max(Comparator.comparing(Entry::time)).orElse(null);
  }
}
