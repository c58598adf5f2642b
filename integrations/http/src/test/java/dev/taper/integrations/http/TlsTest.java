package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent by TLS is proved with its scheme, which the servers tell. */
class TlsTest {
  private final World world = new World();

  @TempDir private Path folder;

  private interface Starter {
    TestService start(Function<String, HttpGuard> guard, SSLContext tls) throws Exception;
  }

  private void assertJudged(Starter starter) throws Exception {
    Certificates own = Certificates.make(folder, "service", "EC");
    try (TestService service =
        starter.start(origin -> HttpGuard.of(world.verifier(origin).build()), own.trustedBy(own))) {
      assertThat(service.origin()).startsWith("https://");
      HttpClient client = HttpClient.newBuilder().sslContext(own.trustedBy(null)).build();
      HttpRequest search =
          HttpRequest.newBuilder(URI.create(service.origin() + "/projects/ACME/issues")).build();
      HttpSigner signer = HttpSigner.of(world.token, world.planner, World.AUDIENCE);

      HttpResponse<String> answer = send(client, signer.sign(search));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(send(client, search).statusCode()).isEqualTo(401);
      assertThat(service.reached).hasSize(1);
    }
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void call_byTlsOfTheJdk_isJudged() throws Exception {
    assertJudged(JdkService::startTls);
  }

  @Test
  void call_byTlsOfJetty_isJudged() throws Exception {
    assertJudged(JettyService::startTls);
  }
}
