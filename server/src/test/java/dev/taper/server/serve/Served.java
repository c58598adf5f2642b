package dev.taper.server.serve;

import dev.taper.server.listener.ListenOptions;
import dev.taper.server.process.Running;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper serve} in this process, by the options of its command line. */
final class Served implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile(" at 127[.]0[.]0[.]1:(\\d+)\n$");
  private static final Pattern ENVOY = Pattern.compile("envoy at 127[.]0[.]0[.]1:(\\d+),");
  private static final Pattern ADMIN = Pattern.compile("admin at 127[.]0[.]0[.]1:(\\d+),");

  /** Offers no other version of HTTP: who asks about a request must not send fields of its own. */
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final String line;
  private final Running running;

  @Command
  private static final class Line {
    @Mixin final ServeOptions options = new ServeOptions();
    @Mixin final ListenOptions listen = new ListenOptions();
  }

  private Served(Running running, String line) {
    this.running = running;
    this.line = line;
  }

  /** Starts at a free port, unless the options say another address. */
  static Served start(Object... arguments) {
    return start(Clock.systemUTC(), arguments);
  }

  static Served start(Clock clock, Object... arguments) {
    Line parsed = new Line();
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    if (!texts.contains("--listen")) {
      texts.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    new CommandLine(parsed).parseArgs(texts.toArray(new String[0]));
    Running running = Running.stoppedByHand();
    StringWriter out = new StringWriter();
    try {
      new Serving(parsed.options, parsed.listen, running, clock).start(new PrintWriter(out));
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
    return new Served(running, out.toString());
  }

  int port() {
    return port(PORT);
  }

  int envoyPort() {
    return port(ENVOY);
  }

  int adminPort() {
    return port(ADMIN);
  }

  private int port(Pattern pattern) {
    Matcher found = pattern.matcher(line);
    if (!found.find()) {
      throw new AssertionError(line);
    }
    return Integer.parseInt(found.group(1));
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(origin() + path));
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Posts JSON. */
  HttpResponse<String> post(String path, String json, String... fields) throws Exception {
    HttpRequest.Builder request =
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (fields.length > 0) {
      request.headers(fields);
    }
    return send(request.build());
  }

  @Override
  public void close() {
    running.close();
  }
}
