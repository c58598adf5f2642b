package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The published files of the delegation profile are what the generator makes. To make them anew,
 * run this test with {@code -Dtaper.vectors.write=true}, see the module's README.
 */
class ProfileFilesTest {
  @Test
  void generate_sameCases_givesTheCommittedBytes() throws IOException {
    Map<String, byte[]> files = ProfileFiles.generate();
    if (Boolean.getBoolean("taper.vectors.write")) {
      Files.createDirectories(ProfileFolder.PATH);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(ProfileFolder.PATH.resolve(file.getKey()), file.getValue());
      }
    }

    Map<String, byte[]> committed = ProfileFolder.bytes();
    assertThat(committed.keySet()).containsExactlyInAnyOrderElementsOf(files.keySet());
    files.forEach((name, bytes) -> assertThat(committed.get(name)).as(name).isEqualTo(bytes));
  }
}
