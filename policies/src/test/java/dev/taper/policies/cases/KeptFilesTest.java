package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.KeptFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library of an earlier version, as somebody may have copied it, still decides as it did. */
class KeptFilesTest {
  private static final Path LIBRARY = Path.of("src/main/resources/dev/taper/policies");

  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptFilesTest::write);
  }

  private static void write(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(LIBRARY)) {
      for (Path one : all.filter(file -> !file.endsWith("index")).toList()) {
        Files.copy(one, folder.resolve(LIBRARY.relativize(one)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void run_keptPolicies_decideAsTheirCasesSay(Path kept) throws IOException {
    PolicyReport report = PolicyTests.run(List.of(KeptFiles.copy(kept, folder)));
    assertThat(report.orphans()).isEmpty();
    assertThat(report.policies()).hasSizeGreaterThan(10);
    assertThat(report.policies()).flatExtracting(PolicyReport.Tested::failures).isEmpty();
  }

  @Test
  void run_casesWithAMemberOfANewerVersion_namesIt() throws IOException {
    KeptFiles.copy(KeptFiles.newest(), folder);
    Path cases = folder.resolve("read-only.cases.yaml");
    Files.writeString(
        cases, Files.readString(cases).replaceFirst("(?m)^( +)request:", "$1later: x\n$1request:"));
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> PolicyTests.run(List.of(folder.resolve("read-only.datalog"))))
        .withMessageContaining("later")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_POLICY_CASE));
  }
}
