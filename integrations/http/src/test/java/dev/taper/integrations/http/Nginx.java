package dev.taper.integrations.http;

import dev.taper.testing.Await;
import dev.taper.testing.Needed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A cache before a service: nginx, which keeps whatever it is not told not to keep. It needs the
 * program: see {@link Needed}.
 */
final class Nginx implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx");

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a cache on a port, before a service on another. */
  static Nginx start(Path folder, int port, int service) throws Exception {
    String program = Needed.program(PLACES, "nginx");
    Path config = folder.resolve("nginx.conf");
    Files.writeString(config, config(folder, port, service));
    Process process =
        new ProcessBuilder(
                program, "-e", "stderr", "-p", folder.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    Await.listening(nginx.process, nginx.port, () -> Files.readString(folder.resolve("nginx.log")));
    return nginx;
  }

  private static String config(Path folder, int port, int service) {
    String temporary =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(name -> "  " + name + "_temp_path " + folder.resolve(name) + ";\n")
            .reduce("", String::concat);
    return """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log stderr;
        events { }
        http {
          access_log off;
          proxy_cache_path %1$s/cache keys_zone=all:1m;
        %2$s
          server {
            listen 127.0.0.1:%3$d;
            location / {
              proxy_pass http://127.0.0.1:%4$d;
              proxy_set_header Host $http_host;
              proxy_http_version 1.1;
              proxy_ignore_client_abort on;
              proxy_cache all;
              proxy_cache_key $request_uri;
              proxy_cache_valid any 10m;
              add_header X-Cache $upstream_cache_status always;
            }
          }
        }
        """
        .formatted(folder, temporary, port, service);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
