package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that goes on while the memory that it shares does not answer, and says so. */
class ServeAloneTest {
  private static final String ORIGIN = "https://jira.example.com";

  private final ServeWorld world = new ServeWorld();
  @TempDir Path folder;

  private boolean isAllowed(Served served) throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    String question =
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
            + sent.target()
            + "\", \"fields\": {"
            + world.fields(sent)
            + "}}}";
    return served.post("/v1/decide", question).body().contains("\"allowed\":true");
  }

  private static HttpResponse<String> ready(Served served) throws Exception {
    return served.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + served.adminPort() + "/health/ready"))
            .build());
  }

  @Test
  void ready_goesOnAlone_isReadyWithAWarning() throws Exception {
    Path config =
        world.config(
            folder,
            ORIGIN,
            "replay-memory: sqlite:proofs.db",
            "proofs-alone: {longest: 5m, calls: 1}",
            "deadline: 2s");
    try (Served served = Served.start("--config", config, "--admin", "127.0.0.1:0")) {
      assertThat(isAllowed(served)).isTrue();
      assertThat(ready(served).body()).isEqualTo("ready\n");
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("proofs.db"));
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
        assertThat(isAllowed(served)).isTrue();
        assertThat(isAllowed(served)).as("one call, and no more").isFalse();
      }
      HttpResponse<String> ready = ready(served);
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body())
          .startsWith("ready\nwarning: proofs are taken without the shared memory since ")
          .contains("it does not know 1 of them");
    }
  }
}
