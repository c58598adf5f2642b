package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.FilledPipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a file, by who named it. */
class SecretFileTest {
  private static final int MAX_BYTES = 16;

  @TempDir private Path folder;

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void read_aPipeThatSomebodyNamed_isRead() throws Exception {
    Path pipe = folder.resolve("pipe");
    FilledPipe.with(
        pipe,
        "secret",
        () -> {
          assertThat(text(SecretFile.read(pipe, MAX_BYTES))).isEqualTo("secret");
        });
  }

  @Test
  void readListed_aFile_isReadUpToItsBound() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x".repeat(MAX_BYTES));
    assertThat(text(SecretFile.readListed(file, MAX_BYTES))).hasSize(MAX_BYTES);
    assertThatThrownBy(() -> SecretFile.readListed(file, MAX_BYTES - 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 15 bytes");
    assertThatThrownBy(() -> SecretFile.readListed(folder.resolve("none"), MAX_BYTES))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void readListed_pipeLinkOrFolder_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "secret");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path pipe = folder.resolve("pipe");
    FilledPipe.with(
        pipe,
        "secret",
        () -> {
          for (Path one : new Path[] {link, inner, pipe}) {
            assertThatThrownBy(() -> SecretFile.readListed(one, MAX_BYTES))
                .as("%s", one)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a regular file");
          }
        });
  }
}
