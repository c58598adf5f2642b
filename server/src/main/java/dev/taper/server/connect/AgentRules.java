package dev.taper.server.connect;

import dev.taper.server.connect.AgentMessages.Step;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.PassingRules;
import dev.taper.server.mcp.RpcMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a relay does on an agent's side: requests are signed, everything else goes on. Thread-safe.
 */
final class AgentRules extends PassingRules {

  private final AgentMessages messages;
  private final ModelTools tools;
  private final Executor waiting;
  private final boolean standsAlone;
  private volatile boolean begun;

  /**
   * Makes rules.
   *
   * @param waiting runs tools of ours, some of which wait
   * @param standsAlone whether the requests have no session
   */
  AgentRules(AgentMessages messages, ModelTools tools, Executor waiting, boolean standsAlone) {
    this.messages = messages;
    this.tools = tools;
    this.waiting = waiting;
    this.standsAlone = standsAlone;
  }

  /** True once the client's session has begun. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  public void request(Call call) {
    call.vouch(); // whoever reaches it is the agent
    Step step = messages.step(call.request());
    if (step instanceof Step.Forward forward) {
      boolean unused =
          call.forward(forward.params(), answer -> messages.answered(forward.asked(), answer));
    } else if (step instanceof Step.Own own) {
      begin(call, own);
    } else {
      call.answer(whole(((Step.Answer) step).answer()), 200);
    }
  }

  private void begin(Call call, Step.Own own) {
    try {
      waiting.execute(() -> answer(call, own));
    } catch (RejectedExecutionException e) {
      answer(call, ToolAnswer.mistake("Too many of these wait already: wait for one of them."));
    }
  }

  private void answer(Call call, Step.Own own) {
    try {
      answer(call, tools.call(own.tool(), own.arguments(), call::isOpen));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(call, ToolAnswer.mistake("The connection ends."));
    }
  }

  private void answer(Call call, ToolAnswer answer) {
    call.answer(whole(new RpcMessage.Result(call.request().id(), answer.result())), 200);
  }

  /** An answer of ours with what requests without a session want in it. */
  private RpcMessage whole(RpcMessage answer) {
    if (!standsAlone || !(answer instanceof RpcMessage.Result result)) {
      return answer;
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>(result.result());
    members.put("resultType", "complete");
    members.put("cacheScope", "private");
    members.put("ttlMs", 0);
    return new RpcMessage.Result(result.id(), members);
  }

  @Override
  public RpcMessage.Notification notification(RpcMessage.Notification notification) {
    if (notification.method().equals(RpcMessage.Notification.INITIALIZED)) {
      begun = true;
    }
    return notification;
  }

  @Override
  protected @Nullable Map<String, @Nullable Object> schema(@Nullable Object tool) {
    return messages.schema(tool);
  }
}
