package dev.taper.store.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A query for delegations: all that are living, narrowed by each added condition. Immutable and
 * thread-safe; every method that adds a condition returns a new query.
 */
public final class RegistryQuery {
  /** What follows the condition that is true of all, each after AND. */
  final String conditions;

  /** The values that these ask for; a {@link Duration} stands for the end of it from now on. */
  final List<Object> values;

  /** True if what is revoked or ended is found, too. */
  final boolean dead;

  private RegistryQuery(String conditions, List<Object> values, boolean dead) {
    this.conditions = conditions;
    this.values = List.copyOf(values);
    this.dead = dead;
  }

  private RegistryQuery and(String condition, Collection<?> more) {
    List<Object> all = new ArrayList<>(values);
    all.addAll(more);
    return new RegistryQuery(conditions + " AND " + condition, all, dead);
  }

  private RegistryQuery is(String column, @Nullable String value) {
    return value == null ? this : and(column + " = ?", List.of(value));
  }

  /** Finds all living delegations. */
  public static RegistryQuery living() {
    return new RegistryQuery("", List.of(), false);
  }

  /** Finds delegations of one delegator; null for any. */
  public RegistryQuery delegator(@Nullable String name) {
    return is("d.delegator", name);
  }

  /** Finds delegations held by one agent; null for any. */
  public RegistryQuery holder(@Nullable String name) {
    return is("d.holder", name);
  }

  /** Finds delegations for one task; null for any. */
  public RegistryQuery task(@Nullable String id) {
    return is("d.task", id);
  }

  /** Finds delegations signed by one root key, as text; null for any. */
  public RegistryQuery rootKey(@Nullable String key) {
    return is("d.root_key", key);
  }

  /**
   * Finds delegations granted by these people, as delegators or at a later hop, such as people who
   * left.
   */
  public RegistryQuery grantedBy(Collection<String> names) {
    List<String> twice = new ArrayList<>(new TreeSet<>(names));
    String any =
        twice.isEmpty() ? "NULL" : String.join(", ", Collections.nCopies(twice.size(), "?"));
    twice.addAll(List.copyOf(twice));
    return and("(d.delegator IN (" + any + ") OR d.grantor IN (" + any + "))", twice);
  }

  /** Finds delegations that end within this time. */
  public RegistryQuery endsWithin(Duration time) {
    return and("d.ends_at <= ?", List.of(time));
  }

  /** Finds delegations that were handed on more often than this. */
  public RegistryQuery deeperThan(int depth) {
    return and("d.depth > ?", List.of(depth));
  }

  /** Finds delegations that were never used: no call was ever allowed on them. */
  public RegistryQuery neverUsed() {
    return and(Search.UNUSED, List.of());
  }

  /** Finds delegations with a tool that was never called. */
  public RegistryQuery notFullyExercised() {
    return and(Search.UNEXERCISED, List.of());
  }

  /** Finds delegations whose calls are denied often. */
  public RegistryQuery deniedOften() {
    return and(Search.DENIED, List.of());
  }

  /** Finds delegations that are revoked or ended, too. */
  public RegistryQuery withDead() {
    return new RegistryQuery(conditions, values, true);
  }
}
