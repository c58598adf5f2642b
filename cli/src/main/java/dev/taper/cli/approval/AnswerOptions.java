package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an approver says to a request. */
final class AnswerOptions extends Arguments {
  private final Value<String> window =
      option("--for", "DURATION", "How long it is good for. Default: ${DEFAULT-VALUE}.")
          .text("15m");

  private final Value<List<String>> audiences =
      option(
              "--audience",
              "NAME",
              "A service at which it is good; can be repeated.",
              "Default: the one that the holder asks for.")
          .texts();

  private final Flag anyArguments = flag("--any-arguments", "Whatever the call's arguments are.");

  private final Flag singleUse = flag("--single-use", "For one call only.");

  private final Flag refuse = flag("--refuse", "Sign a refusal instead.");

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why it is refused, in one line for the holder.").text();

  private final Flag yes = flag("--yes", "Do not ask.");

  /**
   * Refuses options that contradict each other.
   *
   * @throws CliException if they do
   */
  void check() {
    if (refuse.given()) {
      new GivenOptions()
          .add("--audience", !audiences.get().isEmpty())
          .add("--any-arguments", anyArguments.given())
          .add("--single-use", singleUse.given())
          .refuse("is for approvals, not for --refuse", "are for approvals, not for --refuse");
    } else {
      new GivenOptions().add("--reason", reason.get() != null).refuseWithout("--refuse");
    }
    if (singleUse.given() && audiences.get().size() > 1) {
      throw CliException.usage(
          "an approval for one call is good at one service: use --audience once");
    }
  }

  /** Whether to sign without a question. */
  boolean isFinal() {
    return yes.given();
  }

  /** Whether to refuse. */
  boolean isRefusal() {
    return refuse.given();
  }

  /** Why it is refused, or null. */
  @Nullable String reason() {
    return reason.get();
  }

  /** What is approved. */
  ApprovalTerms terms(Clock clock) {
    ApprovalTerms terms =
        ApprovalTerms.lasting(Times.window(clock, window.get())).at(audiences.get());
    terms = anyArguments.given() ? terms.withAnyArguments() : terms;
    return singleUse.given() ? terms.once() : terms;
  }
}
