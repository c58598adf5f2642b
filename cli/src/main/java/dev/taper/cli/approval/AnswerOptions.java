package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On what terms an approver approves. */
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
        "Default: the one that is asked for."
      })
  private List<String> audiences = new ArrayList<>();

  @Option(
      names = "--uses",
      paramLabel = "N",
      description = "For how many calls, at one service. Default: for any number.")
  private @Nullable Integer uses;

  @Option(
      names = "--calls",
      paramLabel = "PATTERN",
      description = {
        "Approve all such calls instead of the one that is asked for, with any arguments: tools,"
            + " operations and resources as in a grant, such as"
            + " \"jira.close on jira:project/ACME/*\"; can be repeated. Needs --uses, and --for an"
            + " hour at most."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--onward-from",
      paramLabel = "BLOCK",
      description = {
        "With --calls: good for everybody who has the token from the holder of that block on;"
            + " together they have --uses calls.",
        "Default: for the present holder only."
      })
  private @Nullable Integer onwardFrom;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why it is approved, in one line; part of what is signed.")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /** Whether to sign without a question. */
  boolean isFinal() {
    return yes;
  }

  /** On what terms. */
  ApprovalTerms terms(Clock clock) {
    ApprovalTerms terms = ApprovalTerms.lasting(Times.window(clock, window)).at(audiences);
    if (!patterns.isEmpty()) {
      List<CallPattern> calls = new ArrayList<>();
      patterns.forEach(text -> calls.add(CallPattern.of(Grant.parse(text))));
      terms = terms.calls(calls);
    }
    terms = uses == null ? terms : terms.uses(uses);
    terms = onwardFrom == null ? terms : terms.onwardFrom(onwardFrom);
    return reason == null ? terms : terms.because(reason);
  }
}
