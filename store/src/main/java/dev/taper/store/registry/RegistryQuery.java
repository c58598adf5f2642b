package dev.taper.store.registry;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A query for delegations: all that are living, narrowed by each added condition. Immutable and
 * thread-safe; every method that adds a condition returns a new query.
 */
public final class RegistryQuery {
  final Parts parts; // which are not changed from then on

  private RegistryQuery(Parts parts) {
    this.parts = parts;
  }

  private RegistryQuery with(Consumer<Parts> change) {
    Parts changed = parts.copy();
    change.accept(changed);
    return new RegistryQuery(changed);
  }

  /** Finds all living delegations. */
  public static RegistryQuery living() {
    return new RegistryQuery(new Parts());
  }

  /** Finds delegations of one delegator; null for any. */
  public RegistryQuery delegator(@Nullable String name) {
    return with(query -> query.delegator = name);
  }

  /** Finds delegations held by one agent; null for any. */
  public RegistryQuery holder(@Nullable String name) {
    return with(query -> query.holder = name);
  }

  /** Finds delegations for one task; null for any. */
  public RegistryQuery task(@Nullable String id) {
    return with(query -> query.task = id);
  }

  /** Finds delegations signed by one root key, as text; null for any. */
  public RegistryQuery rootKey(@Nullable String key) {
    return with(query -> query.rootKey = key);
  }

  /**
   * Finds delegations granted by these people, as delegators or at a later hop, such as people who
   * left.
   */
  public RegistryQuery grantedBy(Collection<String> names) {
    Set<String> all = Set.copyOf(new TreeSet<>(names));
    return with(query -> query.left = all);
  }

  /** Finds delegations that end within this time. */
  public RegistryQuery endsWithin(Duration time) {
    return with(query -> query.endsWithin = time);
  }

  /** Finds delegations that were handed on more often than this. */
  public RegistryQuery deeperThan(int depth) {
    return with(query -> query.deeperThan = OptionalInt.of(depth));
  }

  /** Finds delegations that were never used: no call was ever allowed on them. */
  public RegistryQuery neverUsed() {
    return with(query -> query.unused = true);
  }

  /** Finds delegations with a tool that was never called. */
  public RegistryQuery notFullyExercised() {
    return with(query -> query.unexercised = true);
  }

  /** Finds delegations whose calls are denied often. */
  public RegistryQuery deniedOften() {
    return with(query -> query.denied = true);
  }

  /** Finds delegations that are revoked or ended, too. */
  public RegistryQuery withDead() {
    return with(query -> query.dead = true);
  }

  /** What a query asks for. */
  static final class Parts {
    @Nullable String delegator;
    @Nullable String holder;
    @Nullable String task;
    @Nullable String rootKey;
    @Nullable Set<String> left;
    @Nullable Duration endsWithin;
    OptionalInt deeperThan = OptionalInt.empty();
    boolean unused;
    boolean unexercised;
    boolean denied;
    boolean dead;

    private Parts copy() {
      Parts copy = new Parts();
      copy.delegator = delegator;
      copy.holder = holder;
      copy.task = task;
      copy.rootKey = rootKey;
      copy.left = left;
      copy.endsWithin = endsWithin;
      copy.deeperThan = deeperThan;
      copy.unused = unused;
      copy.unexercised = unexercised;
      copy.denied = denied;
      copy.dead = dead;
      return copy;
    }
  }
}
