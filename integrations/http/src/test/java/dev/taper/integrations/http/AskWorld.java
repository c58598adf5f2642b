package dev.taper.integrations.http;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.ApproverNames;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Who asks and who answers, beside those of {@link World}. */
final class AskWorld {
  static final String CLOSE = "/issues/7/close";
  static final byte[] NOTHING = {};

  final World world = new World();
  final PrivateKey second = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  final AgentToken token = mint("user:alice@acme.com");

  AgentToken mint(String delegator) {
    return Issuer.of(world.root)
        .mint(
            Delegation.by(delegator)
                .to(Agent.of("agent:planner", world.planner.publicKey()))
                .task("T-4711")
                .grant("jira.search read if approved by " + world.boss.publicKey())
                .grant("jira.comment write if approved by " + world.boss.publicKey())
                .grant("jira.form write if justified within 15m")
                .grant("jira.close close if approved by " + world.boss.publicKey())
                .grant("jira.delete delete if approved by 2 of group \"leads\"")
                .grant("jira.upload write")
                .expiresIn(Duration.ofHours(2)));
  }

  VerifierBuilder verifier(String origin) {
    return world
        .verifier(origin)
        .approverNames(
            ApproverNames.builder()
                .person("user:boss@acme.com", world.boss.publicKey())
                .person("user:second@acme.com", second.publicKey())
                .group("leads", "user:boss@acme.com", "user:second@acme.com")
                .build());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What is sent to ask for a call without content. */
  static String body(String method, String target) {
    return "{\"method\":\"" + method + "\",\"target\":\"" + target + "\",\"reason\":\"done\"}";
  }

  /** Posts JSON to ask, with a proof of exactly that. */
  Answer ask(TestService service, AgentToken by, String json) throws Exception {
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/asks").content("application/json", bytes(json));
    return post(service, "/v1/asks", world.presented(by, sent, Clock.systemUTC()), json);
  }

  Answer ask(TestService service, String json) throws Exception {
    return ask(service, token, json);
  }

  static Answer post(TestService service, String target, List<String> fields, String json)
      throws Exception {
    List<String> all = new ArrayList<>(fields);
    all.add("Content-Type: application/json");
    all.add("Content-Length: " + bytes(json).length);
    return Wire.send(service, "POST " + target + " HTTP/1.1", all, bytes(json));
  }

  /** Where an ask is that was made. */
  static String location(Answer made) {
    int start = made.head().indexOf("\r\nLocation: ");
    if (made.status() != 201 || start < 0) {
      throw new AssertionError(made.head() + made.body());
    }
    start += "\r\nLocation: ".length();
    return made.head().substring(start, made.head().indexOf("\r\n", start));
  }

  static Answer get(TestService service, String target) throws Exception {
    return Wire.send(service, "GET " + target + " HTTP/1.1", List.of(), NOTHING);
  }

  /** The request for approval of an ask. */
  static ApprovalRequest request(Answer told) {
    String body =
        new String(told.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    int start = body.indexOf("\"request\":") + "\"request\":".length();
    return ApprovalRequest.decode(body.substring(start, body.indexOf(",\"approvals\"")));
  }

  static Approval approval(ApprovalRequest request, PrivateKey by) {
    return request.approve(by, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC());
  }

  static String answer(Approval approval) {
    return "{\"approval\":\"" + approval.encodeBase64() + "\"}";
  }

  static Answer approve(TestService service, String target, PrivateKey by) throws Exception {
    ApprovalRequest request = request(get(service, target));
    return post(service, target, List.of(), answer(approval(request, by)));
  }

  static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(text));
  }
}
