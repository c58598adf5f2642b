package dev.taper.server.issuer;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.store.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers tokens before they are given away. A transaction waits for the disk, so those that come
 * meanwhile share the next one: whoever finds nobody writing writes for all who wait. Thread-safe.
 */
final class Registering {
  private final Registry registry;
  private List<Waiting> waiting = new ArrayList<>(); // guarded by this
  private boolean isWriting; // guarded by this

  /** A token that somebody waits for. Guarded by the registering. */
  private static final class Waiting {
    private final AgentToken token;
    private boolean isDone;
    private @Nullable RuntimeException failure;

    Waiting(AgentToken token) {
      this.token = token;
    }
  }

  Registering(Registry registry) {
    this.registry = registry;
  }

  /**
   * Registers a token, and returns when that is safe.
   *
   * @param root who signed it
   * @throws dev.taper.TaperException if it is not registered
   */
  void register(AgentToken token, PublicKey root) {
    Waiting own = new Waiting(token);
    List<Waiting> all;
    synchronized (this) {
      waiting.add(own);
      awaitTurn(own);
      if (own.isDone) {
        rethrow(own);
        return;
      }
      isWriting = true;
      all = waiting;
      waiting = new ArrayList<>();
    }
    RuntimeException failure = write(all, root);
    synchronized (this) {
      isWriting = false;
      for (Waiting each : all) {
        each.isDone = true;
        each.failure = failure;
      }
      notifyAll();
    }
    rethrow(own);
  }

  /** Until somebody has registered it, or nobody is writing. */
  private void awaitTurn(Waiting own) {
    boolean isInterrupted = false;
    while (isWriting && !own.isDone) {
      try {
        wait();
      } catch (InterruptedException e) {
        isInterrupted = true; // the write ends by its own time-out
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable RuntimeException write(List<Waiting> all, PublicKey root) {
    try {
      registry.issued(all.stream().map(one -> one.token).toList(), root);
      return null;
    } catch (RuntimeException | Error e) { // or the others would wait for ever
      return e instanceof RuntimeException failure ? failure : new IllegalStateException(e);
    }
  }

  private static void rethrow(Waiting own) {
    if (own.failure != null) {
      throw own.failure;
    }
  }
}
