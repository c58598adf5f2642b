package dev.taper.benchmarks.containment;

import dev.taper.agent.AgentToken;
import dev.taper.agent.CallDecision;
import dev.taper.agent.MissingActivation;
import dev.taper.agent.Verifier;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class DirectService implements GuardedService {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final ToolCatalog catalog;
  private final Verifier verifier;
  private final Signer agent;
  private final String audience;

  DirectService(Suite suite, PublicKey root, Signer agent) {
    this.agent = agent;
    this.audience = Mint.audience(suite);
    ObjectNode list = JSON.createObjectNode();
    ArrayNode tools = list.putArray("tools");
    for (Suite.Tool tool : suite.tools().values()) {
      tools
          .addObject()
          .put("name", tool.name())
          .put("description", tool.description())
          .set("inputSchema", JSON.readTree(tool.schema()));
    }
    catalog = ToolCatalog.draft(audience, list.toString());
    verifier =
        Verifier.trusting(RootKeys.of(root))
            .audience(audience)
            .catalog(catalog)
            .withoutRevocation()
            .approvalUsesOfOneProcess()
            .build();
  }

  private static SentMcp sent(Call call) {
    ObjectNode params = JSON.createObjectNode().put("name", call.tool());
    params.set("arguments", call.arguments());
    return SentMcp.of("tools/call", params.toString());
  }

  @Override
  public Answer call(AgentToken token, Call call, List<Approval> approvals) {
    ToolCall meaning = meaning(call);
    SentApprovals sent = SentApprovals.of(approvals.stream().map(Approval::encodeBase64).toList());
    CallDecision decision =
        verifier.decide(
            token.token(),
            meaning,
            token.prove(agent, sent(call), audience, sent, Clock.systemUTC()),
            sent);
    if (decision instanceof CallDecision.Denied denied) {
      return new Answer.Refused(denied.code().text(), ask(denied, token));
    }
    return new Answer.Ran(call);
  }

  private static @Nullable ApprovalRequest ask(CallDecision.Denied denied, AgentToken token) {
    MissingActivation missing = denied.missingActivation();
    return missing != null && missing.isApprovalMissing()
        ? denied.approvalRequest(token.token(), "the task needs it")
        : null;
  }

  @Override
  public ToolCall meaning(Call call) {
    return catalog.call(sent(call));
  }

  @Override
  public void close() {}
}
