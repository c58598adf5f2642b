package dev.taper.server.console.view;

import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a task, each behind the one it comes from. Of too many, what comes of one token is
 * shown as much as what comes of another: who hands on very often hides nobody. For one thread.
 */
final class TaskTokens {
  private final Map<TokenTrail, Integer> sizes = new HashMap<>();
  private final List<Visited> shown = new ArrayList<>();

  /** A token and what it comes from. */
  record Visited(TokenTrail token, @Nullable TokenTrail parent, int depth) {}

  private TaskTokens() {}

  /** Those that are shown of a task, no more than the most. */
  static List<Visited> of(Trail.TaskTrail task, int most) {
    TaskTokens tokens = new TaskTokens();
    List<TokenTrail> all = new ArrayList<>(task.tokens());
    Collections.reverse(all); // so that those come first which come of others
    for (TokenTrail token : all) {
      tokens.sizes.put(token, 1 + token.children().stream().mapToInt(tokens::size).sum());
    }
    tokens.add(task.roots(), null, 0, most);
    return tokens.shown;
  }

  /** How many tokens there are of one, with itself. */
  private int size(TokenTrail token) {
    return sizes.getOrDefault(token, 0);
  }

  private void add(List<TokenTrail> tokens, @Nullable TokenTrail parent, int depth, int most) {
    int part = Math.max(1, TaskView.part(most, tokens.stream().mapToInt(this::size)));
    int left = most;
    for (TokenTrail token : tokens) {
      int some = Math.min(left, Math.min(part, size(token)));
      if (some > 0) {
        shown.add(new Visited(token, parent, depth));
        add(token.children(), token, depth + 1, some - 1);
        left -= some;
      }
    }
  }
}
