package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each row of the controls has its parts, a command that ends as it says, and a test that is there.
 */
class ControlsDocTest {
  private static final Pattern COMMAND = Pattern.compile("`\\./(taper [^`]+?)( # exit ([0-9]))?`");
  private static final Pattern TEST = Pattern.compile("`([A-Za-z]+Test)`");

  /** What stands in the first column, in order. */
  private static final List<String> SUBJECTS =
      List.of(
          "NHI1", "NHI2", "NHI3", "NHI4", "NHI5", "NHI6", "NHI7", "NHI8", "NHI9", "NHI10", "ZT1",
          "ZT2", "ZT3", "ZT4", "ZT5", "ZT6", "ZT7");

  @TempDir Path folder;

  @Test
  void commands_ofTheTables_endAsTheySay() throws IOException {
    Files.createSymbolicLink(folder.resolve("policies"), Path.of("..", "policies").toRealPath());
    Cli cli = new Cli(folder);
    for (String line : document().block("sh-before")) {
      run(cli, line.replace("./taper ", "taper "), 0);
    }

    for (List<String> row : rows()) {
      Matcher command = COMMAND.matcher(row.get(4));
      assertThat(command.matches()).as(row.toString()).isTrue();
      int exit = command.group(3) == null ? 0 : Integer.parseInt(command.group(3));
      run(cli, command.group(1), exit);
    }
  }

  @Test
  void tests_ofTheTables_areThere() throws IOException {
    Set<String> tests = new HashSet<>();
    for (String module : List.of("cli", "engine", "operations", "server", "store", "policies")) {
      try (var files = Files.walk(PastedDocument.ROOT.resolve(module).resolve("src/test"))) {
        files.forEach(file -> tests.add(file.getFileName().toString()));
      }
    }
    for (List<String> row : rows()) {
      Matcher test = TEST.matcher(row.get(5));
      assertThat(test.matches()).as(row.toString()).isTrue();
      assertThat(tests).contains(test.group(1) + ".java");
    }
  }

  @Test
  void rows_nameAllRisksAndTenetsAndSayWhereTheyEnd() throws IOException {
    List<String> subjects = new ArrayList<>();
    for (List<String> row : rows()) {
      assertThat(row).as(row.toString()).hasSize(6);
      subjects.add(row.get(0).split(",", 2)[0]);
      assertThat(row.subList(3, 6)).as(row.get(0)).noneMatch(String::isBlank);
    }

    assertThat(subjects).startsWith(SUBJECTS.toArray(new String[0])).doesNotHaveDuplicates();
    assertThat(subjects)
        .filteredOn(name -> name.startsWith("PR.AA"))
        .containsExactly("PR.AA-01", "PR.AA-02", "PR.AA-03", "PR.AA-04", "PR.AA-05");
    assertThat(subjects.subList(SUBJECTS.size(), subjects.size()))
        .allMatch(
            name -> name.matches("((GOVERN|MAP|MEASURE|MANAGE) [1-6]\\.[1-9]+|PR\\.AA-0[1-5])"));
  }

  /** Neither is done by any part of Taper, so no row may claim it. */
  @Test
  void integrityOfAssetsAndSecuredCommunication_areNotOurs() throws IOException {
    for (List<String> row : rows()) {
      if (row.get(0).startsWith("ZT2") || row.get(0).startsWith("ZT5")) {
        assertThat(row.get(1)).as(row.get(0)).isEmpty();
        assertThat(row.get(2)).as(row.get(0)).isEmpty();
        assertThat(row.get(3)).as(row.get(0)).isNotEmpty();
      }
    }
  }

  /** Every line is read by a shell when its turn has come: it may need a file made before. */
  private void run(Cli cli, String line, int exit) {
    for (List<String> call : Shell.taperCalls(folder, List.of(line))) {
      Cli.Result result = cli.run(call.toArray(new String[0]));
      assertThat(result.exit()).as(line + "\n" + result.err() + result.out()).isEqualTo(exit);
    }
  }

  private PastedDocument document() {
    return new PastedDocument("controls.md", folder);
  }

  /** The cells of all rows, without heads. */
  private List<List<String>> rows() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : document().lines()) {
      if (line.startsWith("| ") && !line.startsWith("| ---") && !line.contains("| enforced |")) {
        List<String> cells =
            Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
        rows.add(cells);
      }
    }
    assertThat(rows).hasSizeGreaterThanOrEqualTo(30);
    return rows;
  }
}
