package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The published files of the delegation profile and of the binding are what the generator makes. To
 * make them anew, run this test with {@code -Dtaper.vectors.write=true}, see the module's README.
 */
class ProfileFilesTest {
  @Test
  void generate_sameCases_givesTheCommittedBytes() throws IOException {
    check(ProfileFolder.PATH, ProfileFiles.generate());
  }

  @Test
  void generate_sameCasesOfTheBinding_givesTheCommittedBytes() throws IOException {
    check(ProfileFolder.BINDING, BindingFiles.generate());
  }

  private static void check(Path folder, Map<String, byte[]> files) throws IOException {
    if (Boolean.getBoolean("taper.vectors.write")) {
      Files.createDirectories(folder);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    }

    Map<String, byte[]> committed = ProfileFolder.bytes(folder);
    assertThat(committed.keySet()).containsExactlyInAnyOrderElementsOf(files.keySet());
    files.forEach((name, bytes) -> assertThat(committed.get(name)).as(name).isEqualTo(bytes));
  }
}
