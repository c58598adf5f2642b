package dev.taper.testvectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The published files are what the generator makes. To make them anew after a change of {@link
 * SampleCases}, run this test with {@code -Dtaper.vectors.write=true}, see the module's README.
 */
class SampleFilesTest {
  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "taper", "testvectors", "biscuit-java");

  @Test
  void generate_sameCases_givesTheCommittedBytes() throws IOException {
    Map<String, byte[]> files = SampleFiles.generate();
    if (Boolean.getBoolean("taper.vectors.write")) {
      write(files);
    }

    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> committed = Files.newDirectoryStream(FOLDER)) {
      for (Path file : committed) {
        names.add(file.getFileName().toString());
      }
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(files.keySet());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(Files.readAllBytes(FOLDER.resolve(file.getKey())))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  private static void write(Map<String, byte[]> files) throws IOException {
    Files.createDirectories(FOLDER);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(FOLDER.resolve(file.getKey()), file.getValue());
    }
  }
}
