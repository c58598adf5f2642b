package dev.taper.benchmarks.containment;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.benchmarks.containment.corpus.TaskGrant;
import dev.taper.benchmarks.containment.corpus.UserTask;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.time.Duration;

/** Mints the token that an agent gets for a user's task. Thread-safe. */
final class Mint {
  private final Issuer issuer;
  private final PublicKey agent;
  private final PublicKey approver;

  /**
   * Makes one.
   *
   * @param root the issuer's key
   * @param agent the agent's key
   * @param approver whose approvals count
   * @param clock the issuer's time
   */
  Mint(Signer root, PublicKey agent, PublicKey approver, Clock clock) {
    this.issuer = Issuer.of(root).clock(clock);
    this.agent = agent;
    this.approver = approver;
  }

  /** The audience of a suite's server. */
  static String audience(Suite suite) {
    return "svc:" + suite.name();
  }

  /** A token for a task, good for an hour. */
  AgentToken token(Suite suite, UserTask task, GrantStyle style) {
    Delegation delegation =
        Delegation.by("user:" + suite.name() + "-" + task.id())
            .to(Agent.of("agent:assistant", agent))
            .task(task.id())
            .audience(audience(suite))
            .expiresIn(Duration.ofHours(1));
    for (TaskGrant meant : style.meant(task)) {
      for (Grant grant : style.grants(meant, approver)) {
        delegation = delegation.grant(grant);
      }
    }
    return issuer.mint(delegation);
  }
}
