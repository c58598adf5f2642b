package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service behind a proxy goes by what its operator says, and by nothing that a caller says. */
class ProxySettingsTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  private final World world = new World();

  private Answer search(TestService service, String origin, String target) throws Exception {
    List<String> fields = new ArrayList<>(world.presented(SentHttp.of("GET", origin, SEARCH)));
    fields.add("Taper-Original-Target: " + target);
    return Wire.send(service, "GET " + SEARCH + " HTTP/1.1", fields, new byte[0]);
  }

  @Test
  void settings_ofAProxy_decideWhatWasAsked() throws Exception {
    BootService service =
        BootService.start(
            world,
            Map.of(
                "taper.catalog",
                BootService.catalog(ORIGIN),
                "taper.http.dialled-as",
                ORIGIN,
                "taper.http.target-from",
                "Taper-Original-Target",
                "taper.http.max-content",
                "8"));
    try {
      assertThat(search(service, ORIGIN, SEARCH).status()).isEqualTo(200);
      service.reached.clear();
      assertThat(search(service, ORIGIN, "/projects/OTHER/issues").status()).isEqualTo(401);
      assertThat(search(service, service.origin(), SEARCH).status()).isEqualTo(401);

      byte[] content = "123456789".getBytes(StandardCharsets.UTF_8);
      SentHttp upload = SentHttp.of("PUT", ORIGIN, "/uploads").content("a/b", content);
      List<String> fields = new ArrayList<>(world.presented(upload));
      fields.add("Taper-Original-Target: /uploads");
      fields.add("Content-Type: a/b");
      fields.add("Content-Length: " + content.length);
      Answer large = Wire.send(service, "PUT /uploads HTTP/1.1", fields, content);
      assertThat(large.status()).isEqualTo(413);
      assertThat(large.body()).contains("content_too_large");
      assertThat(service.reached).isEmpty();
    } finally {
      service.stop();
    }
  }
}
