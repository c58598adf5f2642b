package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.demo.DemoService;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path folder;

  @Test
  void demo_freshFolder_endsWell() throws IOException {
    Cli.Result result = new Cli(folder).run("demo", "--dir", "fresh");

    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains(folder.resolve("fresh").toString(), "biscuit-java", "(invalid_signature)")
        .contains("DENIED  proof_required", "DENIED  proof_mismatch", "DENIED  proof_replayed")
        .contains("(wider)", "DENIED  out_of_scope", "DENIED  expired", "ask agent:planner for")
        .endsWith("Everything went as it must.\n");
    assertThat(Files.getPosixFilePermissions(folder.resolve("fresh")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(folder.resolve("fresh/researcher.token")).exists();
    assertThat(folder.resolve("fresh/scraper.html")).content().contains("agent:scraper");
  }

  /** A reader must be able to repeat every step. */
  @Test
  void demo_printedCommands_canBeRepeated() throws Exception {
    Cli cli = new Cli(folder);
    String out = cli.ok("demo", "--dir", "fresh");
    // A taper that shows the arguments it was given, each with a separator behind it.
    List<String> commands =
        out.lines().filter(line -> line.startsWith("$ taper ")).map(l -> l.substring(2)).toList();
    List<List<String>> repeated = Shell.taperCalls(folder, commands);
    assertThat(repeated).hasSameSizeAs(commands).hasSizeGreaterThan(30);

    Cli inFolder = new Cli(folder.resolve("fresh"));
    StringBuilder again = new StringBuilder();
    for (List<String> call : repeated) {
      List<String> args = new ArrayList<>(call);
      if (args.get(0).equals("keygen")) {
        args.add("--force");
      }
      Cli.Result result = inFolder.run(args.toArray(new String[0]));
      assertThat(result.exit()).as(call + result.err()).isIn(0, 1, 2, 3);
      assertThat(result.err()).as(String.join(" ", call)).doesNotContain("(usage)");
      again.append(result.out());
    }
    assertThat(verdicts(again.toString())).isNotEmpty().isEqualTo(verdicts(out));
  }

  /** Each verdict with its code, in order. */
  private static List<String> verdicts(String out) {
    return out.lines()
        .map(String::strip)
        .filter(line -> line.startsWith("ALLOWED") || line.startsWith("DENIED"))
        .toList();
  }

  @Test
  void demo_somethingIsWrong_isNotAnEnd() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            InputStream.nullInputStream(),
            out,
            out,
            Map.of(),
            Clock.systemUTC(),
            Terminals.NONE,
            folder);

    // Every command claims success and says nothing.
    ExitCode exit = new DemoService(console, (where, args) -> 0).run("fresh");

    assertThat(exit).isEqualTo(ExitCode.DENIED);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("UNEXPECTED: exit code 0, expected 1")
        .endsWith("Something went wrong.\n");
  }

  @Test
  void demo_usedFolder_isRefused() {
    Cli cli = new Cli(folder);
    cli.file("mine", "precious");

    assertThat(cli.run("demo", "--dir", ".").exit()).isEqualTo(2);
    assertThat(cli.run("demo", "--dir", "mine").exit()).isEqualTo(5);
    assertThat(cli.run("demo", "--dir", "no/where").exit()).isEqualTo(5);
    assertThat(cli.read("mine")).isEqualTo("precious");
  }
}
