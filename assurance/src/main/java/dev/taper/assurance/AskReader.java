package dev.taper.assurance;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  /** What a store gives back: an ask is told, or the store is broken. */
  static boolean kept(byte[] input) {
    String content = Laws.utf8(input);
    Asks store = new OneAsk(content);
    HttpGuard guard = HttpGuard.of(verifier()).keepingAsks(store, Keys.CLOCK);
    IncomingRequest get =
        IncomingRequest.of("GET", PATH + "/" + "A".repeat(22), true, Map.of(), new byte[0]);
    HttpAnswer answer = Objects.requireNonNull(guard.answer(get));
    if (answer.status() != 200) {
      boolean isKnown = answer.status() == 503 || answer.status() == 404;
      Laws.same("unknown, or broken", true, isKnown);
      return false;
    }
    HttpAnswer again = Objects.requireNonNull(guard.answer(get));
    Laws.same("the same again", answer.content(), again.content());
    return true;
  }

  /** A store that gives one ask, whatever is looked for. */
  private record OneAsk(String content) implements Asks {
    @Override
    public Kept add(Ask ask, Instant now) {
      return Kept.NO_ROOM;
    }

    @Override
    public Ask find(String name, Instant now) {
      return new Ask(name, new MemoryShare("user:alice", "b"), now.plusSeconds(60), content, 1);
    }

    @Override
    public List<Ask.Head> heads(Instant now) {
      return List.of();
    }

    @Override
    public Kept replace(Ask changed, Instant now) {
      return Kept.CHANGED;
    }
  }

  /** What is told of an ask that was made, for seeds. */
  static String made() {
    return new String(
        asked(guard(), ASK.getBytes(StandardCharsets.UTF_8)).content(), StandardCharsets.UTF_8);
  }

  /** What a store is given for an ask, for seeds. */
  static String content() {
    Asks store = Asks.inMemory();
    HttpGuard guard = HttpGuard.of(verifier()).keepingAsks(store, Keys.CLOCK);
    HttpAnswer made = asked(guard, ASK.getBytes(StandardCharsets.UTF_8));
    Laws.same("made", 201, made.status());
    Instant now = Keys.CLOCK.instant();
    return Objects.requireNonNull(store.find(store.heads(now).get(0).name(), now)).content();
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
    return HttpGuard.of(verifier()).keepingAsks(Asks.inMemory(), Keys.CLOCK);
  }

  private static Verifier verifier() {
    return Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
        .audience(HttpReader.AUDIENCE)
        .catalog(ToolCatalog.parse(HttpReader.CATALOG))
        .withoutRevocation()
        .clock(Keys.CLOCK)
        .build();
  }
}
