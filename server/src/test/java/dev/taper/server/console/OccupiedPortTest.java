package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.process.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Another program had the console's port, and a person's browser was there. What it left in the
 * browser's cache is not what the console's links open. A service worker that it left answers them
 * once more, and is found out then; this states both.
 */
class OccupiedPortTest {
  /** Its page and scripts, which a browser may keep for a year. */
  private static final Map<String, String> HOSTILE =
      Map.of(
          "/", "<!doctype html><title>hostile</title><script src=\"/sw-maker.js\"></script>",
          "/console/main.mjs", "document.title = \"hostile\";",
          "/sw-maker.js",
              "if (location.hash === \"#worker\") navigator.serviceWorker.register(\"/sw.js\");",
          "/sw.js",
              "addEventListener(\"install\", () => skipWaiting());"
                  + "addEventListener(\"activate\", (e) => e.waitUntil(clients.claim()));"
                  + "addEventListener(\"fetch\", (e) => e.respondWith(new Response("
                  + "\"<!doctype html><title>hostile</title>\","
                  + " {headers: {\"Content-Type\": \"text/html\"}})));");

  @TempDir Path folder;

  @BeforeAll
  static void demand() {
    PagesTest.demand();
  }

  private static HttpServer hostile() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] content = HOSTILE.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
          boolean isPage = path.equals("/");
          try (exchange) {
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.getResponseHeaders().add("Cache-Control", "max-age=31536000, immutable");
            exchange
                .getResponseHeaders()
                .add("Content-Type", isPage ? "text/html" : "text/javascript");
            exchange.sendResponseHeaders(200, Math.max(1, content.length));
            exchange.getResponseBody().write(content.length == 0 ? new byte[1] : content);
          }
        });
    server.start();
    return server;
  }

  private Console console(Running running, int port, StringWriter printed) {
    ConsoleOptions options = new ConsoleOptions();
    CommandSpec line = CommandSpec.create();
    line.addMixin("options", CommandSpec.forAnnotatedObject(options));
    new CommandLine(line)
        .parseArgs(
            "--listen",
            "127.0.0.1:" + port,
            "--config",
            folder.resolve("service.yaml").toString(),
            "--root-keys",
            "root.pub");
    Console console = new Console(options, PageFiles.load(), running, folder, Clock.systemUTC());
    console.start(new PrintWriter(printed));
    return console;
  }

  private static String link(StringWriter printed) {
    return printed.toString().replaceFirst("(?s).*(http://\\S+#link=\\S+).*", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache", "worker"})
  void link_afterAnotherProgramHadThePort_opensTheConsole(String left) throws Exception {
    HttpServer hostile = hostile();
    int port = hostile.getAddress().getPort();
    Path errors = folder.resolve("errors.txt");
    Process person =
        new ProcessBuilder("node", "occupied.mjs", "http://127.0.0.1:" + port, left)
            .directory(Path.of("src/test/node/console").toFile())
            .redirectError(errors.toFile())
            .start();
    try (ConsoleWorld world = new ConsoleWorld(folder, ConsoleWorld.DATABASE);
        Running running = Running.stoppedByHand();
        BufferedReader said = person.inputReader(StandardCharsets.UTF_8);
        PrintStream asking =
            new PrintStream(person.getOutputStream(), true, StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).as(Files.readString(errors)).isEqualTo("was there");
      hostile.stop(0);
      StringWriter printed = new StringWriter();
      Console console = console(running, port, printed);
      asking.println(link(printed));
      if (left.equals("worker")) {
        assertThat(said.readLine()).as(Files.readString(errors)).isEqualTo("hostile");
        assertThat(said.readLine()).as(Files.readString(errors)).isEqualTo("gone");
        assertThat(printed.toString()).containsOnlyOnce("WARNING").contains("All sessions");
        console.printLink(new PrintWriter(printed));
        asking.println(link(printed));
      } else {
        assertThat(printed.toString()).doesNotContain("WARNING");
      }
      assertThat(said.readLine()).as(Files.readString(errors)).isEqualTo("Approvals");
      assertThat(world.folder).isEqualTo(folder);
    } finally {
      hostile.stop(0);
      person.destroy();
      person.waitFor(1, TimeUnit.MINUTES);
    }
  }
}
