package dev.taper.cli.policy;

import dev.taper.agent.AgentDirectory;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.NamesFile;
import dev.taper.agent.call.CallFacts;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows how policies decide a call, step by step. It verifies a token's signatures, but no holder's
 * proof: it explains, and is no decision to act upon.
 */
final class ExplainService {
  private final Console console;
  private final Inputs inputs;

  ExplainService(Console console, Inputs inputs) {
    this.console = console;
    this.inputs = inputs;
  }

  /**
   * Evaluates and shows; the exit code says whether the policies would allow the call.
   *
   * @param policies the policies
   * @param facts what the service knows of the call
   * @param more facts that it states besides
   * @param token the token, or null
   */
  ExitCode run(
      GivenPolicies policies,
      List<Fact> facts,
      List<Fact> more,
      @Nullable VerifiedChain token,
      boolean json) {
    List<PolicySet.Part> parts = policies.parts();
    PolicySet set = PolicySet.of(parts);
    Authorizer authorizer =
        token == null ? set.authorizer() : set.hypothetical(token, token.blocks().size());
    Authorization authorization = authorizer.facts(facts).facts(more).run();
    if (json) {
      Decision decision = authorization.decide();
      Json.object(
          console.out(),
          out -> {
            DecisionJson.write(out, decision, true);
            DecisionJson.facts(out, authorization);
          });
      return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
    }
    boolean allowed = new ExplainText(console, authorization, parts).print();
    return allowed ? ExitCode.OK : ExitCode.DENIED;
  }

  /** Reads and verifies a token. */
  VerifiedChain token(String file, PublicKeyInput rootKeys) {
    UnverifiedToken token =
        new Tokens(inputs, new Outputs(console)).read(new EncodedInput(Source.ofFile(file), false));
    RootKeys keys = rootKeys.read(inputs, console.clock());
    return Tokens.checked(() -> token.verifyAny(keys));
  }

  /**
   * What the service knows of a call.
   *
   * @param facts the call's own facts
   * @param token the token, or null
   * @param known the names and their keys, or null
   */
  List<Fact> facts(CallFacts facts, @Nullable VerifiedChain token, @Nullable NamesFile known) {
    if (token == null) {
      return facts.list();
    }
    AgentDirectory names = known == null ? null : known.directory();
    return DelegationChain.of(token).facts(facts, names).list();
  }
}
