package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.testing.TearDown;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests over HTTP/2, where a content needs no length, and no transfer coding. */
class Http2Test {
  private final World world = new World();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = JettyService.startHttp2(origin -> HttpGuard.of(world.verifier(origin).build()));
    HttpRequest first =
        HttpRequest.newBuilder(URI.create(service.origin() + "/.well-known/taper")).build();
    assertThat(client.send(first, BodyHandlers.ofString()).version())
        .as("the connection speaks HTTP/2 from now on")
        .isEqualTo(HttpClient.Version.HTTP_2);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(service);
  }

  /** Signs one content, and sends another one without its length. */
  private HttpResponse<String> post(String signed, String sent) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.origin() + "/issues/7/comments"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(signed))
            .build();
    HttpRequest good = HttpSigner.of(world.token, world.planner, World.AUDIENCE).sign(request);
    byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
    HttpRequest streamed =
        HttpRequest.newBuilder(good, (name, value) -> true)
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
            .build();
    HttpResponse<String> answer = client.send(streamed, BodyHandlers.ofString());
    assertThat(answer.version()).as(answer.body()).isEqualTo(HttpClient.Version.HTTP_2);
    return answer;
  }

  /** What a container says of a request; no client here sends two different authorities. */
  private static List<String> hosts(String protocol, String server, int port, String... sent) {
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                Http2Test.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getProtocol" -> protocol;
                      case "getServerName" -> server;
                      case "getServerPort" -> port;
                      case "isSecure" -> true;
                      case "getHeaders" -> Collections.enumeration(List.of(sent));
                      default -> throw new AssertionError(method.getName());
                    });
    return TaperFilter.received(request).field("Host");
  }

  @Test
  void host_isTheAuthorityThatWasDialled() {
    assertThat(hosts("HTTP/2.0", "a.example", 443)).containsExactly("a.example");
    assertThat(hosts("HTTP/2.0", "a.example", 8443)).containsExactly("a.example:8443");
    assertThat(hosts("HTTP/2.0", "::1", 8443)).containsExactly("[::1]:8443");
    assertThat(hosts("HTTP/2.0", "a.example", 443, "A.example")).containsExactly("a.example");
    assertThat(hosts("HTTP/2.0", "a.example", 443, "a.example:443")).containsExactly("a.example");
    assertThat(hosts("HTTP/3.0", "a.example", 443, "b.example"))
        .as("a second one is refused")
        .containsExactly("a.example", "b.example");
    assertThat(hosts("HTTP/1.1", "a.example", 443, "b.example")).containsExactly("b.example");
    assertThat(hosts("HTTP/1.1", "a.example", 443)).isEmpty();
  }

  @Test
  void content_withoutALength_isReadAndJudged() throws Exception {
    String json = "{\"text\":\"" + "a".repeat(5000) + "\"}";
    HttpResponse<String> good = post(json, json);
    assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
    assertThat(service.reached.get(0).content()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
    service.reached.clear();

    HttpResponse<String> changed = post(json, json.replace('a', 'b'));
    assertThat(changed.statusCode()).isEqualTo(401);
    assertThat(changed.body()).contains("request_mismatch");
    assertThat(service.reached).isEmpty();
  }

  @Test
  void content_withoutALength_isBounded() throws Exception {
    String large = "{\"text\":\"" + "a".repeat(65_536) + "\"}";
    HttpResponse<String> answer = post(large, large);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("content_too_large");
    assertThat(service.reached).isEmpty();
  }

  @Test
  void content_thatIsNotThere_isNoContent() throws Exception {
    assertThat(post("", "").statusCode()).isEqualTo(200);
    assertThat(service.reached.get(0).content()).isEmpty();
  }
}
