package dev.taper.server.issuer.confirm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's Chromium, with a profile of its own, driven over its debugging protocol. */
final class Chromium {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private int last;

  private Chromium(Process process, String url) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(url), new Received())
            .join();
  }

  /** True if it is installed. */
  static boolean isThere() {
    return Files.isExecutable(PROGRAM);
  }

  /** Starts it with an empty profile. */
  static Chromium start(Path profile) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    String[] page = {""};
    try {
      Await.until(
          () -> {
            page[0] = page(port);
            return !page[0].isEmpty();
          });
      return new Chromium(process, page[0]);
    } catch (AssertionError e) {
      end(process);
      throw e;
    }
  }

  /** Where its page is debugged, or an empty text as long as it has none. */
  private static String page(Path port) {
    try {
      List<String> lines = Files.exists(port) ? Files.readAllLines(port) : List.of();
      if (lines.size() < 2) { // it is still written
        return "";
      }
      URI address = URI.create("http://127.0.0.1:" + lines.get(0) + "/json/list");
      try (InputStream pages = address.toURL().openStream()) {
        for (JsonNode page : JSON.readTree(pages)) {
          if (page.path("type").asText().equals("page")) {
            return page.path("webSocketDebuggerUrl").asText();
          }
        }
      }
      return "";
    } catch (IOException e) {
      return ""; // it does not listen yet
    }
  }

  /** Opens a page, and waits until its text has a word, through all that it leads to. */
  String open(String url, String word) throws InterruptedException {
    JsonNode unused = send("Page.navigate", Map.of("url", url));
    return text(word);
  }

  /** Waits until a page has a word and all that it frames is there, and gives its text. */
  String text(String word) throws InterruptedException {
    String[] text = {""};
    try {
      Await.until(
          () -> {
            text[0] = eval("document.readyState === 'complete' ? document.body.innerText : ''");
            return text[0].contains(word);
          });
    } catch (AssertionError e) {
      throw new AssertionError("no '" + word + "' in: " + text[0] + " at " + eval("location.href"));
    }
    return text[0];
  }

  /** The value of an expression in the page, as text. */
  String eval(String expression) {
    JsonNode answer = send("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"));
    return answer.path("result").path("result").path("value").asText();
  }

  /** Asks the browser. */
  JsonNode send(String method, Map<String, String> params) {
    int id = ++last;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    ObjectNode all = message.putObject("params");
    params.forEach(all::put);
    socket.sendText(message.toString(), true).join();
    try {
      while (true) {
        JsonNode answer = answers.poll(1, TimeUnit.MINUTES);
        if (answer == null) {
          throw new AssertionError("no answer to " + method);
        }
        if (answer.path("id").asInt() == id) {
          return answer;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private final class Received implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isEnd) {
      text.append(part);
      if (isEnd) {
        try {
          answers.add(JSON.readTree(text.toString()));
        } catch (JsonProcessingException e) {
          throw new AssertionError(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  /** Ends it. */
  void close() throws InterruptedException {
    socket.abort();
    end(process);
  }

  /** Ends it and waits for what it started: they write into the profile. */
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> below = process.descendants().toList();
    below.forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    for (ProcessHandle child : below) {
      child.destroyForcibly();
      child.onExit().completeOnTimeout(child, 30, TimeUnit.SECONDS).join();
    }
  }
}
