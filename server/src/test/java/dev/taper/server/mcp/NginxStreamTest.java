package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Await;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of a server's own messages, through an nginx that cuts what is idle. */
class NginxStreamTest {
  @TempDir Path folder;

  @Test
  void stream_thatNginxCuts_isOpenedAgain() throws Exception {
    String program = Needed.program(List.of("/usr/sbin/nginx", "/usr/bin/nginx"), "nginx");
    int port = FreePort.next();
    try (ScriptedServer server = new ScriptedServer()) {
      Process nginx = start(program, port, server.port());
      try {
        Await.listening(nginx, port, () -> Files.readString(folder.resolve("nginx.log")));
        server.next(
            ScriptedServer.holds(""),
            ScriptedServer.holds(""),
            ScriptedServer.holds(ScriptedServer.event(ScriptedServer.CHANGED)));
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        UrlUpstream upstream =
            new UrlUpstream(
                URI.create("http://127.0.0.1:" + port + "/mcp"), Map::of, 1 << 16, null);
        Link link = upstream.open(ListenStreamTest.receiver(heard));
        try {
          ListenStreamTest.begin(link, heard);
          for (int i = 0; i < 3; i++) {
            assertThat(server.stream().field("Mcp-Session-Id")).isEqualTo("s1");
          }
          int changes = 0;
          while (changes < 3) { // two after the gaps, and the server's own
            Object one = heard.poll(60, TimeUnit.SECONDS);
            assertThat(one).as("what the server says").isNotNull();
            changes += "notifications/resources/list_changed".equals(one) ? 1 : 0;
          }
          assertThat(upstream.reopenedStreams()).isGreaterThanOrEqualTo(2);
        } finally {
          link.close();
        }
      } finally {
        nginx.destroyForcibly().onExit().join();
      }
    }
  }

  private Process start(String program, int port, int server) throws Exception {
    String temporary =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(name -> "  " + name + "_temp_path " + folder.resolve(name) + ";\n")
            .reduce("", String::concat);
    Files.writeString(
        folder.resolve("nginx.conf"),
        "daemon off;\nmaster_process off;\npid "
            + folder
            + "/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n  access_log off;\n"
            + temporary
            + "  server {\n    listen 127.0.0.1:"
            + port
            + ";\n    location / {\n      proxy_pass http://127.0.0.1:"
            + server
            + ";\n      proxy_http_version 1.1;\n      proxy_buffering off;\n"
            + "      proxy_read_timeout 1s;\n    }\n  }\n}\n");
    return new ProcessBuilder(
            program,
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            folder.resolve("nginx.conf").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("nginx.log").toFile())
        .start();
  }
}
