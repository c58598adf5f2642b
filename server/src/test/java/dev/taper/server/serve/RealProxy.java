package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Await;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A proxy from Debian that runs the example's own files; nothing in them is changed but the ports.
 * It needs the program: see {@link Needed}.
 */
final class RealProxy implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("..", "examples", "proxies");
  private static final List<String> PLACES = List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin");

  private final Process process;
  private final Path log;
  private final int port;

  private RealProxy(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  private static String program(String name) {
    return Needed.program(PLACES.stream().map(place -> place + "/" + name).toList(), name);
  }

  /** The example with other ports; a port that is not there any more ends the test. */
  private static String example(String file, Map<String, Integer> ports) throws IOException {
    String text = Files.readString(EXAMPLES.resolve(file));
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      String from = "127.0.0.1:" + port.getKey();
      assertThat(text).contains(from);
      text = text.replace(from, "127.0.0.1:" + port.getValue());
    }
    return text;
  }

  static RealProxy nginx(Path folder, int front, int taper, int service) throws Exception {
    return nginx(folder, front, taper, service, Map.of());
  }

  /** With texts of the files that are others, each of which has to be there. */
  static RealProxy nginx(
      Path folder, int front, int taper, int service, Map<String, String> changes)
      throws Exception {
    String program = program("nginx");
    String proxy =
        example("nginx/taper.conf", Map.of("8080", front, "8280", taper, "9000", service));
    String question = Files.readString(EXAMPLES.resolve("nginx/taper-question.conf"));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(proxy + question).contains(change.getKey());
      proxy = proxy.replace(change.getKey(), change.getValue());
      question = question.replace(change.getKey(), change.getValue());
    }
    Files.writeString(folder.resolve("taper.conf"), proxy);
    Files.writeString(folder.resolve("taper-question.conf"), question);
    String temporary =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(name -> "  " + name + "_temp_path " + folder.resolve(name) + ";\n")
            .reduce("", String::concat);
    Files.writeString(
        folder.resolve("nginx.conf"),
        "daemon off;\nmaster_process off;\npid "
            + folder
            + "/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n  access_log off;\n"
            + "  proxy_cache_path "
            + folder.resolve("cache")
            + " keys_zone=all:1m;\n"
            + temporary
            + "  include taper.conf;\n}\n");
    return start(
        folder,
        front,
        Map.of(),
        program,
        "-e",
        "stderr",
        "-p",
        folder.toString(),
        "-c",
        folder.resolve("nginx.conf").toString());
  }

  /** HAProxy with a configuration; it listens at that port. */
  static RealProxy haproxy(Path folder, int front, String configuration) throws Exception {
    String program = program("haproxy");
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
    return start(folder, front, Map.of(), program, "-db", "-f", file.toString());
  }

  /** With texts of the file that are others, each of which has to be there. */
  static RealProxy caddy(
      Path folder, int front, int taper, String services, Map<String, String> changes)
      throws Exception {
    String program = program("caddy");
    String text = Files.readString(EXAMPLES.resolve("caddy/Caddyfile"));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(text).contains(change.getKey());
      text = text.replace(change.getKey(), change.getValue());
    }
    Path file = Files.writeString(folder.resolve("Caddyfile"), text);
    return start(
        folder,
        front,
        Map.of(
            "FRONT",
            "127.0.0.1:" + front,
            "TAPER",
            "127.0.0.1:" + taper,
            "SERVICE",
            services,
            "HOME",
            folder.toString(),
            "XDG_DATA_HOME",
            folder.toString(),
            "XDG_CONFIG_HOME",
            folder.toString()),
        program,
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        file.toString());
  }

  private static RealProxy start(
      Path folder, int port, Map<String, String> environment, String... command) throws Exception {
    Path log = folder.resolve("proxy.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    RealProxy proxy = new RealProxy(builder.start(), log, port);
    Await.listening(proxy.process, proxy.port, proxy::log);
    return proxy;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).exceptionally(late -> null).join();
    process.destroyForcibly().onExit().join();
  }
}
