package dev.taper.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a running service says of itself is said word for word. */
class RunningServiceTest {
  private static List<Observation> said(int status, String page) throws IOException {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      return said("http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  private static List<Observation> said(String url) {
    Checkup checkup = new Checkup();
    checkup.look("service", Probes.service(url));
    return checkup.observations();
  }

  private static Observation one(Observation.Status status, String code, String text) {
    return new Observation("service", status, code, text);
  }

  @Test
  void service_notReady_saysItsReasonsAndWarnings() throws IOException {
    assertThat(
            said(
                503,
                "{\"status\":\"not_ready\",\"reasons\":[{\"code\":\"audit_unavailable\","
                    + "\"text\":\"the disk is \\\"full\\\"\"}],\"warnings\":[\"soon\"]}"))
        .containsExactly(
            one(Observation.Status.WRONG, "audit_unavailable", "the disk is \"full\""),
            one(Observation.Status.DOUBTFUL, "warning", "soon"));
  }

  @Test
  void service_ready_isRight() throws IOException {
    assertThat(said(200, "{\"status\":\"ready\",\"reasons\":[],\"warnings\":[]}"))
        .extracting(Observation::status, Observation::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Observation.Status.RIGHT, "it is ready"));
    assertThat(said(503, "{\"status\":\"draining\",\"reasons\":[],\"warnings\":[]}"))
        .extracting(Observation::code)
        .containsExactly("draining");
  }

  @Test
  void service_somethingElseAnswers_isWrong() throws IOException {
    for (String page :
        List.of("", "ready\n", "{}", "{\"status\":1,\"reasons\":[],\"warnings\":[]}")) {
      assertThat(said(200, page)).extracting(Observation::code).containsExactly("malformed_answer");
    }
    assertThat(said("127.0.0.1:8290")).extracting(Observation::code).containsExactly("usage");
    assertThat(said("http://127.0.0.1:1/")).extracting(Observation::code).containsExactly("io");
  }
}
