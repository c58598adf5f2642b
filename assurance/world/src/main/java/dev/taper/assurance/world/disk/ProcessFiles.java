package dev.taper.assurance.world.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process has of a disk: a file system that ends with it. Behind its end nothing of it
 * reads or writes any more. For one thread at a time.
 */
public final class ProcessFiles extends FileSystem {
  private static final Path FOLDER = Path.of("/log");

  private final SimulatedDisk disk;
  private final Provider provider = new Provider();
  private boolean ended;
  private boolean forcesNewNamesOnly;
  private boolean isNewest;

  /** Begins to use a disk, which no other process uses. */
  public ProcessFiles(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** A file in the disk's folder, whether it is there or not. */
  public Path file(String name) {
    return new DiskPath(this, FOLDER.resolve(name));
  }

  /** The process ends at once. */
  public void end() {
    ended = true;
  }

  /** True if the process has ended, also over a write. */
  public boolean isEnded() {
    return ended;
  }

  /**
   * From now on, forcing the folder does something only where this process made the file that it
   * opened last.
   */
  public void forceNewNamesOnly() {
    forcesNewNamesOnly = true;
  }

  boolean forcesNames() {
    return isNewest || !forcesNewNamesOnly;
  }

  void requireLiving() throws IOException {
    if (ended) {
      throw new IOException("the process is dead");
    }
  }

  private static Path absolute(Path path) {
    return DiskPath.name(path).toAbsolutePath().normalize();
  }

  private static String key(Path path) {
    return absolute(path).toString();
  }

  private static boolean isFolder(Path path) {
    return absolute(path).equals(FOLDER);
  }

  private DiskFile existing(Path path) throws IOException {
    requireLiving();
    DiskFile file = disk.find(key(path));
    if (file == null) {
      throw new NoSuchFileException(key(path));
    }
    return file;
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
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    throw new UnsupportedOperationException();
  }

  /** Folders can be forced where files have owners. */
  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "posix");
  }

  @Override
  public Path getPath(String first, String... more) {
    return new DiskPath(this, Path.of(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "simulated";
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
      requireLiving();
      if (isFolder(path)) {
        return new DiskChannel(ProcessFiles.this, disk, null);
      }
      DiskFile file = disk.find(key(path));
      boolean makes = options.contains(StandardOpenOption.CREATE_NEW);
      if (file != null && makes) {
        throw new FileAlreadyExistsException(key(path));
      }
      isNewest = file == null;
      if (file == null && (makes || options.contains(StandardOpenOption.CREATE))) {
        file = disk.make(key(path));
      }
      if (file == null) {
        throw new NoSuchFileException(key(path));
      }
      if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        file.cut(0);
      }
      return new DiskChannel(ProcessFiles.this, disk, file);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      requireLiving();
      List<Path> found = new ArrayList<>();
      for (String name : disk.names()) {
        Path path = getPath(name);
        if (filter.accept(path)) {
          found.add(path);
        }
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return found.iterator();
        }

        @Override
        public void close() {}
      };
    }

    private Path getPath(String name) {
      return ProcessFiles.this.getPath(name);
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path path) throws IOException {
      existing(path);
      disk.delete(key(path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      boolean replaces =
          List.of(options).contains(StandardCopyOption.ATOMIC_MOVE)
              || List.of(options).contains(StandardCopyOption.REPLACE_EXISTING);
      DiskFile file = existing(from);
      if (!replaces && disk.find(key(to)) != null) {
        throw new FileAlreadyExistsException(key(to));
      }
      disk.move(key(from), file, key(to));
    }

    @Override
    public boolean isSameFile(Path one, Path other) {
      return key(one).equals(key(other));
    }

    @Override
    public boolean isHidden(Path path) {
      return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      requireLiving();
      if (!isFolder(path)) {
        existing(path);
      }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      boolean isFolder = isFolder(path);
      return type.cast(new Attributes(isFolder, isFolder ? 0 : existing(path).size()));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  /** What is known of a file or the folder. */
  private record Attributes(boolean isDirectory, long size) implements BasicFileAttributes {
    private static final FileTime NEVER = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
      return NEVER;
    }

    @Override
    public FileTime lastAccessTime() {
      return NEVER;
    }

    @Override
    public FileTime creationTime() {
      return NEVER;
    }

    @Override
    public boolean isRegularFile() {
      return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public @Nullable Object fileKey() {
      return null;
    }
  }
}
