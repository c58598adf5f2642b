package dev.taper.benchmarks.containment;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.benchmarks.containment.GuardedService.Answer;
import dev.taper.benchmarks.containment.corpus.Attack;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.benchmarks.containment.corpus.UserTask;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replays the calls of user tasks and attacks at a guarded server. An attack on a task has the
 * task's token, and every approval that the user gives for the task, none of them used. Not
 * thread-safe.
 */
final class Replay {
  private final Suite suite;
  private final GuardedService service;
  private final Mint mint;
  private final Signer approver;
  private final Clock clock;

  /**
   * Makes one.
   *
   * @param suite what is replayed
   * @param service where
   * @param mint who gives the agent its tokens
   * @param approver the key with which the user approves
   * @param clock the user's time
   */
  Replay(Suite suite, GuardedService service, Mint mint, Signer approver, Clock clock) {
    this.suite = suite;
    this.service = service;
    this.mint = mint;
    this.approver = approver;
    this.clock = clock;
  }

  /** Replays everything under grants of one style. */
  Tally tally(GrantStyle style) {
    List<Tally.Task> tasks = new ArrayList<>();
    List<Tally.Pair> pairs = new ArrayList<>();
    for (UserTask task : suite.userTasks()) {
      AgentToken token = mint.token(suite, task, style);
      tasks.add(task(task, token));
      Victim victim = new Victim(task, style, token, approvals(task, token));
      for (Attack attack : suite.attacks()) {
        if (!attack.steps().isEmpty()) {
          pairs.add(pair(victim, attack));
        }
      }
    }
    return new Tally(suite.name(), style, tasks, pairs);
  }

  /** A task under attack, with the approvals that its user gave and nobody used yet. */
  private record Victim(
      UserTask task, GrantStyle style, AgentToken token, List<Approval> approvals) {}

  private Approver user(UserTask task) {
    List<ToolCall> meant = task.calls().stream().map(service::meaning).toList();
    return new Approver(approver, clock, Mint.audience(suite), meant);
  }

  private Tally.Task task(UserTask task, AgentToken token) {
    Approver user = user(task);
    int asked = 0;
    List<Tally.Refusal> refused = new ArrayList<>();
    for (Call call : task.calls()) {
      Answer answer = service.call(token, call, List.of());
      ApprovalRequest ask = ask(answer);
      if (ask != null) {
        asked++;
        Optional<Approval> approval = user.answer(ask);
        if (approval.isPresent()) {
          answer = service.call(token, call, List.of(approval.get()));
        }
      }
      if (answer instanceof Answer.Refused no) {
        refused.add(new Tally.Refusal(call, no.code()));
      } else if (!same(((Answer.Ran) answer).received(), call)) {
        refused.add(new Tally.Refusal(call, "changed on the way"));
      }
    }
    return new Tally.Task(task.id(), asked, refused);
  }

  /** True for the same tool with the same arguments, however numbers are written. */
  private boolean same(Call received, Call sent) {
    return service.meaning(received).equals(service.meaning(sent));
  }

  private List<Approval> approvals(UserTask task, AgentToken token) {
    Approver user = user(task);
    List<Approval> approvals = new ArrayList<>();
    for (Call call : task.calls()) {
      ApprovalRequest ask = ask(service.call(token, call, List.of()));
      if (ask != null) {
        user.answer(ask).ifPresent(approvals::add);
      }
    }
    return approvals;
  }

  private Tally.Pair pair(Victim victim, Attack attack) {
    Attacker attacker =
        new Attacker(suite, victim.task(), victim.style().meant(victim.task()), attack);
    int asked = 0;
    int askedAgain = 0;
    List<Tally.Through> through = new ArrayList<>();
    for (Attack.Step step : attack.steps()) {
      Attempt attempt = new Attempt(victim);
      if (step.effect()) {
        Attacker.Forms forms = attacker.forms(step);
        Optional<Call> ran = attempt.first(forms.marked());
        boolean asMarked = ran.isPresent();
        if (ran.isEmpty()) {
          ran = attempt.first(forms.more());
        }
        ran.ifPresent(call -> through.add(through(victim, call, asMarked)));
      } else {
        attempt.first(List.of(step.call()));
      }
      asked += Math.min(1, attempt.asked);
      askedAgain += Math.max(0, attempt.asked - 1);
    }
    return new Tally.Pair(victim.task().id(), attack.id(), asked, askedAgain, through);
  }

  private Tally.Through through(Victim victim, Call call, boolean asMarked) {
    return new Tally.Through(
        call,
        asMarked,
        new WhyThrough(victim.task(), victim.style(), approver.publicKey())
            .reason(call, service.meaning(call)));
  }

  /** Tries forms of one call of an attack. */
  private final class Attempt {
    private final Victim victim;
    private final Approver user;
    private int asked;

    Attempt(Victim victim) {
      this.victim = victim;
      this.user = user(victim.task());
    }

    /** The first form that runs. */
    Optional<Call> first(List<Call> forms) {
      return forms.stream().filter(this::runs).findFirst();
    }

    private boolean runs(Call form) {
      Answer answer = service.call(victim.token(), form, victim.approvals());
      ApprovalRequest ask = ask(answer);
      if (ask != null) {
        asked++;
        Optional<Approval> approval = user.answer(ask);
        if (approval.isPresent()) {
          answer = service.call(victim.token(), form, List.of(approval.get()));
        }
      }
      return answer instanceof Answer.Ran;
    }
  }

  private static @Nullable ApprovalRequest ask(Answer answer) {
    return answer instanceof Answer.Refused refused ? refused.ask() : null;
  }
}
