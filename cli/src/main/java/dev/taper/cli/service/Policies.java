package dev.taper.cli.service;

import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Policy;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Reads what an authorizer says and knows. */
final class Policies {
  private final Console console;
  private final Inputs inputs;
  private final AuthorizerInput input;
  private final Parameters parameters;

  Policies(Console console, Inputs inputs, AuthorizerInput input) {
    this.console = console;
    this.inputs = inputs;
    this.input = input;
    // Policies, facts and queries share the values; each may use some of them.
    this.parameters = Params.parse(input.params()).allowUnused();
  }

  /** The policies that were given; asks for them in an editor if there are none. */
  PolicySet required() {
    if (input.policies().isEmpty() && input.snapshot() == null) {
      String text = new Editor(console).edit("a policy (--policy, --authorizer)");
      return PolicySet.of(Datalog.authorizer(text, parameters));
    }
    return given();
  }

  /** The policies that were given, possibly none. */
  PolicySet given() {
    if (input.snapshot() != null) {
      Tokens tokens = new Tokens(inputs, new Outputs(console));
      return tokens.read(input.snapshot(), Snapshot::decode, Snapshot::decode).policySet();
    }
    return PolicySet.of(merged());
  }

  private AuthorizerCode merged() {
    Block.Builder block = Block.builder();
    List<Policy> policies = new ArrayList<>();
    for (Source source : input.policies()) {
      AuthorizerCode code = Datalog.authorizer(inputs.text(source, InputKind.DATALOG), parameters);
      // One file's default scope would silently change what the others mean.
      if (!code.block().scopes().isEmpty() && input.policies().size() > 1) {
        throw CliException.usage(
            "policies with a 'trusting' clause for all of them cannot be combined with others");
      }
      block.merge(code.block());
      policies.addAll(code.policies());
    }
    return new AuthorizerCode(block.build(), policies);
  }

  /** Tells an authorizer what is known about the request. */
  void addRequest(Authorizer authorizer) {
    for (String fact : input.facts()) {
      authorizer.fact(Datalog.fact(fact, parameters));
    }
    if (!input.time().equals("none")) {
      authorizer.time(Times.clock(console, input.time()));
    }
  }
}
