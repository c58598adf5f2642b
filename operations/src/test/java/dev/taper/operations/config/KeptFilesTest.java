package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.operations.Workplace;
import dev.taper.operations.findings.AbuseRules;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.operations.findings.HeldBackFile;
import dev.taper.operations.findings.KeptHeldBack;
import dev.taper.policies.Policies;
import dev.taper.testing.KeptFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations that an earlier version took are taken, each setting of them; whom it held back is
 * held back.
 */
class KeptFilesTest {
  private static final AbuseRules RULES = AbuseRules.of(Policies.part(AbuseRules.STANDARD).code());
  private static final Workplace HERE = new Workplace(Path.of(""), Clock.systemUTC());
  private static final String YAML = "service.yaml";
  private static final String NAMES = "settings.txt";
  private static final String HELD_BACK = "held-back.keys";

  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptFilesTest::write);
  }

  /** Writes every setting, and the name of each. */
  private static void write(Path folder) throws IOException {
    String everything = ConfigReaderTest.EVERYTHING;
    Files.writeString(folder.resolve(YAML), everything);
    Files.write(folder.resolve(NAMES), given(everything));
    KeptHeldBack.write(folder.resolve(HELD_BACK));
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

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void heldBack_keptFile_isReadAndWrittenAsItWas(Path kept) throws IOException {
    Path file = KeptFiles.copy(kept, folder).resolve(HELD_BACK);
    List<String> lines = Files.readAllLines(file);
    try (AbuseWatch service = AbuseWatch.by(RULES, finding -> {}, Clock.systemUTC())) {
      service.holdingBackIn(file);
      Map<String, String> held = HeldBackFile.at(file).held();
      assertThat(held).hasSize(2);
      assertThat(service.heldBack()).isEqualTo(held.keySet());
      assertThat(held.values())
          .allMatch(found -> found.contains(" repeated_denials "))
          .anyMatch(found -> found.endsWith(" agent:planner"))
          .anyMatch(found -> found.endsWith(" \"agent:the best, by far\""));

      String first = held.keySet().iterator().next();
      assertThat(HeldBackFile.at(file).letGo(List.of(first))).hasSize(1);
      assertThat(Files.readAllLines(file)).containsExactly(lines.get(1));
      service.drain();
      assertThat(service.heldBack()).doesNotContain(first).hasSize(1);
    }
  }

  /** Nothing says its version: what is no key at the beginning of its line is refused. */
  @Test
  void heldBack_fileOfANewerForm_isRefusedWithItsLine() throws IOException {
    Path file = KeptFiles.copy(KeptFiles.newest(), folder).resolve(HELD_BACK);
    String newer = Files.readString(file) + "group finance 2030-01-01T12:00:00Z\n";
    Files.writeString(file, newer);

    assertThatThrownBy(() -> HeldBackFile.at(file).held())
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("line 3 does not begin with a public key");
    try (AbuseWatch service = AbuseWatch.by(RULES, finding -> {}, Clock.systemUTC())) {
      assertThatThrownBy(() -> service.holdingBackIn(file)).isInstanceOf(TaperException.class);
    }
    assertThat(file).usingCharset(StandardCharsets.UTF_8).hasContent(newer);
  }
}
