package dev.taper.agent;

import dev.taper.agent.call.CallFacts;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.WorkBudget;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.List;

/** Explains a decision by trials that fail in a way that nobody thought of. */
final class Failing {
  private Failing() {}

  static CallDecision refusal(Story story, CallDecision decision, Unexplained unexplained) {
    DelegationChain chain = decision.chain();
    PolicySet policies = PolicySet.of(Datalog.authorizer("allow if true;"));
    PendingDecision.Service service =
        new PendingDecision.Service(
            Story.JIRA,
            policies,
            null,
            ExternFunctions.none(),
            RunLimits.defaults(),
            story.clock,
            false,
            unexplained);
    CallFacts facts =
        chain.facts(decision.call().facts().time(story.clock).audience(Story.JIRA), null);
    Decision plain =
        policies
            .authorizerAfterProof(
                UnverifiedToken.decode(story.atResearcher().encode())
                    .verifyHeld(RootKeys.of(story.root.publicKey())))
            .facts(facts.list())
            .authorize();
    Escalation escalation =
        new Escalation(
            chain,
            decision.call(),
            story.clock,
            new Escalation.Rules(
                Story.JIRA, Duration.ofHours(1), Duration.ofHours(24), true, ApproverNames.NONE),
            List.of());
    return new Attribution(
            service, decision.call(), chain, plain, new Trials(facts), new Readings())
        .refusal(escalation);
  }

  private record Trials(CallFacts known) implements Attribution.Trials {
    @Override
    public CallFacts facts(int length) {
      return known;
    }

    @Override
    public WorkBudget work() {
      return WorkBudget.of(RunLimits.defaults());
    }

    @Override
    public boolean exhausted() {
      return false;
    }

    @Override
    public Decision decide(int length) {
      throw new IllegalStateException("nobody thought of this");
    }

    @Override
    public Decision decideIf(int length, ActivationSearch.Assumed assumed) {
      throw new IllegalStateException("nobody thought of this");
    }
  }
}
