package dev.taper.cli.policy;

import dev.taper.Nearest;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Parameters;
import dev.taper.operations.Place;
import dev.taper.policies.Policies;
import dev.taper.policies.lint.PolicyLint;
import dev.taper.policies.lint.SetWarning;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what an authorizer says and knows. */
public final class GivenPolicies {
  private final Console console;
  private final Inputs inputs;
  private final List<Source> policies;
  private final @Nullable EncodedInput snapshot;
  private final Parameters parameters;

  /**
   * Policies that were given.
   *
   * @param console where an editor is opened, if need be
   * @param inputs where they are read
   * @param policies Datalog with policies, merged in order
   * @param snapshot saved policies instead, or null
   * @param params values of the parameters in policies and facts
   */
  public GivenPolicies(
      Console console,
      Inputs inputs,
      List<Source> policies,
      @Nullable EncodedInput snapshot,
      ParameterOptions params) {
    this.console = console;
    this.inputs = inputs;
    this.policies = List.copyOf(policies);
    this.snapshot = snapshot;
    // Policies, facts and queries share the values; each may use some of them.
    this.parameters = params.values().allowUnused();
  }

  /** True if there are any. */
  public boolean isGiven() {
    return !policies.isEmpty() || snapshot != null;
  }

  /** The policies that were given; asks for them in an editor if there are none. */
  public PolicySet required() {
    if (!isGiven()) {
      String text = new Editor(console).edit("a policy (--policy, --authorizer)");
      return PolicySet.of(Datalog.authorizer(text, parameters));
    }
    return given();
  }

  /** The policies that were given, possibly none. */
  public PolicySet given() {
    if (snapshot != null) {
      Tokens tokens = new Tokens(inputs, new Outputs(console));
      return tokens.read(snapshot, Snapshot::decode, Snapshot::decode).policySet();
    }
    List<PolicySet.Part> parts = parts();
    // If there is one file only, nobody has to be told which it was.
    return parts.size() == 1 && libraryName(policies.get(0)) == null
        ? PolicySet.of(parts.get(0).code())
        : PolicySet.of(parts);
  }

  /** The policies that were given, each with the name of its file or in the library. */
  public List<PolicySet.Part> parts() {
    List<PolicySet.Part> parts = new ArrayList<>();
    for (Source source : policies) {
      String name = libraryName(source);
      parts.add(name == null ? part(source) : Policies.part(name));
    }
    return parts;
  }

  /** A plain name of the library is never a file: for that, the caller writes {@code ./NAME}. */
  private static @Nullable String libraryName(Source source) {
    return source instanceof Source.File file && Policies.names().contains(file.name())
        ? file.name()
        : null;
  }

  /**
   * Refuses what is neither a file nor a name of the library, if it is close to one.
   *
   * @param place as written
   * @throws CliException if it is
   */
  static void requireKnown(Console console, String place) {
    String nearest = Nearest.of(place, Policies.names());
    if (nearest != null && !Files.exists(console.resolve(place))) {
      throw CliException.usage(
          "there is no file "
              + place
              + ", and no policy of that name in the library; did you mean "
              + nearest
              + "?");
    }
  }

  private PolicySet.Part part(Source source) {
    if (source instanceof Source.File file) {
      requireKnown(console, file.name());
    }
    return new PolicySet.Part(
        name(source), Datalog.authorizer(inputs.text(source, InputKind.DATALOG), parameters));
  }

  private static String name(Source source) {
    return source instanceof Source.File file
        ? Place.shown(file.name())
        : source instanceof Source.Stdin ? "standard input" : "--authorizer";
  }

  /**
   * Says why the policies that were given can never allow a call, as far as that can be seen
   * without running them; null if they can, or came from where they cannot be read again.
   */
  public @Nullable String neverAllows() {
    Map<String, String> texts = new LinkedHashMap<>();
    Inputs again = new Inputs(console);
    for (Source source : policies) {
      String name = libraryName(source);
      if (source instanceof Source.Stdin) {
        return null;
      }
      texts.put(
          name == null ? name(source) : name,
          name == null ? again.text(source, InputKind.DATALOG) : Policies.source(name));
    }
    SetWarning found = texts.isEmpty() ? null : PolicyLint.checkTogether(texts);
    if (found != null) {
      return found.warning().message();
    }
    boolean allows =
        policies.isEmpty()
            || parts().stream()
                .flatMap(part -> part.code().policies().stream())
                .anyMatch(policy -> policy.kind() == Policy.Kind.ALLOW);
    return allows ? null : "none of the policies allows anything: add default behind them";
  }

  /** Facts about the request, as Datalog text. */
  public List<Fact> facts(List<String> facts) {
    return facts.stream().map(fact -> Datalog.fact(fact, parameters)).toList();
  }
}
