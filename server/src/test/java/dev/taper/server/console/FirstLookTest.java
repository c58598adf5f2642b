package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.console.view.Views;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.listener.Endpoints;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import dev.taper.server.process.Metrics;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The first look asks what a browser will, and leaves no session behind. */
class FirstLookTest {
  private final Sessions sessions = new Sessions(Clock.systemUTC());
  private final PageFiles files = PageFiles.load();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> secrets = new CopyOnWriteArrayList<>();

  @Test
  void look_atAConsole_asksWhatItsPageAsksAndEndsItsSession() throws Exception {
    ConsoleHost host =
        new ConsoleHost(
            files,
            sessions,
            new Views(List.of(request -> new JsonFields())),
            end -> new JsonFields().put("ends_at", end.toEpochMilli()),
            () -> {});
    ListenAddress address = ListenAddress.parse("127.0.0.1:0");
    try (Listener listener =
        Listener.start(address, null, new Endpoints(List.of(new Recorded(host)), new Metrics()))) {
      host.listensAt(listener.shown());
      new FirstLook(listener.shown(), files, sessions).look();
    }
    assertThat(asked)
        .containsExactly(
            "GET " + files.first() + " 200",
            "GET " + files.script() + " 200",
            "POST /api/session 200",
            "GET /api/trust 200",
            "GET /api/asks?state=open&limit=20 200",
            "DELETE /api/session 204");
    assertThat(secrets).hasSize(2);
    assertThat(sessions.end(secrets.get(0), secrets.get(1))).isNull();
  }

  /** Writes down what comes, and the secrets that it came with. */
  private final class Recorded implements Endpoint {
    private final ConsoleHost host;

    Recorded(ConsoleHost host) {
      this.host = host;
    }

    @Override
    public String role() {
      return host.role();
    }

    @Override
    public HttpAnswer answer(IncomingRequest request) {
      HttpAnswer answer = host.answer(request);
      asked.add(request.method() + " " + request.target() + " " + answer.status());
      if (request.method().equals("DELETE")) {
        secrets.add(request.field("cookie").get(0).replaceFirst(".*=", ""));
        secrets.add(request.field("taper-session").get(0));
      }
      return answer;
    }
  }
}
