package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Valkey server of a test, in a folder, on a port that it keeps when it is started again. It
 * needs the program: see {@link Needed}.
 */
public final class ValkeyServer implements AutoCloseable {
  /** What approvals and budgets demand. */
  public static final List<String> DURABLE =
      List.of("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction");

  /** Loses up to a second when it is killed. */
  public static final List<String> EVERY_SECOND =
      List.of("--appendonly", "yes", "--appendfsync", "everysec");

  /** Keeps nothing. */
  public static final List<String> FORGETFUL = List.of("--appendonly", "no");

  private static final List<String> PLACES =
      List.of("/usr/bin/valkey-server", "/usr/local/bin/valkey-server");
  private static final AtomicLong NAMES = new AtomicLong();
  private static final int TRIES = 20;

  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private ValkeyServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts a server in an empty folder. */
  public static ValkeyServer start(Path folder, List<String> settings) throws Exception {
    for (int i = 0; ; i++) {
      ValkeyServer server = new ValkeyServer(folder, FreePort.next());
      try {
        server.start(settings);
        return server;
      } catch (IllegalStateException e) { // another test took the port
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  /** The program; the test goes on only if it is there. */
  public static String program() {
    return Needed.program(PLACES, "valkey-server");
  }

  /** Starts it again, with what its folder holds. */
  public void start(List<String> settings) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                program(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--daemonize",
                "no"));
    command.addAll(settings);
    Path log = folder.resolve("valkey.log");
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    while (!answers()) {
      if (!started.isAlive()) {
        throw new IllegalStateException(Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean answers() {
    try {
      String answer = tell("PING");
      return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
    } catch (IOException e) {
      return false;
    }
  }

  /** Says a command in a line of its own, and reads the first line of the answer. */
  public String tell(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      StringBuilder line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; ) {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
      return line.toString().strip();
    }
  }

  /** How often it ran a command so far, as it counts itself. */
  public long calls(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.UTF_8));
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher calls =
          Pattern.compile("cmdstat_" + Pattern.quote(command) + ":calls=([0-9]+),").matcher(text);
      return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
  }

  /** Where it answers without TLS. */
  public int port() {
    return port;
  }

  /** The address of a store of this name. */
  public String address(String name) {
    return "valkey://127.0.0.1:" + port + "?name=" + name;
  }

  /** The name of a store that nobody has used yet. */
  public static String newName() {
    return "store" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it was not started");
    }
    return running;
  }

  /** Ends it in the middle of whatever it does. */
  public void kill() {
    process().destroyForcibly().onExit().join();
  }

  /** Stops it, or lets it go on. */
  public void signal(String signal) throws Exception {
    Process sent =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process().pid())).start();
    assertThat(sent.waitFor()).isZero();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
