package dev.taper.testing.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file system of a {@link FaultyDisk}, which passes all on to the real one. */
final class FaultyFiles extends FileSystem {
  private final FaultyDisk disk;
  private final Provider provider = new Provider();

  FaultyFiles(FaultyDisk disk) {
    this.disk = disk;
  }

  Path path(Path real) {
    return new FaultyPath(this, real);
  }

  static Path real(Path path) {
    return path instanceof FaultyPath faulty ? faulty.real() : path;
  }

  private static Path key(Path path) {
    return real(path).toAbsolutePath().normalize();
  }

  private static FileSystem realFiles() {
    return Path.of("").getFileSystem();
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return realFiles().getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return realFiles().getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return realFiles().getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return realFiles().supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(realFiles().getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    PathMatcher matcher = realFiles().getPathMatcher(pattern);
    return path -> matcher.matches(real(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return realFiles().getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  /** Whom a file belongs to, whatever the real disk says. */
  private record Owner(UserPrincipal getOwner) implements FileOwnerAttributeView {
    @Override
    public String name() {
      return "owner";
    }

    @Override
    public void setOwner(UserPrincipal user) {
      throw new UnsupportedOperationException();
    }
  }

  /** Passes calls on, those that change something through the disk. */
  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      Path real = real(path);
      boolean creates =
          options.contains(StandardOpenOption.CREATE_NEW)
              || (options.contains(StandardOpenOption.CREATE) && Files.notExists(real));
      boolean empties = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
      FileChannel[] opened = new FileChannel[1];
      FaultyDisk.Work open = () -> opened[0] = FileChannel.open(real, options, attributes);
      if (creates || empties) {
        disk.change(
            (creates ? "create " : "empty ") + real,
            open,
            () -> FileChannel.open(real, options, attributes).close());
      } else {
        open.run();
      }
      boolean isFolder = Files.isDirectory(real);
      return new FaultyChannel(
          disk, opened[0], key(path), isFolder ? null : disk.content(key(path)));
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // whoever gets it closes it
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> all =
          Files.newDirectoryStream(real(folder), one -> filter.accept(path(one)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          Iterator<Path> inner = all.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return inner.hasNext();
            }

            @Override
            public Path next() {
              return path(inner.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          all.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      disk.change(
          "create the folder " + folder, () -> Files.createDirectory(real(folder), attributes));
    }

    @Override
    public void delete(Path path) throws IOException {
      if (Files.notExists(real(path), LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(real(path)); // says that there is none
      }
      disk.change(
          "delete " + path,
          () -> {
            Files.delete(real(path));
            disk.deleted(key(path));
          });
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      disk.change(
          "move " + from,
          () -> {
            Files.move(real(from), real(to), options);
            disk.moved(key(from), key(to));
          });
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return Files.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return Files.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return Files.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      Path real = real(path);
      real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      UserPrincipal owner = disk.owner();
      if (owner != null && type == FileOwnerAttributeView.class) {
        return type.cast(new Owner(owner));
      }
      return Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return Files.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
        throws IOException {
      return Files.readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
        throws IOException {
      disk.change(
          "set " + attribute + " of " + path,
          () -> Files.setAttribute(real(path), attribute, value, options));
    }
  }
}
