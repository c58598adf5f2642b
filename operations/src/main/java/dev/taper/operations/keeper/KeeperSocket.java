package dev.taper.operations.keeper;

import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where a keeper listens: a socket in the file system, that only its own user can reach. */
final class KeeperSocket {
  /** The environment variable that names the socket. */
  static final String VARIABLE = "TAPER_KEEPER";

  /** The most bytes in the path of a socket, on every system that has them. */
  private static final int MAX_BYTES = 103;

  private KeeperSocket() {}

  /** See {@link KeeperClient#socket(Map, Path)}. */
  static Path find(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return of(named);
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return runtime.isEmpty()
        ? of(home(environment, home).resolve(".taper").resolve("keeper.sock").toString())
        : of(runtime + "/taper/keeper.sock");
  }

  /** What {@code HOME} names, as clients in other languages look for it there. */
  private static Path home(Map<String, String> environment, Path otherwise) {
    String named = environment.getOrDefault("HOME", "");
    return named.startsWith("/") ? Path.of(named) : otherwise;
  }

  /** See {@link KeeperClient#socket(String)}. */
  static Path of(String text) {
    try {
      Path path = Path.of(text).toAbsolutePath().normalize();
      if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
        throw OperationException.usage(
            "the path of a socket has at most " + MAX_BYTES + " bytes: " + Place.shown(text));
      }
      return path;
    } catch (InvalidPathException e) {
      throw OperationException.usage("this is no path: " + Place.shown(text));
    }
  }
}
