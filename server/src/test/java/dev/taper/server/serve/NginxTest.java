package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.testing.Needed;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** nginx, which asks by {@code auth_request}. */
class NginxTest extends ProxyContract {
  @Override
  RealProxy start(Path folder, int front, int taper, int service) throws Exception {
    return RealProxy.nginx(folder, front, taper, service);
  }

  @Override
  RealProxy startBeforeTwo(int one, int other, boolean isRetrying) throws Exception {
    Map<String, String> changes = new HashMap<>();
    changes.put(
        "server 127.0.0.1:" + service.port() + ";",
        "server 127.0.0.1:" + one + "; server 127.0.0.1:" + other + ";");
    if (isRetrying) {
      changes.put("    proxy_next_upstream off;\n", ""); // what nginx does by itself
    }
    return RealProxy.nginx(folder, front, taper.port(), service.port(), changes);
  }

  private HttpRequest upload(byte[] signed, byte[] sent, String digest) {
    SentHttp http =
        SentHttp.of("PUT", origin(), "/uploads/a").content("application/octet-stream", signed);
    HttpRequest.Builder request =
        to("/uploads/a")
            .header("Authorization", "Taper " + world.token.encodeBase64())
            .header("Taper-Proof", world.proof(http))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(sent));
    return digest.isEmpty() ? request.build() : request.header("Content-Digest", digest).build();
  }

  private static String digest(byte[] content) {
    return "sha-256=:" + Behind.sha256(content) + ":";
  }

  /** The proof is held against the digest, and the service holds the content against it. */
  @Test
  void upload_isJudgedByItsDigest() throws Exception {
    byte[] content = ServeWorld.bytes("some bytes");
    byte[] other = ServeWorld.bytes("other bytes");
    HttpResponse<String> answer = send(upload(content, content, digest(content)));
    assertThat(answer.statusCode()).as(answer.body() + proxy.log()).isEqualTo(200);
    assertThat(service.reached.get(0).content()).isEqualTo("some bytes");
    service.reached.clear();
    assertRefused(send(upload(content, other, digest(other))), 401, "request_mismatch");
    assertRefused(send(upload(content, content, "")), 400, "content_not_seen");
    assertRefused(send(upload(content, content, "sha-256=:AAAA:")), 400, "invalid_request");
    // What only the service can see, it refuses itself.
    assertThat(send(upload(content, other, digest(content))).statusCode()).isEqualTo(400);
    assertThat(service.reached).isEmpty();
  }

  /** In the folder of uploads, too: a tool without content gets none that nobody judged. */
  @Test
  void content_withoutDigest_reachesNobodyWhereContentIsHandedOn() throws Exception {
    startWith(Map.of("location /uploads {", "location /projects {"));
    for (HttpRequest.BodyPublisher body :
        List.of(
            BodyPublishers.ofString("{\"limit\":500}"),
            BodyPublishers.fromPublisher(BodyPublishers.ofString("{\"limit\":500}")))) {
      HttpRequest signed = world.signer().sign(to(SEARCH).build());
      HttpRequest.Builder loaded =
          HttpRequest.newBuilder(signed, (name, value) -> true).method("GET", body);
      assertRefused(send(loaded.build()), 400, "content_not_seen");
    }
    assertThat(send(world.signer().sign(to(SEARCH).build())).statusCode()).isEqualTo(200);
  }

  /** A client of HTTP/2 need not announce what it sends. */
  @Test
  void content_thatHttp2DoesNotAnnounce_reachesNobodyWhereContentIsHandedOn() throws Exception {
    Needed.programs("curl");
    startWith(
        Map.of(
            "location /uploads {",
            "location /projects {",
            "listen 127.0.0.1:" + front + ";",
            "listen 127.0.0.1:" + front + " http2;"));
    assertThat(curl("{\"limit\":500}", "-T", "-", "-X", "GET"))
        .endsWith(" 400")
        .contains("content_not_seen");
    assertThat(service.reached).isEmpty();
    assertThat(curl("", "-H", "Content-Length: 0")).endsWith(" 200");
    startWith(Map.of("listen 127.0.0.1:" + front + ";", "listen 127.0.0.1:" + front + " http2;"));
    assertThat(curl("")).as("what is dropped reaches nobody").endsWith(" 200");
  }

  /** The answer and its status to the call of a tool without content, by HTTP/2. */
  private String curl(String content, String... more) throws Exception {
    HttpRequest signed = world.signer().sign(to(SEARCH).build());
    List<String> command = new ArrayList<>(List.of("curl", "-s", "--http2-prior-knowledge"));
    command.addAll(List.of("-w", " %{http_code}", signed.uri().toString()));
    signed
        .headers()
        .map()
        .forEach((name, values) -> command.addAll(List.of("-H", name + ": " + values.get(0))));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(ServeWorld.bytes(content));
    process.getOutputStream().close();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(answer).isZero();
    return answer;
  }

  private void startWith(Map<String, String> changes) throws Exception {
    proxy.close();
    proxy = RealProxy.nginx(folder, front, taper.port(), service.port(), changes);
  }

  /** An operator who forgets a field of the proxy gets denials, never a call that nobody judged. */
  @Test
  void question_setUpWrongly_deniesEverything() throws Exception {
    for (String line :
        List.of(
            "proxy_set_header Taper-Original-Method $request_method;",
            "proxy_set_header Taper-Original-Target $request_uri;",
            "proxy_set_header Taper-Original-Scheme $scheme;",
            "proxy_set_header Taper-Original-Content dropped;")) {
      startWith(Map.of(line, ""));
      assertRefused(send(world.signer().sign(to(SEARCH).build())), 400, "invalid_request");
    }
    startWith(Map.of("/v1/forward/nginx", "/v1"));
    assertRefused(send(world.signer().sign(to(SEARCH).build())), 503, "unavailable");
  }

  /** What was decided for one caller, no cache tells another, however it is set up. */
  @Test
  void question_throughACache_isAskedEachTime() throws Exception {
    startWith(
        Map.of(
            "proxy_next_upstream off;\nproxy_cache off;",
            "proxy_cache all; proxy_cache_key $request_uri; proxy_cache_valid any 10m;"));
    assertThat(send(world.signer().sign(to(SEARCH).build())).statusCode()).isEqualTo(200);
    service.reached.clear();
    assertRefused(send(to(SEARCH).build()), 401, "token_required");
  }

  /** A proxy that asks again when it got no answer is told that the proof was used: a denial. */
  @Test
  void question_askedAgain_isReplayed() throws Exception {
    try (Swallowing first = new Swallowing(taper.port())) {
      startWith(
          Map.of(
              "server 127.0.0.1:" + taper.port() + ";",
              "server 127.0.0.1:" + first.port() + "; server 127.0.0.1:" + taper.port() + ";",
              "proxy_next_upstream off;\nproxy_cache off;",
              "proxy_next_upstream error timeout;"));
      assertRefused(send(world.signer().sign(to(SEARCH).build())), 401, "proof_replayed");
      assertThat(first.swallowed()).isEqualTo(1);
    }
  }
}
