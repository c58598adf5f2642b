package dev.taper.benchmarks.containment;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Grant;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.TaskGrant;
import dev.taper.benchmarks.containment.corpus.UserTask;
import dev.taper.crypto.PublicKey;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Says why a call of an attack got through: which grant covers it, and what that leaves open. */
final class WhyThrough {
  private final UserTask task;
  private final GrantStyle style;
  private final PublicKey approver;

  WhyThrough(UserTask task, GrantStyle style, PublicKey approver) {
    this.task = task;
    this.style = style;
    this.approver = approver;
  }

  /**
   * Finds the reason.
   *
   * @param call what ran
   * @param meaning what it means
   */
  String reason(Call call, ToolCall meaning) {
    String reason = "";
    for (TaskGrant meant : style.meant(task)) {
      for (Grant grant : style.grants(meant, approver)) {
        if (grant.covers(meaning.facts()) && (reason.isEmpty() || grant.activations().isEmpty())) {
          reason = reason(call, meant);
        }
      }
    }
    return reason.isEmpty() ? "no grant covers it" : reason;
  }

  private String reason(Call call, TaskGrant meant) {
    if (style.needsApproval(meant)) {
      return "the user approves a call that looks the same";
    }
    if (style == GrantStyle.BY_TOOL) {
      return "the task needs the tool";
    }
    SortedSet<String> said = new TreeSet<>();
    SortedSet<String> open = new TreeSet<>();
    for (String argument : call.arguments().propertyNames()) {
      JsonNode constraint = meant.constraints().get(argument);
      boolean isOpen = constraint == null || constraint.path("open").asBoolean(false);
      (isOpen ? open : said).add(argument);
    }
    SortedSet<String> authority = new TreeSet<>(meant.openAuthority());
    authority.retainAll(open);
    return authority.isEmpty()
        ? words(said) + " as the user wants, and " + words(open) + " left open"
        : "the prompt does not say " + words(authority);
  }

  private static String words(SortedSet<String> arguments) {
    return arguments.isEmpty() ? "nothing" : String.join(", ", arguments);
  }
}
