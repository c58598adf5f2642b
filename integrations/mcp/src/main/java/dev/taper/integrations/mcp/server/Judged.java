package dev.taper.integrations.mcp.server;

import dev.taper.integrations.mcp.McpJudgement;
import org.jspecify.annotations.Nullable;

/**
 * A judgement on its way from a filter to the gate behind it, on the thread that has the request.
 * It is taken once. The message goes on as the judgement has it, whatever the gate is given.
 *
 * @param method of the message
 * @param judgement what becomes of it
 */
record Judged(String method, McpJudgement judgement) {
  private static final ThreadLocal<@Nullable Judged> PRESENT = new ThreadLocal<>();

  /** Leaves a judgement for what comes next on this thread. */
  static void leave(Judged judged) {
    PRESENT.set(judged);
  }

  /** Forgets what nobody took: no handler was entered, so what the call took is given back. */
  static void forget() {
    Judged judged = take();
    if (judged != null) {
      judged.judgement().giveBack();
    }
  }

  /** Takes what a filter left; null if no filter judged anything. */
  static @Nullable Judged take() {
    Judged judged = PRESENT.get();
    PRESENT.remove();
    return judged;
  }

  /** The judgement on a message of a method; null if it is on one of another method. */
  @Nullable McpJudgement of(String other) {
    return method.equals(other) ? judgement : null;
  }
}
