package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.StandardOutput;
import dev.taper.cli.io.Terminals;
import dev.taper.testing.Needed;
import dev.taper.testing.Resident;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each script in its own shell, at a terminal where the shell has no other way to ask it. */
class CompletionTest {
  private static final Resident COMMANDS = new Resident(CompletionTest::run);

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void makeFiles() throws IOException {
    cli = new Cli(folder);
    for (String name : List.of("planner", "erin")) {
      cli.ok("keygen", "--out", name + ".key");
    }
    cli.file("planner.token", "");
    cli.file("my file.token", "");
    cli.file(
        "names.json",
        "{\"format\":\"taper/1 names\",\"agents\":{\"agent:planner\":[\"%s\"]},\"approvers\":{\"user:erin@acme.com\":[\"%s\"]}}"
            .formatted(cli.read("planner.pub").strip(), cli.read("erin.pub").strip()));
    for (String shell : CompletionScript.SHELLS) {
      cli.file("taper." + shell, cli.ok("completion", shell));
    }
    // The program itself answers what the scripts ask; what was typed is only shown.
    Files.createDirectory(folder.resolve("bin"));
    Resident.write(
        folder.resolve("bin/taper"),
        """
        if [ "$1" = completion ]; then
          %s        fi
        printf 'ran'; printf '<%%s>' "$@"; echo
        """
            .formatted(COMMANDS.exec()));
  }

  private static int run(Resident.Call call) {
    Console console =
        new Console(
            call.in(),
            new StandardOutput(call.out()),
            new PrintStream(call.err(), true, StandardCharsets.UTF_8),
            call.environment(),
            Clock.systemUTC(),
            Terminals.NONE,
            call.folder());
    return new TaperCommandLine(console).run(call.arguments().toArray(new String[0]));
  }

  /** Skips where a shell is missing; fails instead in CI, and beside the shared data. */
  private static void need(String... programs) {
    Needed.programs(programs);
  }

  private String output(String typed, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> env = builder.environment();
    env.put("PATH", folder.resolve("bin") + ":" + env.get("PATH"));
    env.put("HOME", folder.toString());
    env.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    env.put("ZDOTDIR", folder.toString());
    env.put("TERM", "vt100");
    Process process = builder.redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** What was run after lines were typed; T stands for the key that completes. */
  private void typed(String shell, String line, String ran) throws Exception {
    String output =
        output(line.replace("T", "\t") + "\nexit\n", "script", "-qec", shell, "/dev/null");

    assertThat(output).contains("ran" + ran);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "taper inspT planner.tT | <inspect><planner.token>",
        "taper inspect myT | <inspect><my file.token>",
        "taper inspect --namT naT | <inspect><--names><names.json>",
        "taper inspect --names=naT | <inspect><--names=names.json>",
        "taper audit trT x | <audit><trace><x>",
        "taper prove --key-format pT x | <prove><--key-format><pem><x>",
        "taper audit trace x --names names.json --agent agT | <audit><trace><x><--names><names.json><--agent><agent:planner>",
        "taper audit trace x --names names.json --agent=usT | <audit><trace><x><--names><names.json><--agent=user:erin@acme.com>",
        "taper policy check read-T | <policy><check><read-only>",
        "taper revoke --names names.json agent agT | <revoke><--names><names.json><agent><agent:planner>",
        "taper revoke holder planner.pT | <revoke><holder><planner.pub>",
        "taper keeT run | <keeper><run>"
      })
  void bash_completes(String line, String ran) throws Exception {
    need("bash", "script");

    typed("bash --noprofile --rcfile taper.bash -i", line, ran);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "taper inspTplanner.tT | <inspect><planner.token>",
        "taper inspect myT | <inspect><my file.token>",
        "taper inspect --names naT | <inspect><--names><names.json>",
        "taper inspect --jTx | <inspect><--json><x>",
        "taper inspect --names=naT | <inspect><--names=names.json>",
        "taper audit trTx | <audit><trace><x>",
        "taper prove --key-format pT x | <prove><--key-format><pem><x>",
        "taper audit trace x --names names.json --agent agT | <audit><trace><x><--names><names.json><--agent><agent:planner>",
        "taper revoke --names names.json agent agT | <revoke><--names><names.json><agent><agent:planner>",
        "taper revoke holder planner.pT | <revoke><holder><planner.pub>",
        "taper policy check read-T | <policy><check><read-only>"
      })
  void zsh_completes(String line, String ran) throws Exception {
    need("zsh", "script");
    cli.file(
        ".zshrc",
        "autoload -Uz compinit; compinit -u -D\nsource ./taper.zsh\nsetopt no_auto_remove_slash\n");

    typed("zsh -d -i", line, ran);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "taper insp | inspect",
        "taper inspect pl | planner.token",
        "taper inspect my | my file.token",
        "taper inspect --nam | --names",
        "taper inspect --names=na | --names=names.json",
        "taper audit tr | trace",
        "taper prove --key-format p | pem",
        "taper audit trace x --names names.json --agent ag | agent:planner",
        "taper policy check read- | read-only",
        "taper revoke --names names.json agent ag | agent:planner",
        "taper revoke holder planner.p | planner.pub",
        "taper kee | keeper"
      })
  void fish_completes(String line, String candidate) throws Exception {
    need("fish");

    String output =
        output("", "fish", "--no-config", "-c", "source taper.fish; complete -C '" + line + "'");

    assertThat(output.lines()).contains(candidate);
  }

  @Test
  void values_ofFilesOfOthers_areHarmless() {
    String key = cli.read("planner.pub").strip();
    cli.file(
        "hostile.json",
        "{\"format\":\"taper/1 names\",\"agents\":{\"agent:$(touch x)\":[\"%s\"]}}".formatted(key));

    assertThat(cli.ok("completion", "--values", "name", "--", "x", "--names", "hostile.json"))
        .isEmpty();
    assertThat(cli.ok("completion", "--values", "name", "--", "x", "--names=names.json"))
        .isEqualTo("agent:planner\nuser:erin@acme.com\n");
    assertThat(cli.ok("completion", "--values", "task", "--", "x", "--registry", "sqlite:no.db"))
        .isEmpty();
    assertThat(cli.run("completion", "--values", "secrets").exit()).isEqualTo(2);
    assertThat(cli.run("completion", "bash", "zsh").exit()).isEqualTo(2);
  }

  @Test
  void values_ofTheRegistryAndTheProfile_areFound() {
    cli.secret("config.yaml", "profiles: {acme: {registry: 'sqlite:t.db', names: names.json}}\n");
    cli.env("TAPER_CONFIG", "config.yaml").env("TAPER_PROFILE", "acme");
    cli.ok(
        "mint",
        "--key",
        "erin.key",
        "--delegator",
        "user:erin@acme.com",
        "--holder",
        "agent:planner=planner.pub",
        "--task",
        "T-9",
        "--grant",
        "jira.get",
        "--expires",
        "1h",
        "--out",
        "t.token");

    assertThat(cli.ok("completion", "--values", "task")).isEqualTo("T-9\n");
    assertThat(cli.ok("completion", "--values", "what", "--", "revoke", "task")).isEqualTo("T-9\n");
    assertThat(cli.ok("completion", "--values", "what", "--", "revoke", "agent"))
        .isEqualTo("agent:planner\n");
    assertThat(cli.ok("completion", "--values", "what", "--", "revocations", "lift", "delegator"))
        .isEqualTo("user:erin@acme.com\n");
    assertThat(cli.ok("completion", "--values", "what", "--", "revoke", "holder")).isEmpty();
    assertThat(cli.ok("completion", "--values", "profile")).isEqualTo("acme\n");
    assertThat(cli.ok("completion", "--values", "name")).contains("agent:planner\n");
    assertThat(cli.ok("completion", "--values", "policy")).contains("read-only\n");
  }
}
