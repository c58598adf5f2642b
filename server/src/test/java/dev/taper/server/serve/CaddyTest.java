package dev.taper.server.serve;

import java.nio.file.Path;
import java.util.Map;

/** Caddy, which asks by {@code forward_auth}. */
class CaddyTest extends ProxyContract {
  @Override
  RealProxy start(Path folder, int front, int taper, int service) throws Exception {
    return RealProxy.caddy(folder, front, taper, "127.0.0.1:" + service, Map.of());
  }

  @Override
  RealProxy startBeforeTwo(int one, int other, boolean isRetrying) throws Exception {
    String comment = "# The service needs none of them";
    return RealProxy.caddy(
        folder,
        front,
        taper.port(),
        "127.0.0.1:" + one + " 127.0.0.1:" + other,
        isRetrying ? Map.of(comment, "lb_retries 1\n" + comment) : Map.of());
  }
}
