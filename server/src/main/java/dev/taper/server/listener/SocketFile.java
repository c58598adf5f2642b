package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import dev.taper.server.process.FolderRights;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix domain socket. It is bound in a folder that nobody else can enter, and gets
 * its name only with its permissions: there is no moment in which others could connect. For one
 * thread.
 */
final class SocketFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  private final Path path;
  private final Path folder;
  private @Nullable Object published;

  private SocketFile(Path path, Path folder) {
    this.path = path;
    this.folder = folder;
  }

  /**
   * Prepares a socket.
   *
   * @throws OperationException {@code folder_exposed} if others can put files into its folder, and
   *     so take its place; {@code io} if there is one that somebody answers, a file that is no
   *     socket, or a folder that cannot be written
   */
  static SocketFile before(Path path) {
    Path absolute = path.toAbsolutePath();
    requireFree(absolute);
    Path parent = Objects.requireNonNull(absolute.getParent()); // the root is not free
    requireOwn(parent);
    try {
      return new SocketFile(absolute, Files.createTempDirectory(parent, ".t"));
    } catch (IOException e) {
      throw OperationException.io("cannot make a socket in " + parent, e);
    }
  }

  private static void requireOwn(Path folder) {
    String exposed;
    try {
      exposed = FolderRights.exposed(folder);
    } catch (IOException e) {
      throw OperationException.io("cannot make a socket in " + folder, e);
    }
    if (exposed != null) {
      throw new OperationException(
          OperationException.Kind.USAGE, "folder_exposed", exposed + ", or name another", null);
    }
  }

  private static void requireFree(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isOther()) {
        throw OperationException.io(path + " is there and is no socket", null);
      }
    } catch (IOException e) {
      return; // there is none
    }
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.connect(UnixDomainSocketAddress.of(path));
      throw OperationException.io("another process listens at " + path, null);
    } catch (ConnectException e) {
      // A process that was killed left it: it is replaced.
    } catch (IOException e) {
      throw OperationException.io("cannot tell who listens at " + path, e);
    }
  }

  /** Where it is bound. */
  Path hidden() {
    return folder.resolve("s");
  }

  /** Where others find it. */
  Path path() {
    return path;
  }

  /** Gives it its permissions, then its name. */
  void publish(boolean isForGroup) throws IOException {
    Files.setPosixFilePermissions(
        hidden(), PosixFilePermissions.fromString(isForGroup ? "rw-rw----" : "rw-------"));
    Files.move(hidden(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    published = key(path);
    Files.delete(folder);
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Deletes it, unless another process has taken its place meanwhile. */
  @Override
  public void close() {
    try {
      if (published == null) {
        Files.deleteIfExists(hidden());
        Files.deleteIfExists(folder);
      } else if (published.equals(key(path))) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // Somebody has deleted it.
    } catch (IOException e) {
      LOG.warn("cannot delete the socket {}: {}", path, e.getMessage());
    }
  }
}
