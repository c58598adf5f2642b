package dev.taper.assurance;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.agent.Verifier;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalRequest.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The readers of asks and of their answers. An input is the content of the request, which the
 * harness proves. What is refused has a status and a code of docs/binding.md.
 */
final class AskReader {
  private static final String PATH = "/v1/asks";

  private static final String ASK =
      "{\"method\":\"GET\",\"target\":\"/issues/7\",\"reason\":\"the customer waits\"}";

  private static final Set<Integer> STATUSES = Set.of(400, 403, 404, 409, 413);

  private static final AgentToken TOKEN =
      Issuer.of(Keys.ROOT)
          .clock(Keys.CLOCK)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", Keys.PLANNER.publicKey()))
                  .task("T-4711")
                  .grant("jira.search if approved by " + Keys.APPROVER.publicKey())
                  .grant("jira.comment")
                  .expiresIn(Duration.ofMinutes(30)));

  private AskReader() {}

  /** What a holder asks. */
  static boolean ask(byte[] input) {
    HttpAnswer answer = asked(guard(), input);
    if (answer.status() != 201) {
      return refused(answer);
    }
    String told = new String(answer.content(), StandardCharsets.UTF_8);
    int start = told.indexOf("\"request\":") + "\"request\":".length();
    String request = told.substring(start, told.lastIndexOf(",\"approvals\""));
    Laws.same("a request made anew", request, ApprovalRequest.decode(request).encode());
    return true;
  }

  /** What is answered to an ask. */
  static boolean answer(byte[] input) {
    HttpGuard guard = guard();
    HttpAnswer made = asked(guard, ASK.getBytes(StandardCharsets.UTF_8));
    String location = Objects.requireNonNull(made.fields().get("Location"));
    IncomingRequest post =
        IncomingRequest.of(
            "POST",
            location,
            true,
            Map.of(
                "content-type", "application/json", "content-length", String.valueOf(input.length)),
            input);
    HttpAnswer answer = Objects.requireNonNull(guard.answer(post));
    if (answer.status() != 204) {
      return refused(answer);
    }
    HttpAnswer again = Objects.requireNonNull(guard.answer(post));
    Laws.same("the same answer again", 204, again.status());
    return true;
  }

  private static boolean refused(HttpAnswer answer) {
    String problem = new String(answer.content(), StandardCharsets.UTF_8);
    if (!STATUSES.contains(answer.status())
        || !problem.startsWith("{\"status\":" + answer.status() + ",\"code\":\"")) {
      throw new AssertionError("refused with " + problem);
    }
    return false;
  }

  private static HttpAnswer asked(HttpGuard guard, byte[] content) {
    SentHttp sent =
        SentHttp.of("POST", HttpReader.ORIGIN, PATH).content("application/json", content);
    String proof =
        TOKEN
            .prove(Keys.PLANNER, sent, HttpReader.AUDIENCE, SentApprovals.NONE, Keys.CLOCK)
            .encodeBase64();
    IncomingRequest post =
        IncomingRequest.of(
            "POST",
            PATH,
            true,
            Map.of(
                "host",
                "jira.example.com",
                "content-type",
                "application/json",
                "content-length",
                String.valueOf(content.length),
                "taper-token",
                TOKEN.encodeBase64(),
                "taper-proof",
                proof),
            content);
    return Objects.requireNonNull(guard.answer(post));
  }

  private static HttpGuard guard() {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
            .audience(HttpReader.AUDIENCE)
            .catalog(ToolCatalog.parse(HttpReader.CATALOG))
            .withoutRevocation()
            .clock(Keys.CLOCK)
            .build();
    return HttpGuard.of(verifier).keepingAsks(Asks.inMemory(), Keys.CLOCK);
  }
}
