package dev.taper.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who can change what is in a folder. */
public final class FolderRights {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("----w--w-");

  private static final String ROOT = "root";

  /** Where the operating system shows this process, as its user's. */
  private static final Path SELF = Path.of("/proc/self");

  private FolderRights() {}

  /** True where files have owners and permissions that say who can change them. */
  public static boolean areKnown(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Says why somebody else can put files into a folder, or take them away.
   *
   * @return the reason, with what to do about it; null if nobody but this process's user can, and
   *     the one who can do everything anyway
   * @throws IOException if the folder cannot be looked at
   */
  public static @Nullable String exposed(Path folder) throws IOException {
    if (!areKnown(folder)) {
      return null;
    }
    if (Files.getPosixFilePermissions(folder).stream().anyMatch(OTHERS::contains)) {
      return "others can put files into " + folder + ": chmod go-w";
    }
    UserPrincipal owner = Files.getOwner(folder);
    return isSomebodyElse(owner)
        ? folder + " is of " + owner.getName() + ", who can put files into it: chown"
        : null;
  }

  private static boolean isSomebodyElse(UserPrincipal owner) throws IOException {
    if (owner.getName().equals(ROOT)) {
      return false;
    }
    if (Files.exists(SELF)) {
      return !owner.equals(Files.getOwner(SELF));
    }
    return ProcessHandle.current().info().user().filter(owner.getName()::equals).isEmpty();
  }
}
