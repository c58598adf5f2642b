package dev.taper.cli.approval;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.Arguments;
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

  private final Flag yes = flag("--yes", "Do not ask.");

  /** Whether to sign without a question. */
  boolean isFinal() {
    return yes.given();
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
    Integer count = uses.get();
    Integer from = onwardFrom.get();
    String why = reason.get();
    terms = count == null ? terms : terms.uses(count);
    terms = from == null ? terms : terms.onwardFrom(from);
    return why == null ? terms : terms.because(why);
  }
}
