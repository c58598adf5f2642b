package dev.taper.benchmarks.containment;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.benchmarks.containment.corpus.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The guarded server of a suite, as an agent sees it. */
interface GuardedService extends AutoCloseable {
  /**
   * Makes a call as the holder of a token.
   *
   * @param token what the agent was given
   * @param call what it wants
   * @param approvals what it sends beside the token
   */
  Answer call(AgentToken token, Call call, List<Approval> approvals);

  /** What a call means, by the server's catalog. */
  ToolCall meaning(Call call);

  @Override
  void close();

  /** What came of a call. */
  sealed interface Answer {
    /**
     * The tool ran.
     *
     * @param received what its handler was given
     */
    record Ran(Call received) implements Answer {}

    /**
     * The tool did not run.
     *
     * @param code why
     * @param ask the ask for an approval that the server makes of the call; null if an approval
     *     would not help
     */
    record Refused(String code, @Nullable ApprovalRequest ask) implements Answer {}
  }
}
