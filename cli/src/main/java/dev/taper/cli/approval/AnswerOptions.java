package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an approver says to a request. */
final class AnswerOptions {
  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long it is good for. Default: ${DEFAULT-VALUE}.")
  private String window = "15m";

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = {
        "A service at which it is good; can be repeated.",
        "Default: the one that the holder asks for."
      })
  private List<String> audiences = new ArrayList<>();

  @Option(names = "--any-arguments", description = "Whatever the call's arguments are.")
  private boolean anyArguments;

  @Option(names = "--single-use", description = "For one call only.")
  private boolean singleUse;

  @Option(names = "--refuse", description = "Sign a refusal instead.")
  private boolean refuse;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why it is refused, in one line for the holder.")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /**
   * Refuses options that contradict each other.
   *
   * @throws CliException if they do
   */
  void check() {
    if (refuse) {
      new GivenOptions()
          .add("--audience", !audiences.isEmpty())
          .add("--any-arguments", anyArguments)
          .add("--single-use", singleUse)
          .refuse("is for approvals, not for --refuse", "are for approvals, not for --refuse");
    } else {
      new GivenOptions().add("--reason", reason != null).refuseWithout("--refuse");
    }
    if (singleUse && audiences.size() > 1) {
      throw CliException.usage(
          "an approval for one call is good at one service: use --audience once");
    }
  }

  /** Whether to sign without a question. */
  boolean isFinal() {
    return yes;
  }

  /** Whether to refuse. */
  boolean isRefusal() {
    return refuse;
  }

  /** Why it is refused, or null. */
  @Nullable String reason() {
    return reason;
  }

  /** What is approved. */
  ApprovalTerms terms(Clock clock) {
    ApprovalTerms terms = ApprovalTerms.lasting(Times.window(clock, window)).at(audiences);
    terms = anyArguments ? terms.withAnyArguments() : terms;
    return singleUse ? terms.once() : terms;
  }
}
