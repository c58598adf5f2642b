package dev.taper.cli.policy;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.operations.config.Times;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper policy explain}. */
final class PolicyExplainCommand extends JsonCommand {
  private final Value<List<String>> policies =
      parameter(
              "0..*",
              "1..*",
              "FILE|NAME",
              "Policies, as files or by their names in the library; in order.")
          .texts();

  private final Value<List<String>> facts =
      option(
              "-f, --fact",
              "FACT",
              "A fact that the service states, such as: allowed_tool(\"jira.get\")")
          .texts();

  private final Value<String> time =
      option(
              "--time",
              "TIME",
              "The time fact: now (the default), none, a date, or +15m for later than now.")
          .text("now");

  private final Value<@Nullable String> token =
      option("--token", "FILE", "A delegation token, or -.").text();

  private final CallOptions call = part(new CallOptions());
  private final PublicKeyInput key = part(new PublicKeyInput());
  private final ParameterOptions params = part(new ParameterOptions());
  private final NamesOption names = part(new NamesOption());

  PolicyExplainCommand(Console console) {
    super(
        console,
        "explain",
        "Show step by step how policies decide about a call: facts, rules, checks, policies.",
        "Without a token only what the service knows of the call counts. With one, its signatures are"
            + " verified but no proof is asked for: this explains, use authorize to decide.",
        "Without --audience the service is svc:test. Exit 0 if the policies allow the call, else 1.");
  }

  @Override
  protected ExitCode run() {
    if (token.get() == null) {
      key.written().add(names.written()).refuseWithout("--token");
    }
    if (token.get() != null) {
      key.required();
    }
    GivenPolicies given =
        new GivenPolicies(
            console, inputs, policies.get().stream().map(Source::ofFile).toList(), null, params);
    VerifiedChain chain = token.get() == null ? null : chain(token.get());
    CallFacts stated = call.read(inputs).facts().audience(call.audienceOr("svc:test"));
    if (!time.get().equals("none")) {
      stated = stated.time(Times.at(console.clock(), time.get()));
    }
    List<Fact> known = facts(stated, chain, names.read(console));
    List<Fact> more = given.facts(facts.get());
    List<PolicySet.Part> parts = given.parts();
    PolicySet set = PolicySet.of(parts);
    Authorizer authorizer =
        chain == null ? set.authorizer() : set.hypothetical(chain, chain.blocks().size());
    Authorization authorization = authorizer.facts(known).facts(more).run();
    Decision decision = authorization.decide();
    return answer(
        decision.allowed(),
        () -> DecisionFields.of(decision, true).putAll(DecisionFields.facts(authorization)),
        () -> new ExplainText(console, authorization, decision, parts).print());
  }

  private VerifiedChain chain(String file) {
    UnverifiedToken read = tokens.read(new EncodedInput(Source.ofFile(file), false));
    RootKeys trusted = key.read(inputs, console.clock());
    return Tokens.checked(() -> read.verifyAny(trusted));
  }

  private static List<Fact> facts(
      CallFacts facts, @Nullable VerifiedChain token, @Nullable NamesFile known) {
    if (token == null) {
      return facts.list();
    }
    AgentDirectory directory = known == null ? null : known.directory();
    return DelegationChain.of(token).facts(facts, directory).list();
  }
}
