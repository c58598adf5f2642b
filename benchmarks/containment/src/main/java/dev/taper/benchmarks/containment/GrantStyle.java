package dev.taper.benchmarks.containment;

import dev.taper.agent.grant.Grant;
import dev.taper.benchmarks.containment.corpus.TaskGrant;
import dev.taper.benchmarks.containment.corpus.UserTask;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;

/** How closely an issuer writes grants. */
enum GrantStyle {
  /** The tools that the prompt needs, with any arguments. */
  BY_TOOL("by tool"),
  /** Also the arguments, where the prompt says what they are. */
  BY_ARGUMENT("by tool and argument"),
  /** Also an approval, where an argument that says whom or what is touched stays open. */
  WITH_APPROVALS("with approvals");

  private final String text;

  GrantStyle(String text) {
    this.text = text;
  }

  /** What reports call it. */
  String text() {
    return text;
  }

  /** What the issuer means to allow for a task. */
  List<TaskGrant> meant(UserTask task) {
    return this == BY_TOOL ? task.byTool() : task.byArgument();
  }

  /** True if calls under this part of what is meant need an approval. */
  boolean needsApproval(TaskGrant meant) {
    return this == WITH_APPROVALS && !meant.openAuthority().isEmpty();
  }

  /** The grants that the issuer signs for a part of what is meant. */
  List<Grant> grants(TaskGrant meant, PublicKey approver) {
    List<Grant> grants = new ArrayList<>();
    for (String text : meant.texts()) {
      Grant grant = Grant.parse(text);
      grants.add(needsApproval(meant) ? grant.ifApproved(approver) : grant);
    }
    return grants;
  }
}
