package dev.taper.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.process.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A console in this process, and what sends it requests byte by byte, as any program can. */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LINK =
      Pattern.compile("http://127[.]0[.]0[.]1:(\\d+)/[?][0-9a-f]{32}#link=(\\S+)");

  final Console console;
  final int port;
  final String link;
  private final Running running;
  public @Nullable String cookie;
  public @Nullable String token;

  @Command
  private static final class Line {
    @Mixin final ConsoleOptions options = new ConsoleOptions();
  }

  private Browser(Console console, Running running, String printed) {
    this.console = console;
    this.running = running;
    Matcher found = LINK.matcher(printed);
    if (!found.find()) {
      throw new AssertionError(printed);
    }
    this.port = Integer.parseInt(found.group(1));
    this.link = found.group(2);
  }

  /** Starts a console at a free port, with nobody signed in. */
  static Browser start(Clock clock, Path folder, Object... arguments) {
    Line line = new Line();
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    if (!texts.contains("--listen")) {
      texts.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    new CommandLine(line).parseArgs(texts.toArray(new String[0]));
    Running running = Running.stoppedByHand();
    StringWriter out = new StringWriter();
    try {
      Console console =
          new Console(line.options, PageFiles.load("/console-pages/"), running, folder, clock);
      console.start(new PrintWriter(out));
      return new Browser(console, running, out.toString());
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /** Starts a console, and signs in. */
  public static Browser signedIn(Path folder, Object... arguments) throws Exception {
    Browser browser = start(Clock.systemUTC(), folder, arguments);
    Answer answer = browser.open(browser.link);
    if (answer.status != 200) {
      throw new AssertionError(answer.body);
    }
    return browser;
  }

  /** An answer as it came. */
  public record Answer(int status, Map<String, String> fields, String body) {
    public JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    public String code() throws IOException {
      return json().path("code").asText();
    }
  }

  String authority() {
    return "127.0.0.1:" + port;
  }

  String origin() {
    return "http://" + authority();
  }

  /** Exchanges a link, and keeps both secrets. */
  Answer open(String secret) throws Exception {
    Answer answer =
        send(
            "POST",
            "/api/session",
            "{\"link\":\"" + secret + "\"}",
            Map.of("Host", authority(), "Origin", origin()));
    if (answer.status == 200) {
      String set = Objects.requireNonNull(answer.fields.get("set-cookie"));
      cookie = set.substring(0, set.indexOf(';'));
      token = answer.json().path("token").textValue();
    }
    return answer;
  }

  /** The fields that our own page sends. */
  Map<String, String> own() {
    Map<String, String> fields = new TreeMap<>();
    fields.put("Host", authority());
    fields.put("Origin", origin());
    fields.put("Sec-Fetch-Site", "same-origin");
    if (cookie != null) {
      fields.put("Cookie", cookie);
    }
    if (token != null) {
      fields.put("Taper-Session", token);
    }
    return fields;
  }

  public Answer get(String path) throws Exception {
    return send("GET", path, null, own());
  }

  public Answer post(String path, String json) throws Exception {
    return send("POST", path, json, own());
  }

  /** Asks until the answer is as wanted: what is read again now and then is not so at once. */
  JsonNode eventually(String path, Predicate<JsonNode> wanted) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    JsonNode last = json(path);
    while (!wanted.test(last) && System.nanoTime() < end) {
      Thread.sleep(50);
      last = json(path);
    }
    return last;
  }

  /** What a path gives, which has to be there. */
  public JsonNode json(String path) throws Exception {
    Answer answer = get(path);
    if (answer.status != 200) {
      throw new AssertionError(path + ": " + answer.status + " " + answer.body);
    }
    return answer.json();
  }

  Answer send(String method, String path, @Nullable String content, Map<String, String> fields)
      throws Exception {
    byte[] bytes = content == null ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Connection: close\r\n");
    if (content != null) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
      if (!fields.containsKey("Content-Type")) {
        head.append("Content-Type: application/json\r\n");
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.writeBytes(bytes);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(out.toByteArray());
      return parse(socket.getInputStream().readAllBytes());
    }
  }

  private static Answer parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Map<String, String> fields = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      fields.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new Answer(
        Integer.parseInt(lines[0].split(" ", -1)[1]), fields, body(fields, text, end));
  }

  private static String body(Map<String, String> fields, String text, int end) {
    String rest = text.substring(end + 4);
    if (!"chunked".equals(fields.get("transfer-encoding"))) {
      return rest;
    }
    throw new AssertionError("chunked: " + rest);
  }

  @Override
  public void close() {
    running.close();
  }
}
