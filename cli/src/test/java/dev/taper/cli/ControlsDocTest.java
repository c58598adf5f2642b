package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show the controls must work, one after the other. */
class ControlsDocTest {
  private static final Pattern COMMAND = Pattern.compile("^\\|.*\\| `\\./(taper [^`]+)` \\|$");

  @TempDir Path folder;

  @Test
  void commands_ofTheTable_succeed() throws IOException {
    Files.createSymbolicLink(folder.resolve("policies"), Path.of("..", "policies").toRealPath());
    List<String> rows = rows();
    List<String> commands = new ArrayList<>();
    for (String row : rows) {
      Matcher matcher = COMMAND.matcher(row);
      assertThat(matcher.matches()).as(row).isTrue();
      commands.add(matcher.group(1));
    }
    Cli cli = new Cli(folder);

    for (String line : document().block("sh-before")) {
      run(cli, line.replace("./taper ", "taper "));
    }
    for (String command : commands) {
      run(cli, command);
    }

    assertThat(commands).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void controls_nameTenetsAndSubcategories() throws IOException {
    Pattern named =
        Pattern.compile(
            "^\\|[^|]+\\|[^|]*\\| [1-7](, [1-7])* \\| "
                + "((GOVERN|MAP|MEASURE|MANAGE) [1-6]\\.[1-9]+(, )?)+ \\|.*");

    assertThat(rows()).allMatch(named.asMatchPredicate());
  }

  /** Every line is read by a shell when its turn has come: it may need a file made before. */
  private void run(Cli cli, String line) {
    for (List<String> call : Shell.taperCalls(folder, List.of(line))) {
      cli.ok(call.toArray(new String[0]));
    }
  }

  private PastedDocument document() {
    return new PastedDocument("controls.md", folder);
  }

  private List<String> rows() throws IOException {
    List<String> table = document().lines().stream().filter(line -> line.startsWith("|")).toList();
    return table.subList(2, table.size());
  }
}
