package dev.taper.integrations.valkey;

import dev.taper.testing.ValkeyServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A durable server for all tests of a process that leave it as it is; each has its own store. */
final class SharedServer {
  private static @Nullable ValkeyServer server;

  private SharedServer() {}

  static synchronized ValkeyServer get() throws Exception {
    ValkeyServer known = server;
    if (known == null) {
      String unused = ValkeyServer.program(); // or else there is no folder either
      Path folder = Files.createTempDirectory(Path.of("target"), "valkey");
      known = ValkeyServer.start(folder, ValkeyServer.DURABLE);
      server = known;
      ValkeyServer started = known;
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    }
    return known;
  }
}
