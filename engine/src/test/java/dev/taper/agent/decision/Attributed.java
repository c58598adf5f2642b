package dev.taper.agent.decision;

import static dev.taper.testing.Denials.denied;

import dev.taper.agent.call.Audience;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.WorkBudget;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.HeldToken;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refusal that is explained by trials which can fail, and which remember what was tried. */
final class Attributed implements Attribution.Trials {
  /** What can fail in a way that nobody thought of. */
  enum Step {
    DECIDE,
    DECIDE_IF,
    WORK
  }

  final Unexplained unexplained;
  final Readings readings = new Readings();

  /** The lengths of the chain that were tried, in order. */
  final List<Integer> tried = new ArrayList<>();

  /** True if there was too much work to find out everything. */
  boolean exhausted;

  /** The length at which there is too much work. */
  int exhaustedAt;

  private final List<Step> failing = new ArrayList<>();
  private final ToolCall call;
  private final PolicySet policies;
  private final Service service;
  private final HeldToken token;
  private final DelegationChain chain;
  private final CallFacts request;
  private final Escalation escalation;

  Attributed(Story story, UnverifiedToken token, ToolCall call, String policies) {
    this.call = call;
    this.policies = PolicySet.of(Datalog.authorizer(policies));
    this.service = new Service(story.verifier().policies(this.policies), Audience.of(Story.JIRA));
    this.unexplained = service.shared.unexplained;
    this.token = token.verifyHeld(RootKeys.of(story.root.publicKey()));
    this.chain = DelegationChain.of(this.token);
    this.request = call.facts().time(story.clock).audience(Story.JIRA);
    this.escalation = new Escalation(service, chain, call, List.of());
  }

  Attributed(Story story, AgentToken token, ToolCall call, String policies) {
    this(story, token.token(), call, policies);
  }

  Attributed failing(Step... steps) {
    failing.addAll(List.of(steps));
    return this;
  }

  CallDecision.Denied refusal() {
    Decision decision = policies.authorizerAfterProof(token).facts(all().list()).authorize();
    return denied(
        new Attribution(service, call, chain, decision, this, readings).refusal(escalation));
  }

  private CallFacts all() {
    return facts(chain.hops().size());
  }

  @Override
  public CallFacts facts(int length) {
    return chain.facts(request, length, null);
  }

  @Override
  public WorkBudget work() {
    fail(Step.WORK);
    return WorkBudget.of(RunLimits.defaults());
  }

  @Override
  public boolean exhausted() {
    return exhausted;
  }

  @Override
  public @Nullable Decision decide(int length) {
    fail(Step.DECIDE);
    tried.add(length);
    if (length == exhaustedAt) {
      exhausted = true;
      return null;
    }
    return tried(length, facts(length));
  }

  @Override
  public Decision decideIf(int length, ActivationSearch.Assumed assumed) {
    fail(Step.DECIDE_IF);
    return tried(length, chain.facts(escalation.onlyIf(request, assumed), length, null));
  }

  private Decision tried(int length, CallFacts facts) {
    return policies.hypothetical(token, length).facts(facts.list()).authorize();
  }

  private void fail(Step step) {
    if (failing.contains(step)) {
      throw new IllegalStateException("nobody thought of this");
    }
  }
}
