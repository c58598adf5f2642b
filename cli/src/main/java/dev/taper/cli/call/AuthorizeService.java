package dev.taper.cli.call;

import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputTarget;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.policy.Policies;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** Verifies and authorizes. */
public final class AuthorizeService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  /** Works in the given console. */
  public AuthorizeService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Verifies a token and decides a request; whether it is allowed is the exit code. */
  public ExitCode run(AuthorizeRequest request) {
    UnverifiedToken unverified = tokens.read(request.token());
    RootKeys rootKeys = new Keys(console, inputs).rootKeys(request.rootKeys());
    Token token = Tokens.checked(() -> unverified.verify(rootKeys));
    Policies policies = new Policies(console, inputs, request.authorizer());
    PolicySet policySet = policies.required();
    if (request.snapshots().policies() != null) {
      save(
          policySet.snapshot(request.limits()),
          new OutputTarget(request.snapshots().policies(), request.snapshots().raw()));
    }
    Authorizer authorizer = policySet.authorizer(token).limits(request.limits());
    policies.addRequest(authorizer);
    try {
      return decide(request, authorizer);
    } catch (TaperException e) {
      deniedBy(e, request.json());
      throw e;
    }
  }

  private ExitCode decide(AuthorizeRequest request, Authorizer authorizer) {
    Authorization authorization = authorizer.run();
    Decision decision = authorization.decide();
    List<Fact> answers =
        request.query() == null ? List.of() : Queries.ask(authorization, request.query());
    if (request.snapshots().authorization() != null) {
      save(
          authorization.snapshot(),
          new OutputTarget(request.snapshots().authorization(), request.snapshots().raw()));
    }
    if (request.json()) {
      Json.object(
          console.out(),
          json -> {
            DecisionJson.write(json, decision, request.explain());
            DecisionJson.effort(json, authorization);
            if (request.query() != null) {
              Queries.write(json, "query", answers);
            }
          });
    } else {
      new DecisionText(console.out(), Style.out(console)).print(decision, request.explain());
      if (request.query() != null) {
        Queries.print(console.out(), answers);
      }
    }
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void save(Snapshot snapshot, OutputTarget target) {
    tokens.write(target, snapshot::encode, snapshot::encodeBase64);
  }

  /** What cannot be evaluated is denied, and says so; the error itself is reported as any other. */
  private void deniedBy(TaperException e, boolean json) {
    ErrorCode.Category category = e.code().category();
    boolean refusal =
        category == ErrorCode.Category.EXECUTION || category == ErrorCode.Category.LIMIT;
    if (refusal && !json) {
      console.out().println(Style.out(console).bad("DENIED") + "  " + e.code().text());
    }
  }
}
