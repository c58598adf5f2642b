package dev.taper.operations.config;

import dev.taper.agent.approval.Asks;
import dev.taper.agent.decision.ReloadingVerifier;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.audit.AuditLog;
import dev.taper.operations.Stores;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.store.registry.Registry;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A verifier that was made by a configuration, with all that it stands on: watched files,
 * revocation list, audit log, databases. Closing ends these; a call that comes later is refused,
 * because it can no longer be recorded or claimed. Thread-safe.
 */
public final class ConfiguredVerifier implements AutoCloseable {
  /** How much longer than its window a proof may be remembered. */
  private static final long SLACK_MILLIS = 1000;

  private final ReloadingVerifier reloading;
  private final @Nullable Asks asks;
  private final AcceptedProofs.Window window;
  private final Records records;
  private final Stores stores;
  private final Deque<AutoCloseable> resources; // guarded by this

  /** Where is recorded what happens; null where it is not. */
  record Records(@Nullable AuditLog log, @Nullable Registry registry, @Nullable AbuseWatch watch) {}

  ConfiguredVerifier(
      ReloadingVerifier reloading,
      @Nullable Asks asks,
      AcceptedProofs.Window window,
      Records records,
      Stores stores,
      Deque<AutoCloseable> resources) {
    this.reloading = reloading;
    this.asks = asks;
    this.window = window;
    this.records = records;
    this.stores = stores;
    this.resources = new ArrayDeque<>(resources);
  }

  /**
   * The verifier as it is now. Take it once for each call: a call that one catalog made is not
   * decided by another.
   */
  public Verifier verifier() {
    return reloading.verifier();
  }

  /** Where the service keeps asks for approvals; null if it keeps none. */
  public @Nullable Asks asks() {
    return asks;
  }

  /**
   * How many allowed calls a second the process's own memory of used proofs carries without end,
   * even of one delegator and with proofs from as far ahead as the window allows: seven eighths of
   * its capacity, divided by the whole window. A memory that others share has a bound of its own.
   */
  public long callsPerSecond() {
    long millis = window.back().plus(window.ahead()).toMillis() + SLACK_MILLIS;
    return health().replays().capacity() * 7 / 8 * 1000 / millis;
  }

  /**
   * The audit log in which the verifier records its decisions, for what else happens in the same
   * process; null without one. It is closed with this.
   */
  public @Nullable AuditLog auditLog() {
    return records.log();
  }

  /** The registry that is told of calls; null without one. Its database is closed with this. */
  public @Nullable Registry registry() {
    return records.registry();
  }

  /** What watches the decisions for abuse; null if nothing does. It is closed with this. */
  public @Nullable AbuseWatch findings() {
    return records.watch();
  }

  /**
   * Looks at the watched files now, and goes on with those that changed.
   *
   * @return true if the verifier is another one than before
   */
  public boolean reload() {
    return reloading.check();
  }

  /** The health of the verifier, and of the files. */
  public VerifierHealth health() {
    return reloading.health().withEndings(stores.endings());
  }

  /**
   * Closes everything, the last that was opened first.
   *
   * @throws RuntimeException the first failure, after everything was closed
   */
  @Override
  public synchronized void close() {
    RuntimeException failure = closeAll(resources);
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes all; returns the first failure. */
  static @Nullable RuntimeException closeAll(Deque<AutoCloseable> resources) {
    RuntimeException first = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        RuntimeException failure =
            e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    return first;
  }
}
