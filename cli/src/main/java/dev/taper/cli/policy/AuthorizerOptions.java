package dev.taper.cli.policy;

import dev.taper.authorizer.Authorizer;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the authorizer says and knows. */
public final class AuthorizerOptions extends Arguments {
  private final Value<List<String>> files =
      option(
              "--policy",
              "FILE|NAME",
              "File with policies, checks, rules and facts, - or a name of the library, such as"
                  + " read-only; see docs/policies.md. Several add up in order.")
          .texts();

  private final Value<@Nullable String> text =
      option("--authorizer", "DATALOG", "The same as text; comes behind the files.").text();

  private final Value<@Nullable String> snapshotFile =
      option(
              "--policies-snapshot",
              "FILE",
              "Saved policies instead, as --dump-policies-snapshot writes them.")
          .text();

  private final Value<@Nullable String> snapshotText =
      option("--policies-snapshot-text", "BASE64", "The same as base64url text.").text();

  private final Flag rawSnapshot =
      flag("--raw-policies-input", "The saved policies are raw bytes.");

  /** Facts about the request. */
  public final Value<List<String>> facts =
      option("-f, --fact", "FACT", "A fact about the request, such as: resource(\"file1\")")
          .texts();

  private final Value<String> time =
      option(
              "--time",
              "TIME",
              "The time fact: now (the default), none, a date, or +15m for later than now.")
          .text("now");

  /**
   * Refuses options that contradict each other.
   *
   * @throws CliException if they do
   */
  public AuthorizerOptions check() {
    if (snapshot() != null && (!files.get().isEmpty() || text.get() != null)) {
      throw CliException.usage("saved policies exclude --policy and --authorizer");
    }
    return this;
  }

  /** The policies. */
  public GivenPolicies policies(Console console, Inputs inputs, ParameterOptions params) {
    List<Source> policies = new ArrayList<>();
    for (String file : files.get()) {
      policies.add(Source.ofFile(file));
    }
    if (text.get() != null) {
      policies.add(new Source.Text(text.get()));
    }
    return new GivenPolicies(console, inputs, policies, snapshot(), params);
  }

  /** Warns if the policies can never allow anything: no token is to blame then. */
  public void warnIfNeverAllowing(Console console, Inputs inputs, ParameterOptions params) {
    String why = policies(console, inputs, params).neverAllows();
    if (why != null) {
      Warnings.warn(console, why);
    }
  }

  /** Tells an authorizer what is known about the request. */
  public void addRequest(Authorizer authorizer, GivenPolicies policies, Clock clock) {
    authorizer.facts(policies.facts(facts.get()));
    if (!time.get().equals("none")) {
      authorizer.time(Times.at(clock, time.get()));
    }
  }

  /** True if the time is another one than now. */
  public boolean isAtAnotherTime() {
    return time.isGiven();
  }

  /**
   * The clock for the time that is given.
   *
   * @throws dev.taper.operations.OperationException if it is none
   */
  public Clock clock(Clock now) {
    return Times.at(now, time.get());
  }

  private @Nullable EncodedInput snapshot() {
    GivenOptions.exclude(snapshotFile, snapshotText);
    if (snapshotFile.get() != null) {
      return new EncodedInput(Source.ofFile(snapshotFile.get()), rawSnapshot.given());
    }
    return snapshotText.get() == null
        ? null
        : new EncodedInput(new Source.Text(snapshotText.get()), false);
  }
}
