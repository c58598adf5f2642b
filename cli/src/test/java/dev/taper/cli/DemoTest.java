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
        .contains(folder.resolve("fresh").toString(), "ALLOWED", "DENIED  check_failed")
        .contains("biscuit-java", "(invalid_signature)")
        .endsWith("Everything went as it must.\n");
    assertThat(Files.getPosixFilePermissions(folder.resolve("fresh")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(folder.resolve("fresh/researcher.token")).exists();
  }

  /** A reader must be able to repeat every step. */
  @Test
  void demo_printedCommands_canBeRepeated() throws Exception {
    Cli cli = new Cli(folder);
    String out = cli.ok("demo", "--dir", "fresh");
    // A taper that shows the arguments it was given, each with a separator behind it.
    StringBuilder script =
        new StringBuilder("taper() { for a; do echo -n \"$a\"; printf '\\037'; done; echo; }\n");
    List<String> commands = out.lines().filter(line -> line.startsWith("$ taper ")).toList();
    commands.forEach(line -> script.append(line.substring(2)).append('\n'));
    Process shell = new ProcessBuilder("sh", "-c", script.toString()).start();
    String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> repeated = words.lines().toList();
    assertThat(shell.waitFor()).isZero();
    assertThat(repeated).hasSameSizeAs(commands).hasSizeGreaterThan(10);

    Cli inFolder = new Cli(folder.resolve("fresh"));
    for (String line : repeated) {
      List<String> args = new ArrayList<>(List.of(line.split("\037")));
      if (args.get(0).equals("keygen")) {
        args.add("--force");
      }
      Cli.Result result = inFolder.run(args.toArray(new String[0]));
      assertThat(result.exit()).as(line + result.err()).isIn(0, 1, 3);
    }
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
