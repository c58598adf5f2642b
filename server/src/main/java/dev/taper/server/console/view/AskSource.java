package dev.taper.server.console.view;

import dev.taper.agent.approval.AskStatus;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.RefusedException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where asks come from and answers go. Thread-safe. */
public interface AskSource {
  /**
   * Which asks.
   *
   * @param state how far they are; null for any, also those that no approval would help
   * @param key an approver's key, whose standing is wanted; or null
   * @param after where the page begins; null for the first
   * @param limit the most of a page
   */
  record Wanted(
      AskStatus.@Nullable State state,
      @Nullable PublicKey key,
      @Nullable String after,
      int limit) {}

  /**
   * Some asks.
   *
   * @param items these
   * @param broken the names of those that are not to be believed, and why
   * @param next where the next page begins; null at the end
   * @param open which are open, on this page or not
   */
  record Page(List<AskItem> items, List<Broken> broken, @Nullable String next, Open open) {
    /** Copies the lists. */
    public Page {
      items = List.copyOf(items);
      broken = List.copyOf(broken);
    }
  }

  /**
   * What is open.
   *
   * @param count how many asks
   * @param hidden how many of these no approval would help
   * @param waiting of all others, those who ask most
   */
  record Open(int count, int hidden, List<Waiting> waiting) {
    /** Copies the list. */
    public Open {
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * How much somebody asks.
   *
   * @param delegator on whose behalf
   * @param agent whom the delegator authorized
   * @param open how many asks are open
   */
  record Waiting(String delegator, String agent, int open) {}

  /** An ask that is not to be believed. */
  record Broken(String name, Standing problem) {}

  /**
   * The names of the open asks that an approval would help; perhaps not of all, if there are many.
   */
  Set<String> open() throws RefusedException;

  /**
   * A page of asks: all who ask take turns, and of one's asks those that end first come first, so
   * that nobody fills the pages of others.
   */
  Page page(Wanted wanted) throws RefusedException;

  /**
   * One ask.
   *
   * @throws RefusedException 404 {@code unknown_ask}
   */
  AskItem item(String name, @Nullable PublicKey key) throws RefusedException;

  /**
   * Gives an approval.
   *
   * @return how far the ask is then
   */
  AskStatus.State approve(String name, String approval) throws RefusedException;

  /**
   * Refuses.
   *
   * @return how far the ask is then
   */
  AskStatus.State refuse(String name, String reason) throws RefusedException;
}
