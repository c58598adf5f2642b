package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.operations.Workplace;
import dev.taper.testing.KeptFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that an earlier version took are taken, each setting of them. */
class KeptFilesTest {
  private static final Workplace HERE = new Workplace(Path.of(""), Clock.systemUTC());
  private static final String YAML = "service.yaml";
  private static final String NAMES = "settings.txt";

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptFilesTest::write);
  }

  /** Writes every setting, and the name of each. */
  private static void write(Path folder) throws IOException {
    String everything = ConfigReaderTest.EVERYTHING;
    Files.writeString(folder.resolve(YAML), everything);
    Files.write(folder.resolve(NAMES), given(everything));
  }

  private static List<String> given(String text) {
    return TaperConfig.parse(YAML, text, HERE).explain().stream()
        .filter(ExplainedSetting::given)
        .map(ExplainedSetting::name)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void explain_keptConfiguration_knowsEachSetting(Path kept) throws IOException {
    List<String> before = Files.readAllLines(kept.resolve(NAMES));
    assertThat(before).hasSizeGreaterThan(20);
    assertThat(given(Files.readString(kept.resolve(YAML)))).containsAll(before);
  }
}
