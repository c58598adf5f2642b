package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gives a file that cannot be the key is told which file it was. */
class KeySourceTest {
  @TempDir Path folder;

  private void assertRefused(Class<? extends Exception> kind, Path file, String why) {
    assertThatThrownBy(() -> new KeySource(file.toString(), null, null, false).open())
        .isInstanceOf(kind)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
  }

  @Test
  void file_thatIsNoKey_isNamed() throws Exception {
    Path none = Files.writeString(folder.resolve("none.key"), "none");
    Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(TaperException.class, none, "others can get at this secret");
    Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rw-------"));
    assertRefused(TaperException.class, none, "a key's text starts with");
    assertRefused(OperationException.class, folder.resolve("a.key"), "there is no such file");
  }
}
