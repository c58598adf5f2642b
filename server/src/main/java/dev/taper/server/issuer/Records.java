package dev.taper.server.issuer;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.crypto.PublicKey;
import dev.taper.store.registry.Registry;
import java.time.Clock;
import java.util.HexFormat;

/**
 * Records what is issued and decided, before anybody gets it, and registers it. What cannot be
 * recorded does not happen. Thread-safe.
 */
public final class Records {
  private final AuditLog log;
  private final Registering registering;
  private final Clock clock;
  private final FailureLog failures;

  /** Records in a log and a registry, which the caller closes. */
  public Records(AuditLog log, Registry registry, Clock clock) {
    this.log = log;
    this.registering = new Registering(registry);
    this.clock = clock;
    this.failures = FailureLog.of(Records.class, "recording", clock);
  }

  /**
   * A token was issued.
   *
   * @param template by which template
   * @param consent where the person's consent came from
   * @throws TaperException if it cannot be recorded or registered
   */
  void issued(AgentToken token, String template, Consent consent, PublicKey root) {
    log.append(
        AuditEvent.minted(token, clock.instant())
            .subject(AuditEvent.Subject.of("exchange", template).decision(consent.text())));
    registering.register(token, root);
  }

  /**
   * A token was renewed.
   *
   * @param before the token that was sent
   * @throws TaperException if it cannot be recorded or registered
   */
  void renewed(AgentToken token, AgentToken before, PublicKey root) {
    String old = HexFormat.of().formatHex(before.blockDigests().get(0));
    log.append(
        AuditEvent.minted(token, clock.instant())
            .subject(AuditEvent.Subject.of("renewal", old).decision(Consent.RENEWED.text())));
    registering.register(token, root);
  }

  /**
   * A person decided about an exchange.
   *
   * @throws TaperException if it cannot be recorded
   */
  void decided(PendingExchange exchange, boolean isConfirmed) {
    log.append(
        AuditEvent.of(isConfirmed ? AuditKind.APPROVE : AuditKind.REFUSE, clock.instant())
            .by(exchange.delegator())
            .task(exchange.task().id())
            .subject(
                AuditEvent.Subject.of("exchange", exchange.id())
                    .reason(exchange.agent().name() + ": " + String.join("; ", exchange.grants()))
                    .until(exchange.end())));
  }

  /**
   * An exchange by an agent that proved its key was refused. It is refused all the same if that
   * cannot be recorded.
   */
  void refused(EnrolledAgent agent, String delegator, String code) {
    try {
      log.append(
          AuditEvent.of(AuditKind.REFUSE, clock.instant())
              .by(delegator)
              .subject(AuditEvent.Subject.of("exchange", agent.name()).decision(code)));
    } catch (TaperException e) {
      failures.failed(e);
    }
  }
}
