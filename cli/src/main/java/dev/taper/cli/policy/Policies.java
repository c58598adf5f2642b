package dev.taper.cli.policy;

import dev.taper.cli.io.Params;
import dev.taper.cli.io.Times;
import dev.taper.cli.io.Tokens;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.PolicyPart;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.datalog.Fact;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what an authorizer says and knows. */
public final class Policies {
  private final Console console;
  private final Inputs inputs;
  private final AuthorizerInput input;
  private final Parameters parameters;

  public Policies(Console console, Inputs inputs, AuthorizerInput input) {
    this.console = console;
    this.inputs = inputs;
    this.input = input;
    // Policies, facts and queries share the values; each may use some of them.
    this.parameters = Params.parse(input.params()).allowUnused();
  }

  /** The policies that were given; asks for them in an editor if there are none. */
  public PolicySet required() {
    if (input.policies().isEmpty() && input.snapshot() == null) {
      String text = new Editor(console).edit("a policy (--policy, --authorizer)");
      return PolicySet.of(Datalog.authorizer(text, parameters));
    }
    return given();
  }

  /** The policies that were given, possibly none. */
  public PolicySet given() {
    if (input.snapshot() != null) {
      Tokens tokens = new Tokens(inputs, new Outputs(console));
      return tokens.read(input.snapshot(), Snapshot::decode, Snapshot::decode).policySet();
    }
    List<PolicyPart> parts = parts();
    // Of one file alone, nobody has to be told which it was.
    return parts.size() == 1 && libraryName(input.policies().get(0)) == null
        ? PolicySet.of(parts.get(0).code())
        : PolicySet.of(parts);
  }

  /** The policies that were given, each with the name of its file or in the library. */
  public List<PolicyPart> parts() {
    List<PolicyPart> parts = new ArrayList<>();
    for (Source source : input.policies()) {
      String name = libraryName(source);
      parts.add(name == null ? part(source) : dev.taper.policies.Policies.part(name));
    }
    return parts;
  }

  /** A plain name of the library is never a file: whoever means one writes {@code ./NAME}. */
  private static @Nullable String libraryName(Source source) {
    return source instanceof Source.File file
            && dev.taper.policies.Policies.names().contains(file.name())
        ? file.name()
        : null;
  }

  private PolicyPart part(Source source) {
    String name =
        source instanceof Source.File file
            ? Source.shown(file.name())
            : source instanceof Source.Stdin ? "standard input" : "--authorizer";
    return new PolicyPart(
        name, Datalog.authorizer(inputs.text(source, InputKind.DATALOG), parameters));
  }

  /** Tells an authorizer what is known about the request. */
  public void addRequest(Authorizer authorizer) {
    authorizer.facts(facts());
    if (!input.time().equals("none")) {
      authorizer.time(Times.clock(console, input.time()));
    }
  }

  /** The facts that were given. */
  public List<Fact> facts() {
    return input.facts().stream().map(fact -> Datalog.fact(fact, parameters)).toList();
  }
}
