package dev.taper.server.serve;

import java.nio.file.Path;

/** Caddy, which asks by {@code forward_auth}. */
class CaddyTest extends ProxyContract {
  @Override
  RealProxy start(Path folder, int front, int taper, int service) throws Exception {
    return RealProxy.caddy(folder, front, taper, service);
  }
}
