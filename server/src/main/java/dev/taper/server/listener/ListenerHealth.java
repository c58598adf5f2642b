package dev.taper.server.listener;

import dev.taper.agent.decision.VerifierHealth;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The health of a listener that pages of health tell of before it is there. Thread-safe. */
public final class ListenerHealth {
  private volatile @Nullable Listener listener;

  /** There is no listener yet. */
  public ListenerHealth() {}

  /** Takes the listener. */
  public void of(Listener started) {
    listener = started;
  }

  /** As {@link Listener#reasons}; empty before there is a listener. */
  public List<VerifierHealth.Reason> reasons(Instant now) {
    Listener started = listener;
    return started == null ? List.of() : started.reasons(now);
  }

  /** As {@link Listener#warnings}; empty before there is a listener. */
  public List<String> warnings(Instant now) {
    Listener started = listener;
    return started == null ? List.of() : started.warnings(now);
  }

  /** As {@link Listener#endings}; empty before there is a listener. */
  public List<VerifierHealth.Ending> endings() {
    Listener started = listener;
    return started == null ? List.of() : started.endings();
  }
}
