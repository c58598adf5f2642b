package dev.taper.assurance;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import dev.taper.server.serve.decide.DecideRole;
import dev.taper.server.serve.decide.EnvoyRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The readers of questions that services and proxies ask {@code taper serve}. Each is asked of a
 * service that has forgotten all others. What is refused has a status of docs/binding.md, and never
 * the one for what nobody foresaw; what is no question is 400.
 */
final class ServeReader {
  private static final Set<Integer> REFUSED = Set.of(400, 401, 403, 404, 413, 431);

  private ServeReader() {}

  private static IncomingRequest post(String target, byte[] json) {
    return IncomingRequest.of(
        "POST", target, false, Map.of("content-type", "application/json"), json);
  }

  /** What a service asks. */
  static boolean decide(byte[] input) {
    HttpAnswer answer = answer(post("/v1/decide", input));
    String text = Laws.utf8(answer.content());
    if (answer.status() == 400) {
      Laws.same(
          "no question", true, text.startsWith("{\"status\":400,\"code\":\"invalid_question\""));
      return false;
    }
    Laws.same("the status of an answer", 200, answer.status());
    boolean isAllowed = text.startsWith("{\"allowed\":true");
    if (!isAllowed) {
      Laws.same("a denial", true, text.startsWith("{\"allowed\":false,\"status\":"));
      int start = "{\"allowed\":false,\"status\":".length();
      status(Integer.parseInt(text.substring(start, start + 3)), text);
    }
    return isAllowed;
  }

  /** What somebody asks in the words of AuthZEN. */
  static boolean authzen(byte[] input) {
    HttpAnswer answer = answer(post("/access/v1/evaluations", input));
    String text = Laws.utf8(answer.content());
    if (answer.status() == 400) {
      return false;
    }
    Laws.same("the status of an answer", 200, answer.status());
    Laws.same("what nobody foresaw", false, text.contains("\"status\":503"));
    return text.contains("\"decision\":true");
  }

  /** What somebody searches for in the words of AuthZEN. */
  static boolean search(byte[] input) {
    HttpAnswer answer = answer(post("/access/v1/search/action", input));
    String text = Laws.utf8(answer.content());
    if (answer.status() == 400) {
      return false;
    }
    Laws.same("the status of an answer", 200, answer.status());
    Laws.same("what nobody foresaw", false, text.contains("\"status\":503"));
    return text.contains("{\"name\":");
  }

  /** What a proxy asks: its fields and those of its client, in lines. */
  static boolean forward(byte[] input) {
    byte[] start = "GET /v1/forward\n".getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(start, start.length + input.length);
    System.arraycopy(input, 0, all, start.length, input.length);
    HttpAnswer answer = answer(HttpReader.received(all));
    if (answer.status() == 204) {
      return true;
    }
    status(answer.status(), Laws.utf8(answer.content()));
    return false;
  }

  /** What Envoy asks. */
  static boolean envoy(byte[] input) {
    CheckRequest check;
    try {
      check = CheckRequest.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
    try {
      var unused = HttpGuard.of(verifier()).judge(EnvoyRequest.of(check));
      return true;
    } catch (RefusedException e) {
      HttpRefusal refusal = e.refusal();
      status(refusal.status(), refusal.toString());
      return false;
    }
  }

  private static void status(int status, String what) {
    if (!REFUSED.contains(status)) {
      throw new AssertionError("refused with " + what);
    }
  }

  private static HttpAnswer answer(IncomingRequest request) {
    Verifier verifier = verifier();
    DecideRole role =
        new DecideRole(
            () -> verifier,
            UnaryOperator.identity(),
            CallerSecret.NONE,
            new Metrics(),
            "https://pdp.example.com");
    for (Endpoint endpoint : role.endpoints()) {
      HttpAnswer answer = endpoint.answer(request);
      if (answer != null) {
        return answer;
      }
    }
    throw new AssertionError("nobody answers");
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
