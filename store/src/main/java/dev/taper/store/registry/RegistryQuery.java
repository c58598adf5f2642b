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
  private final @Nullable String delegator;
  private final @Nullable String holder;
  private final @Nullable String task;
  private final @Nullable String rootKey;
  private final @Nullable Set<String> left;
  private final @Nullable Duration endsWithin;
  private final OptionalInt deeperThan;
  private final boolean unused;
  private final boolean unexercised;
  private final boolean denied;
  private final boolean dead;

  private RegistryQuery(Parts parts) {
    this.delegator = parts.delegator;
    this.holder = parts.holder;
    this.task = parts.task;
    this.rootKey = parts.rootKey;
    this.left = parts.left;
    this.endsWithin = parts.endsWithin;
    this.deeperThan = parts.deeperThan;
    this.unused = parts.unused;
    this.unexercised = parts.unexercised;
    this.denied = parts.denied;
    this.dead = parts.dead;
  }

  private RegistryQuery with(Consumer<Parts> change) {
    Parts parts = new Parts();
    parts.delegator = delegator;
    parts.holder = holder;
    parts.task = task;
    parts.rootKey = rootKey;
    parts.left = left;
    parts.endsWithin = endsWithin;
    parts.deeperThan = deeperThan;
    parts.unused = unused;
    parts.unexercised = unexercised;
    parts.denied = denied;
    parts.dead = dead;
    change.accept(parts);
    return new RegistryQuery(parts);
  }

  /** Finds all living delegations. */
  public static RegistryQuery living() {
    return new RegistryQuery(new Parts());
  }

  /** Finds delegations of one delegator; null for any. */
  public RegistryQuery delegator(@Nullable String name) {
    return with(parts -> parts.delegator = name);
  }

  /** Finds delegations held by one agent; null for any. */
  public RegistryQuery holder(@Nullable String name) {
    return with(parts -> parts.holder = name);
  }

  /** Finds delegations for one task; null for any. */
  public RegistryQuery task(@Nullable String id) {
    return with(parts -> parts.task = id);
  }

  /** Finds delegations signed by one root key, as text; null for any. */
  public RegistryQuery rootKey(@Nullable String key) {
    return with(parts -> parts.rootKey = key);
  }

  /**
   * Finds delegations granted by these people, as delegators or at a later hop, such as people who
   * left.
   */
  public RegistryQuery grantedBy(Collection<String> names) {
    Set<String> all = Set.copyOf(new TreeSet<>(names));
    return with(parts -> parts.left = all);
  }

  /** Finds delegations that end within this time. */
  public RegistryQuery endsWithin(Duration time) {
    return with(parts -> parts.endsWithin = time);
  }

  /** Finds delegations that were handed on more often than this. */
  public RegistryQuery deeperThan(int depth) {
    return with(parts -> parts.deeperThan = OptionalInt.of(depth));
  }

  /** Finds delegations that were never used: no call was ever allowed on them. */
  public RegistryQuery neverUsed() {
    return with(parts -> parts.unused = true);
  }

  /** Finds delegations with a tool that was never called. */
  public RegistryQuery notFullyExercised() {
    return with(parts -> parts.unexercised = true);
  }

  /** Finds delegations whose calls are denied often. */
  public RegistryQuery deniedOften() {
    return with(parts -> parts.denied = true);
  }

  /** Finds delegations that are revoked or ended, too. */
  public RegistryQuery withDead() {
    return with(parts -> parts.dead = true);
  }

  @Nullable String delegator() {
    return delegator;
  }

  @Nullable String holder() {
    return holder;
  }

  @Nullable String task() {
    return task;
  }

  @Nullable String rootKey() {
    return rootKey;
  }

  @Nullable Set<String> left() {
    return left;
  }

  @Nullable Duration endsWithin() {
    return endsWithin;
  }

  OptionalInt deeperThan() {
    return deeperThan;
  }

  boolean unused() {
    return unused;
  }

  boolean unexercised() {
    return unexercised;
  }

  boolean denied() {
    return denied;
  }

  boolean dead() {
    return dead;
  }

  /** The parts of the query, while it is put together. */
  private static final class Parts {
    private @Nullable String delegator;
    private @Nullable String holder;
    private @Nullable String task;
    private @Nullable String rootKey;
    private @Nullable Set<String> left;
    private @Nullable Duration endsWithin;
    private OptionalInt deeperThan = OptionalInt.empty();
    private boolean unused;
    private boolean unexercised;
    private boolean denied;
    private boolean dead;
  }
}
