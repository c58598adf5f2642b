package dev.taper.cli.policy;

import dev.taper.authorizer.Authorizer;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the authorizer says and knows. */
public final class AuthorizerOptions {
  @Option(
      names = "--policy",
      paramLabel = "FILE|NAME",
      description =
          "File with policies, checks, rules and facts, - or a name of the library, such as"
              + " read-only; see docs/policies.md. Several add up in order.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--authorizer",
      paramLabel = "DATALOG",
      description = "The same as text; comes behind the files.")
  private @Nullable String text;

  @Option(
      names = "--policies-snapshot",
      paramLabel = "FILE",
      description = "Saved policies instead, as --dump-policies-snapshot writes them.")
  private @Nullable String snapshotFile;

  @Option(
      names = "--policies-snapshot-text",
      paramLabel = "BASE64",
      description = "The same as base64url text.")
  private @Nullable String snapshotText;

  @Option(names = "--raw-policies-input", description = "The saved policies are raw bytes.")
  private boolean rawSnapshot;

  @Option(
      names = {"-f", "--fact"},
      paramLabel = "FACT",
      description = "A fact about the request, such as: resource(\"file1\")")
  private List<String> facts = new ArrayList<>();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "The time fact: now (the default), none, a date, or +15m for later than now.")
  private String time = "now";

  /**
   * Refuses options that contradict each other.
   *
   * @throws CliException if they do
   */
  public AuthorizerOptions check() {
    if (snapshot() != null && (!files.isEmpty() || text != null)) {
      throw CliException.usage("saved policies exclude --policy and --authorizer");
    }
    return this;
  }

  /** The policies. */
  public GivenPolicies policies(Console console, Inputs inputs, ParameterOptions params) {
    List<Source> policies = new ArrayList<>();
    for (String file : files) {
      policies.add(Source.ofFile(file));
    }
    if (text != null) {
      policies.add(new Source.Text(text));
    }
    return new GivenPolicies(console, inputs, policies, snapshot(), params);
  }

  /** Tells an authorizer what is known about the request. */
  public void addRequest(Authorizer authorizer, GivenPolicies policies, Clock clock) {
    authorizer.facts(policies.facts(facts));
    if (!time.equals("none")) {
      authorizer.time(Times.at(clock, time));
    }
  }

  /** True if facts about the request are given. */
  public boolean hasFacts() {
    return !facts.isEmpty();
  }

  /** True if the time is another one than now. */
  public boolean isAtAnotherTime() {
    return !time.equals("now");
  }

  /**
   * The clock for the time that is given.
   *
   * @throws dev.taper.operations.OperationException if it is none
   */
  public Clock clock(Clock now) {
    return Times.at(now, time);
  }

  private @Nullable EncodedInput snapshot() {
    if (snapshotFile != null && snapshotText != null) {
      throw CliException.usage(
          "--policies-snapshot and --policies-snapshot-text exclude each other");
    }
    if (snapshotFile != null) {
      return new EncodedInput(Source.ofFile(snapshotFile), rawSnapshot);
    }
    return snapshotText == null ? null : new EncodedInput(new Source.Text(snapshotText), false);
  }
}
