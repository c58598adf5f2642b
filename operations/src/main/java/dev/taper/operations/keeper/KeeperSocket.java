package dev.taper.operations.keeper;

import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where a keeper listens: a socket in the file system, that only its own user can reach. */
public final class KeeperSocket {
  /** The environment variable that names the socket. */
  public static final String VARIABLE = "TAPER_KEEPER";

  /** The most bytes in the path of a socket, on every system that has them. */
  private static final int MAX_BYTES = 103;

  private KeeperSocket() {}

  /**
   * Finds the socket: what {@code TAPER_KEEPER} names; else {@code taper/keeper.sock} in the user's
   * folder for such files ({@code XDG_RUNTIME_DIR}); else {@code .taper/keeper.sock} at home.
   *
   * @param environment the variables
   * @param home the user's folder
   * @throws OperationException {@code usage} if that is no path of a socket
   */
  public static Path find(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return of(named);
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return runtime.isEmpty()
        ? of(home.resolve(".taper").resolve("keeper.sock").toString())
        : of(runtime + "/taper/keeper.sock");
  }

  /**
   * Takes the path of a socket.
   *
   * @throws OperationException {@code usage} if it is none, or longer than systems take
   */
  public static Path of(String text) {
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
