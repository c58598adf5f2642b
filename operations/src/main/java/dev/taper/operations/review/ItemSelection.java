package dev.taper.operations.review;

import dev.taper.operations.OperationException;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects items of a review.
 *
 * @param numbers these; empty if the others say
 * @param all all that are open
 * @param agent those that are open and held by this agent, or null
 * @param task those that are open and for this task, or null
 */
public record ItemSelection(
    List<Integer> numbers, boolean all, @Nullable String agent, @Nullable String task) {
  /** Copies the list. */
  public ItemSelection {
    numbers = List.copyOf(numbers);
  }

  List<Integer> of(Review review, Instant now) {
    boolean byWord = all || agent != null || task != null;
    if (byWord == !numbers.isEmpty()) {
      throw OperationException.usage(
          "say which items: their numbers, or all, of an agent or for a task");
    }
    if (!byWord) {
      return numbers;
    }
    List<Integer> found = new ArrayList<>();
    for (ReviewItem item : review.items()) {
      Delegated delegation = item.delegation();
      if (item.isOpen(now)
          && (agent == null || agent.equals(delegation.holder()))
          && (task == null || task.equals(delegation.task()))) {
        found.add(item.number());
      }
    }
    if (found.isEmpty()) {
      throw OperationException.nothing("no such item of review " + review.id() + " is open");
    }
    return found;
  }
}
