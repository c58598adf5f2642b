package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.demo.CommandRunner;
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

  @Test
  void demoLifecycle_freshFolder_endsWell() throws IOException {
    Cli.Result result = new Cli(folder).run("demo", "--lifecycle", "--dir", "fresh");

    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("DENIED  approval_required", "DENIED  approval_mismatch")
        .contains("DENIED  approval_withdrawn")
        .contains("DENIED  approval_expired", "DENIED  revoked", "NOT INTACT  edited")
        .contains("1 certified, 1 revoked", "user:alice@acme.com → agent:planner → agent:cleaner")
        .doesNotContain("UNEXPECTED", "warning")
        .contains("/fresh/trail.html\n", "/fresh/review.html\n")
        .endsWith("Everything went as it must.\n");
    assertThat(folder.resolve("fresh/trail.html"))
        .content()
        .contains("agent:cleaner", "task ended", "approval_mismatch at hop 0", "a duplicate of");
    assertThat(folder.resolve("fresh/review.html"))
        .content()
        .contains("all decided", "in daily use", "agent:exporter", "never used; may do");
  }

  /** With other keys, from the first command to the last, in a shell. */
  @Test
  void demoLifecycle_printedCommands_tellTheSameAgain() throws IOException {
    String out = new Cli(folder).ok("demo", "--lifecycle", "--dir", "fresh");
    Path again = Files.createDirectory(folder.resolve("again"));
    for (String call : List.of("delete", "delete-all", "close", "read", "export")) {
      String file = call + ".json";
      Files.copy(folder.resolve("fresh").resolve(file), again.resolve(file));
    }

    Cli cli = new Cli(again);
    StringBuilder told = new StringBuilder();
    for (String line : out.lines().filter(l -> l.startsWith("$ ")).toList()) {
      // One by one: what a command writes, the next one's words may come from.
      for (List<String> call : Shell.taperCalls(again, List.of(line.substring(2)))) {
        Cli.Result result = cli.run(call.toArray(new String[0]));
        assertThat(result.exit()).as(line + result.err()).isIn(0, 1);
        told.append(result.out());
      }
    }

    assertThat(verdicts(told.toString())).hasSizeGreaterThan(12).isEqualTo(verdicts(out));
  }

  @Test
  void demoLifecycle_everythingIsAllowed_isNotAnEnd() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CommandRunner lax =
        (where, args) -> {
          int exit = new TaperCommandLine(where).run(args.toArray(new String[0]));
          return args.get(0).equals("authorize") ? 0 : exit;
        };

    ExitCode exit = new DemoService(console(bytes), lax).runLifecycle("fresh");

    assertThat(exit).isEqualTo(ExitCode.DENIED);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("UNEXPECTED: exit code 0, expected 1 and the text: approval_required")
        .endsWith("Something went wrong.\n");
  }

  /** Each verdict with its code, in order. */
  private static List<String> verdicts(String out) {
    return out.lines()
        .map(String::strip)
        .filter(line -> line.matches("(ALLOWED|DENIED|INTACT|NOT INTACT) .*"))
        .toList();
  }

  @Test
  void demo_somethingIsWrong_isNotAnEnd() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    // Every command claims success and says nothing.
    ExitCode exit = new DemoService(console(bytes), (where, args) -> 0).run("fresh");

    assertThat(exit).isEqualTo(ExitCode.DENIED);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("UNEXPECTED: exit code 0, expected 1")
        .endsWith("Something went wrong.\n");
  }

  private Console console(ByteArrayOutputStream bytes) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new Console(
        InputStream.nullInputStream(),
        out,
        out,
        Map.of(),
        Clock.systemUTC(),
        Terminals.NONE,
        folder);
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
