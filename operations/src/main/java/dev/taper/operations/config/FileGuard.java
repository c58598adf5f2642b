package dev.taper.operations.config;

import dev.taper.operations.Place;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether somebody can change or replace a file who is not meant to decide for the
 * service. The administrator, the user of this process and the owner of the configuration may. A
 * symbolic link counts as what it leads to, and every folder on the way is looked at. It looks at
 * who owns what and at the permissions, not at what this process may do, so it says the same to
 * every user. Immutable and thread-safe.
 *
 * <p>Pipes and devices are not looked at, nor are files where the file system has no such
 * permissions.
 *
 * @param owners who may own files, beside the administrator
 * @param readOnly true for a folder in which nobody here can write, whatever its permissions say
 */
record FileGuard(Set<UserPrincipal> owners, Predicate<Path> readOnly) {
  private static final int MAX_LINKS = 40;
  private static final int ADMINISTRATOR = 0;
  private static final int STICKY = 01000;
  private static final String UNIX = "unix";

  FileGuard {
    owners = Set.copyOf(owners);
  }

  /** The guard of this process: what its user and the administrator own is not anybody else's. */
  static FileGuard ofThisProcess() {
    FileSystem system = Path.of("").getFileSystem();
    Set<UserPrincipal> owners = new HashSet<>();
    if (isUnix(system)) {
      try {
        owners.add(Files.getOwner(Path.of("/proc/self")));
      } catch (IOException e) {
        // No Linux: the user's name has to do.
      }
      try {
        String name = System.getProperty("user.name", "");
        owners.add(system.getUserPrincipalLookupService().lookupPrincipalByName(name));
      } catch (IOException e) {
        // A user without a name, as in some containers.
      }
    }
    return new FileGuard(owners, FileGuard::isMountedReadOnly);
  }

  /** The same guard, to which the owner of a file is nobody else, either. */
  FileGuard trustingOwnerOf(Path file) throws IOException {
    if (!isUnix(file.getFileSystem()) || !Files.exists(file)) {
      return this;
    }
    Set<UserPrincipal> more = new HashSet<>(owners);
    more.add(Files.getOwner(file));
    return new FileGuard(more, readOnly);
  }

  /**
   * Says who could change or replace a file or folder, and what to do about it; null if nobody else
   * could. Of what is not there yet, the folders are looked at.
   *
   * @throws IOException if it cannot be found out
   */
  @Nullable String exposure(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    return isUnix(file.getFileSystem()) ? new Walk(absolute).exposure() : null;
  }

  private static boolean isUnix(FileSystem system) {
    return system.supportedFileAttributeViews().contains(UNIX);
  }

  private static boolean isMountedReadOnly(Path folder) {
    try {
      return Files.getFileStore(folder).isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }

  /** What is known of a file or folder, or of a link itself. */
  private record Entry(Path path, PosixFileAttributes attributes, int uid, int mode) {
    static Entry of(Path path) throws IOException {
      return new Entry(
          path,
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS),
          number(path, "uid"),
          number(path, "mode"));
    }

    private static int number(Path path, String name) throws IOException {
      return (Integer) Files.getAttribute(path, UNIX + ":" + name, LinkOption.NOFOLLOW_LINKS);
    }

    boolean isAdministrators() {
      return uid == ADMINISTRATOR;
    }

    boolean isSticky() {
      return (mode & STICKY) != 0;
    }

    /** A group that has its owner's name is the owner's own, and nobody else is in it. */
    boolean isWrittenByGroup() {
      return attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
          && !attributes.group().getName().equals(attributes.owner().getName());
    }

    boolean isWrittenByEverybody() {
      return attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Who could write, how that shows, and how to change it. */
    String words(String what) {
      boolean everybody = isWrittenByEverybody();
      return (everybody ? "everybody" : "the group " + Place.shown(attributes.group().getName()))
          + what
          + " the permissions "
          + PosixFilePermissions.toString(attributes.permissions())
          + ": chmod "
          + (everybody ? "o-w" : "g-w")
          + ", after a look at what it holds";
    }
  }

  /** The way from the root to one file, through every link. For one use. */
  private final class Walk {
    private final Path file;
    private final Deque<Path> left = new ArrayDeque<>();
    private Entry at;
    private int links;

    Walk(Path file) throws IOException {
      this.file = file;
      file.forEach(left::add);
      this.at = Entry.of(root(file));
    }

    private static Path root(Path absolute) throws IOException {
      Path root = absolute.getRoot();
      if (root == null) {
        throw new IOException("it is not absolute: " + absolute);
      }
      return root;
    }

    @Nullable String exposure() throws IOException {
      String found = folder(false);
      while (found == null && !left.isEmpty()) {
        found = step(left.pop());
      }
      return found;
    }

    private @Nullable String step(Path name) throws IOException {
      String text = name.toString();
      if (text.equals("..")) {
        Path above = at.path().getParent();
        at = above == null ? at : Entry.of(above);
        return null;
      }
      if (text.isEmpty() || text.equals(".")) {
        return null;
      }
      Path path = at.path().resolve(name);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        left.clear(); // it will be made here
        return folder(true);
      }
      Entry entry = Entry.of(path);
      boolean link = entry.attributes().isSymbolicLink();
      String found = link || left.isEmpty() ? folder(true) : null;
      if (found == null && !entry.attributes().isOther()) {
        found = owner(entry);
      }
      if (link) {
        follow(path);
        return found;
      }
      at = entry;
      if (found != null || entry.attributes().isOther()) {
        return found;
      }
      return left.isEmpty() ? itself() : folder(false);
    }

    private void follow(Path link) throws IOException {
      if (++links > MAX_LINKS) {
        throw new IOException("there are more than " + MAX_LINKS + " symbolic links on its way");
      }
      Path target = Files.readSymbolicLink(link);
      for (int i = target.getNameCount() - 1; i >= 0; i--) {
        left.push(target.getName(i));
      }
      if (target.isAbsolute()) {
        at = Entry.of(root(target));
      }
    }

    private @Nullable String owner(Entry entry) {
      if (entry.isAdministrators() || owners.contains(entry.attributes().owner())) {
        return null;
      }
      return (entry.path().equals(file) ? "it" : shown(entry.path()))
          + " belongs to "
          + Place.shown(entry.attributes().owner().getName())
          + ", who owns neither the configuration nor this process: chown it, after a look at what"
          + " it holds";
    }

    /** Who could write the thing itself. */
    private @Nullable String itself() {
      if (!at.isWrittenByEverybody() && !at.isWrittenByGroup()) {
        return null;
      }
      boolean same = at.path().equals(file);
      return at.words(
          same ? " can change it, it has" : " can change " + shown(at.path()) + ", it has");
    }

    /**
     * Who could put something else in the place of what a folder holds. A sticky one lets only the
     * owners of its files do that.
     *
     * @param holds true if it holds the thing itself, or a link to it; of those above it only those
     *     that everybody can write are refused, as groups of the system own some of them
     */
    private @Nullable String folder(boolean holds) {
      boolean open = at.isWrittenByEverybody() || (holds && at.isWrittenByGroup());
      if (!open || at.isSticky() || readOnly.test(at.path())) {
        return null;
      }
      return at.words(" can replace it, as the folder " + shown(at.path()) + " has");
    }

    private String shown(Path path) {
      return Setting.shown(path.toString());
    }
  }
}
