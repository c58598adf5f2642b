package dev.taper.store.registry;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which delegations to find: all that are living, narrowed by what is added. Immutable and
 * thread-safe; every method returns a new query.
 *
 * @param delegator whose authority; null for anybody's
 * @param holder who has it; null for anybody
 * @param task what it is for; null for anything
 * @param rootKey the root key as text; null for any
 * @param left people who left: only what they granted; null for everybody's
 * @param endsWithin only what ends that soon; null for whenever
 * @param deeperThan only what was handed on more often than that; empty for however often
 * @param unused only what no call was ever allowed on
 * @param unexercised only what has a tool that was never called
 * @param dead what is revoked or ended too
 */
public record RegistryQuery(
    @Nullable String delegator,
    @Nullable String holder,
    @Nullable String task,
    @Nullable String rootKey,
    @Nullable Set<String> left,
    @Nullable Duration endsWithin,
    OptionalInt deeperThan,
    boolean unused,
    boolean unexercised,
    boolean dead) {
  /** All that is living. */
  public static RegistryQuery living() {
    return new RegistryQuery(
        null, null, null, null, null, null, OptionalInt.empty(), false, false, false);
  }

  /** Of one delegator. */
  public RegistryQuery delegator(@Nullable String name) {
    return new RegistryQuery(
        name, holder, task, rootKey, left, endsWithin, deeperThan, unused, unexercised, dead);
  }

  /** Held by one agent. */
  public RegistryQuery holder(@Nullable String name) {
    return new RegistryQuery(
        delegator, name, task, rootKey, left, endsWithin, deeperThan, unused, unexercised, dead);
  }

  /** For one task. */
  public RegistryQuery task(@Nullable String id) {
    return new RegistryQuery(
        delegator, holder, id, rootKey, left, endsWithin, deeperThan, unused, unexercised, dead);
  }

  /** Signed by one root key, as text. */
  public RegistryQuery rootKey(@Nullable String key) {
    return new RegistryQuery(
        delegator, holder, task, key, left, endsWithin, deeperThan, unused, unexercised, dead);
  }

  /** Granted by people who left, as delegators or on the way. */
  public RegistryQuery grantedBy(Collection<String> names) {
    return new RegistryQuery(
        delegator,
        holder,
        task,
        rootKey,
        Set.copyOf(new TreeSet<>(names)),
        endsWithin,
        deeperThan,
        unused,
        unexercised,
        dead);
  }

  /** Ending soon. */
  public RegistryQuery endsWithin(Duration time) {
    return new RegistryQuery(
        delegator, holder, task, rootKey, left, time, deeperThan, unused, unexercised, dead);
  }

  /** Handed on more often than this. */
  public RegistryQuery deeperThan(int depth) {
    return new RegistryQuery(
        delegator,
        holder,
        task,
        rootKey,
        left,
        endsWithin,
        OptionalInt.of(depth),
        unused,
        unexercised,
        dead);
  }

  /** Never used. */
  public RegistryQuery neverUsed() {
    return new RegistryQuery(
        delegator, holder, task, rootKey, left, endsWithin, deeperThan, true, unexercised, dead);
  }

  /** With a tool that was never called. */
  public RegistryQuery notFullyExercised() {
    return new RegistryQuery(
        delegator, holder, task, rootKey, left, endsWithin, deeperThan, unused, true, dead);
  }

  /** What is revoked or ended too. */
  public RegistryQuery withDead() {
    return new RegistryQuery(
        delegator, holder, task, rootKey, left, endsWithin, deeperThan, unused, unexercised, true);
  }
}
