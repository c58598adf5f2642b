package dev.taper.assurance.world.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/**
 * A path on a simulated disk. Immutable.
 *
 * @param files what the process has of the disk
 * @param name the same path among real files, of which only the name is used
 */
record DiskPath(ProcessFiles files, Path name) implements Path {
  /** What a path is called. */
  static Path name(Path path) {
    return ((DiskPath) path).name;
  }

  private Path of(Path other) {
    return new DiskPath(files, other);
  }

  private @Nullable Path orNull(@Nullable Path other) {
    return other == null ? null : of(other);
  }

  @Override
  public FileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return name.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return orNull(name.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return orNull(name.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return orNull(name.getParent());
  }

  @Override
  public int getNameCount() {
    return name.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return of(name.getName(index));
  }

  @Override
  public Path subpath(int from, int to) {
    return of(name.subpath(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return name.startsWith(name(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return name.endsWith(name(other));
  }

  @Override
  public Path normalize() {
    return of(name.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return of(name.resolve(name(other)));
  }

  @Override
  public Path relativize(Path other) {
    return of(name.relativize(name(other)));
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path toAbsolutePath() {
    return of(name.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return toAbsolutePath();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return name.compareTo(name(other));
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
