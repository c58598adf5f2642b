package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
  }

  @Test
  void help_root_listsCommandsAndExitCodes() {
    String help = cli.ok("--help");

    assertThat(help)
        .contains("keygen", "mint", "attenuate", "seal", "inspect", "authorize", "query")
        .contains("delegate", "prove", "justify", "escalate", "approve", "diff", "audit")
        .contains("revoke", "revocations", "task")
        .contains("policy", "third-party", "snapshot", "conformance", "demo", "completion")
        .contains("0    done", "1    denied", "3    the token");
    assertThat(cli.ok("help")).isEqualTo(help);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keygen",
        "mint",
        "attenuate",
        "delegate",
        "prove",
        "justify",
        "escalate",
        "approve",
        "diff",
        "seal",
        "inspect",
        "authorize",
        "query",
        "policy",
        "policy test",
        "policy check",
        "policy fmt",
        "policy explain",
        "third-party",
        "third-party request",
        "third-party sign",
        "third-party append",
        "snapshot",
        "snapshot inspect",
        "audit",
        "audit verify",
        "audit trace",
        "audit report",
        "audit export",
        "revoke",
        "revocations",
        "revocations sign",
        "revocations show",
        "revocations verify",
        "task",
        "task end",
        "registry",
        "registry list",
        "registry publish",
        "registry forget",
        "review",
        "review start",
        "review show",
        "review certify",
        "review revoke",
        "review report",
        "rotate",
        "rotate start",
        "rotate status",
        "rotate retire",
        "conformance",
        "demo",
        "completion",
        "help"
      })
  void help_command_isTheSameBothWays(String command) {
    String byOption = cli.ok((command + " --help").split(" ", -1));

    assertThat(byOption).startsWith("Usage: taper " + command);
    assertThat(cli.ok(("help " + command).split(" ", -1))).isEqualTo(byOption);
    assertThat(byOption.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void unknownCommand_suggestsOne() {
    Cli.Result result = cli.run("inspekt");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("inspekt", "did you mean", "inspect");
    assertThat(cli.run("help", "nothing").exit()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "policy",
        "third-party",
        "escalate",
        "snapshot",
        "audit",
        "revocations",
        "task"
      })
  void noCommand_isUsage(String command) {
    String[] args = command.isEmpty() ? new String[0] : new String[] {command};

    Cli.Result result = cli.run(args);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("(usage)", "--help");
  }

  @Test
  void version_isTheBuilds() {
    assertThat(cli.ok("--version")).matches("taper \\d+\\.\\d+\\.\\d+\\S*\nJava .*\n");
  }

  @Test
  void atFile_isNotExpanded() {
    cli.file("args", "--help");

    assertThat(cli.run("@args").exit()).isEqualTo(2);
  }

  @Test
  void completion_script_knowsTheCommands() {
    String script = cli.ok("completion");

    assertThat(script).contains("keygen", "third-party", "--public-key", "complete -F", "taper");
    assertThat(cli.ok("completion", "zsh")).isEqualTo(script);
    assertThat(cli.run("completion", "fish").exit()).isEqualTo(2);
  }
}
