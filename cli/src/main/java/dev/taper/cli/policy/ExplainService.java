package dev.taper.cli.policy;

import dev.taper.cli.call.ProofService;
import dev.taper.cli.io.AgentDirectories;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Times;
import dev.taper.cli.io.Tokens;
import dev.taper.agent.AgentDirectory;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.call.CallFacts;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.PolicyPart;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows how policies come to their decision about a call, step by step. A token's signatures are
 * verified, its holder's proof is not: this explains, and is no decision to act upon.
 */
public final class ExplainService {
  private final Console console;
  private final Inputs inputs;

  /** Works in the given console. */
  public ExplainService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
  }

  /** Evaluates and shows; whether the policies would allow the call is the exit code. */
  public ExitCode run(ExplainRequest request) {
    Policies policies = new Policies(console, inputs, request.policies());
    List<PolicyPart> parts = policies.parts();
    PolicySet set = PolicySet.of(parts);
    VerifiedChain token = token(request);
    Authorizer authorizer =
        token == null ? set.authorizer() : set.hypothetical(token, token.blocks().size());
    authorizer.facts(facts(request, token)).facts(policies.facts());
    Authorization authorization = authorizer.run();
    boolean allowed = new ExplainText(console, authorization, parts).print();
    return allowed ? ExitCode.OK : ExitCode.DENIED;
  }

  private @Nullable VerifiedChain token(ExplainRequest request) {
    if (request.token() == null) {
      return null;
    }
    UnverifiedToken token = new Tokens(inputs, new Outputs(console)).read(request.token());
    RootKeys keys = new Keys(console, inputs).rootKeys(Objects.requireNonNull(request.rootKeys()));
    return Tokens.checked(() -> token.verifyAny(keys));
  }

  private List<Fact> facts(ExplainRequest request, @Nullable VerifiedChain token) {
    CallFacts facts =
        ProofService.call(inputs, request.call()).facts().audience(request.call().audience());
    if (!request.policies().time().equals("none")) {
      facts = facts.time(Times.clock(console, request.policies().time()));
    }
    if (token == null) {
      return facts.list();
    }
    AgentDirectory directory =
        request.directory() == null
            ? null
            : AgentDirectories.read(inputs.text(request.directory(), InputKind.DIRECTORY));
    return DelegationChain.of(token).facts(facts, directory).list();
  }
}
