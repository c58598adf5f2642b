package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void replace_longerThanItsReaderTakes_isRefusedAndTheOldOneStays() throws IOException {
    Path file = folder.resolve("file");
    WholeFile.replace(file, new byte[] {1, 2, 3}, 3);

    assertThatThrownBy(() -> WholeFile.replace(file, new byte[4], 3))
        .isInstanceOf(IOException.class)
        .hasMessage("it would be longer than 3 bytes");

    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void create_secretLongerThanItsReaderTakes_makesNone() throws IOException {
    Path file = folder.resolve("secret");

    assertThatThrownBy(() -> SecretFile.create(file, new byte[4], 3))
        .isInstanceOf(IOException.class)
        .hasMessage("it would be longer than 3 bytes");
    assertThat(file).doesNotExist();

    SecretFile.create(file, new byte[] {7}, 3);
    assertThat(SecretFile.read(file, 3)).containsExactly(7);
  }
}
