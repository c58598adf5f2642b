package dev.taper.cli.approval;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On what terms an approver approves. */
final class AnswerOptions extends Arguments {
  private final Value<String> window =
      option("--for", "DURATION", "How long it is good for. Default: ${DEFAULT-VALUE}.")
          .text("15m");

  private final Value<List<String>> audiences =
      option(
              "--audience",
              "NAME",
              "A service at which it is good; can be repeated.",
              "Default: the one that is asked for.")
          .texts();

  private final Value<@Nullable Integer> uses =
      option("--uses", "N", "For how many calls, at one service. Default: for any number.")
          .optional(Integer.class);

  private final Value<List<String>> patterns =
      option(
              "--calls",
              "PATTERN",
              "Approve all such calls instead of the one that is asked for, with any arguments: tools,"
                  + " operations and resources as in a grant, such as"
                  + " \"jira.close on jira:project/ACME/*\"; can be repeated. Needs --uses, and --for"
                  + " an hour at most.")
          .texts();

  private final Value<@Nullable Integer> onwardFrom =
      option(
              "--onward-from",
              "BLOCK",
              "With --calls: good for everybody who has the token from the holder of that block on;"
                  + " together they have --uses calls.",
              "Default: for the present holder only.")
          .optional(Integer.class);

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why it is approved, in one line; part of what is signed.").text();

  final Value<@Nullable String> digest =
      option(
              "--accept-digest",
              "DIGEST",
              "Sign a call that is too long to be shown whole, if this is its digest: the last line of"
                  + " what --print-call writes.")
          .text();

  final Flag yes = flag("--yes", "Do not ask.");

  /**
   * Refuses a call that nobody saw whole, and one that is not the call that somebody saw.
   *
   * @param shown as it was shown
   * @param statement what would be signed
   * @throws CliException {@code call_unseen}, or {@code digest_mismatch}
   */
  void requireSeen(ShownCall shown, ApprovalStatement statement) {
    String accepted = digest.get();
    if (accepted != null && !statement.patterns().isEmpty()) {
      throw CliException.usage("--calls and --accept-digest exclude each other");
    }
    if (accepted != null && !accepted.equals(shown.digest())) {
      throw new CliException(
          ExitCode.DENIED,
          "digest_mismatch",
          "nothing was signed: this is not the call of --accept-digest, its digest is "
              + shown.digest(),
          null);
    }
    if (accepted == null && statement.patterns().isEmpty() && !shown.whole()) {
      throw new CliException(
          ExitCode.DENIED,
          "call_unseen",
          "nothing was signed: the call has "
              + shown.columns()
              + " columns, and up to "
              + ShownCall.COLUMNS
              + " are shown; write all of them to a file with --print-call, read it, and sign with"
              + " --accept-digest and the digest at its end",
          null);
    }
  }

  /** On what terms. */
  Approval.Terms terms(Clock clock) {
    Approval.Terms terms =
        Approval.Terms.lasting(Times.window(clock, window.get())).at(audiences.get());
    if (!patterns.get().isEmpty()) {
      List<CallPattern> calls = new ArrayList<>();
      patterns.get().forEach(text -> calls.add(CallPattern.of(Grant.parse(text))));
      terms = terms.calls(calls);
    }
    terms = uses.addTo(terms, Approval.Terms::uses);
    terms = onwardFrom.addTo(terms, Approval.Terms::onwardFrom);
    return reason.addTo(terms, Approval.Terms::because);
  }
}
