package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can change a file, on a real file system; the same for the administrator and for others. */
class FileGuardTest {
  private final FileGuard guard = FileGuard.ofThisProcess();

  @TempDir private Path temporary;
  private Path folder;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    folder = Files.createDirectory(temporary.resolve("folder"));
    file = Files.writeString(folder.resolve("root.pub"), "key");
    permit(folder, "rwxr-xr-x");
    permit(file, "rw-r--r--");
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void stick(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode");
    Files.setAttribute(path, "unix:mode", mode | 01000);
  }

  /** Gives a file to a group that has not the name of its owner, if there is one to give it to. */
  private static void requireGroupOfOthers(Path path) throws IOException {
    for (String name : new String[] {"daemon", "users", "staff", "nogroup", "everyone"}) {
      try {
        Files.setAttribute(
            path,
            "posix:group",
            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name));
        return;
      } catch (IOException e) {
        // Not this one.
      }
    }
  }

  @Test
  void exposure_ownFileInOwnFolder_isNone() throws IOException {
    assertThat(guard.exposure(file)).isNull();
    assertThat(guard.exposure(folder)).isNull();
    permit(file, "r--------");
    assertThat(guard.exposure(file)).isNull();
  }

  @Test
  void exposure_fileThatEverybodyCanWrite_isNamed() throws IOException {
    permit(file, "rw-r--rw-");

    assertThat(guard.exposure(file))
        .isEqualTo(
            "everybody can change it, it has the permissions rw-r--rw-: chmod o-w, after a look at"
                + " what it holds");
  }

  @Test
  void exposure_groupCanWrite_countsUnlessItIsItsOwnersOwn() throws IOException {
    requireGroupOfOthers(file);
    permit(file, "rw-rw-r--");
    String owner = Files.getOwner(file).getName();
    String group = ((java.security.Principal) Files.getAttribute(file, "posix:group")).getName();

    if (group.equals(owner)) {
      assertThat(guard.exposure(file)).isNull();
    } else {
      assertThat(guard.exposure(file)).startsWith("the group " + group + " can change it");
    }
  }

  @Test
  void exposure_folderThatEverybodyCanWrite_isNamed() throws IOException {
    permit(folder, "rwxrwxrwx");
    assertThat(guard.exposure(file))
        .startsWith("everybody can replace it, as the folder ")
        .contains("has the permissions rwxrwxrwx: chmod o-w");
    permit(folder, "rwxr-xr-x");
    permit(temporary, "rwx-wx-wx");
    assertThat(guard.exposure(file)).startsWith("everybody can replace it");
  }

  @Test
  void exposure_stickyFolder_keepsTheFilesOfEachOwner() throws IOException {
    permit(folder, "rwxrwxrwx");
    stick(folder);

    assertThat(guard.exposure(file)).isNull();
    assertThat(guard.exposure(folder.resolve("not-there-yet"))).isNull();
    // As the place of a store it is everybody's all the same.
    assertThat(guard.exposure(folder)).startsWith("everybody can change it");
  }

  @Test
  void exposure_folderThatIsMountedReadOnly_canBeWrittenByNobody() throws IOException {
    permit(folder, "rwxrwxrwx");
    FileGuard mounted = new FileGuard(Set.of(Files.getOwner(file)), folder.toRealPath()::equals);

    assertThat(mounted.exposure(file)).isNull();
    permit(file, "rw-rw-rw-");
    assertThat(mounted.exposure(file)).startsWith("everybody can change it");
  }

  /**
   * Gives a file to another user, as the administrator can. For all others, mine is another's for a
   * guard that does not know me.
   */
  private FileGuard ofAnother(Path given) throws IOException {
    UserPrincipal before = Files.getOwner(given);
    try {
      Files.setOwner(
          given,
          given.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    } catch (IOException e) {
      // I am not the administrator.
    }
    return Files.getOwner(given).equals(before) ? new FileGuard(Set.of(), path -> false) : guard;
  }

  @Test
  void exposure_fileOfAnother_isNamedUnlessItIsTrusted() throws IOException {
    FileGuard other = ofAnother(file);

    assertThat(other.exposure(file)).contains("belongs to " + Files.getOwner(file).getName());
    assertThat(other.trustingOwnerOf(file).exposure(file)).isNull();
    assertThat(guard.trustingOwnerOf(folder.resolve("none"))).isSameAs(guard);
  }

  @Test
  void exposure_folderOfAnother_isNamed() throws IOException {
    assertThat(ofAnother(folder).exposure(file))
        .startsWith("/")
        .contains(" belongs to " + Files.getOwner(folder).getName());
  }

  @Test
  void exposure_link_isWhatItLeadsTo() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../folder/root.pub"));
    assertThat(guard.exposure(link)).isNull();

    permit(file, "rw-rw-rw-");
    assertThat(guard.exposure(link))
        .startsWith("everybody can change ")
        .contains("root.pub, it has");
    permit(file, "rw-r--r--");
    permit(folder, "rwxrwxrwx");
    assertThat(guard.exposure(link)).startsWith("everybody can replace it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "folders/root.pub", "folders/../folder/root.pub"})
  void exposure_linkInAFolderThatEverybodyCanWrite_isNamed(String name) throws IOException {
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.createSymbolicLink(open.resolve("link"), file);
    Files.createSymbolicLink(open.resolve("folders"), folder);
    assertThat(guard.exposure(open.resolve(name))).isNull();

    permit(open, "rwxrwxrwx");
    assertThat(guard.exposure(open.resolve(name)))
        .startsWith("everybody can replace it, as the folder ")
        .contains("open");
  }

  @Test
  void exposure_linksInACircle_cannotBeFoundOut() throws IOException {
    Path one = temporary.resolve("one");
    Files.createSymbolicLink(one, temporary.resolve("two"));
    Files.createSymbolicLink(temporary.resolve("two"), one);

    @Nullable String message = null;
    try {
      guard.exposure(one);
    } catch (IOException e) {
      message = e.getMessage();
    }
    assertThat(message).contains("symbolic links");
  }

  @Test
  void exposure_whatIsNotThere_isThatOfItsFolder() throws IOException {
    Path later = folder.resolve("used").resolve("proofs");
    assertThat(guard.exposure(later)).isNull();
    permit(folder, "rwxrwxrwx");
    assertThat(guard.exposure(later)).startsWith("everybody can replace it");
  }

  @Test
  void exposure_device_isNotLookedAt() throws IOException {
    assertThat(guard.exposure(Path.of("/dev/null"))).isNull();
  }
}
