package dev.taper.server.keeper;

import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;

/** The place of a socket, which one keeper has to itself while it runs. */
final class SocketFile implements AutoCloseable {
  private final Path socket;
  private final UserPrincipal user;
  private final AutoCloseable lock;

  private SocketFile(Path socket, UserPrincipal user, AutoCloseable lock) {
    this.socket = socket;
    this.user = user;
    this.lock = lock;
  }

  /**
   * Takes the place: makes its folder, and removes a socket at which nobody listens any more.
   *
   * @throws OperationException {@code socket_in_use} if a keeper listens there; {@code
   *     secret_exposed} if others can enter the folder; {@code io} if something else stands there
   */
  static SocketFile claim(Path socket) {
    Path folder = Objects.requireNonNull(socket.getParent());
    OwnFolder.make(folder);
    String inUse = "a keeper listens at " + socket + " already";
    Path lockFile = socket.resolveSibling(socket.getFileName() + ".lock");
    AutoCloseable lock = OwnFolder.lock(lockFile, "socket_in_use", inUse);
    try {
      removeStale(socket, inUse);
      return new SocketFile(socket, OwnFolder.user(folder), lock);
    } catch (IOException | OperationException e) {
      close(lock);
      throw e instanceof OperationException own
          ? own
          : OperationException.io("cannot listen at " + socket + ": " + e.getMessage(), e);
    }
  }

  private static void removeStale(Path socket, String inUse) throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.isOther()) {
      throw OperationException.io(socket + " is no socket, and is left as it is", null);
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      Files.delete(socket); // nobody listens there
      return;
    }
    throw new OperationException(Kind.IO, "socket_in_use", inUse, null);
  }

  /** Lets nobody but its owner connect. */
  void protect() throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }

  /** Where it is. */
  Path path() {
    return socket;
  }

  /** The user of this process, whose other processes alone are answered. */
  UserPrincipal user() {
    return user;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      // The next keeper removes it.
    }
    close(lock);
  }

  private static void close(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      // The operating system lets it go with the process.
    }
  }
}
