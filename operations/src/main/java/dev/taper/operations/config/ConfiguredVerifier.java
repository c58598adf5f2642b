package dev.taper.operations.config;

import dev.taper.agent.ReloadingVerifier;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierHealth;
import dev.taper.agent.approval.ApprovalRequest.Asks;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A verifier that was made by a configuration, with all that it stands on: watched files,
 * revocation list, audit log, databases. Closing ends these; a call that comes later is refused,
 * because it can no longer be recorded or claimed. Thread-safe.
 */
public final class ConfiguredVerifier implements AutoCloseable {
  private final ReloadingVerifier reloading;
  private final @Nullable Asks asks;
  private final Deque<AutoCloseable> resources; // guarded by this

  ConfiguredVerifier(
      ReloadingVerifier reloading, @Nullable Asks asks, Deque<AutoCloseable> resources) {
    this.reloading = reloading;
    this.asks = asks;
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
   * Looks at the watched files now, and goes on with those that changed.
   *
   * @return true if the verifier is another one than before
   */
  public boolean reload() {
    return reloading.check();
  }

  /** The health of the verifier, and of the files. */
  public VerifierHealth health() {
    return reloading.health();
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
