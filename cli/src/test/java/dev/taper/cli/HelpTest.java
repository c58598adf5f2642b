package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
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
        .contains("\n  mcp ", "\n  keeper ", "\n  serve ", "\n  console ")
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
        "findings",
        "findings held-back",
        "findings let-go",
        "revoke",
        "revocations",
        "revocations sign",
        "revocations show",
        "revocations verify",
        "revocations check",
        "revocations lift",
        "revocations handover",
        "offboard",
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
        "rotate living",
        "rotate move",
        "rotate finish",
        "rotate audit",
        "names",
        "names show",
        "names sign",
        "names add",
        "names remove",
        "policy suggest",
        "catalog",
        "catalog draft",
        "catalog check",
        "catalog show",
        "catalog digest",
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
        "catalog",
        "third-party",
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

  /** Its text is written down, so it could fall behind. */
  @Test
  void help_root_describesEveryCommandAsItDoesItself() {
    String help = cli.ok("--help");

    String unwrapped = help.replaceAll("\\s+", " ");
    for (CommandTable command : CommandTable.values()) {
      String description = command.build(Console.system()).description().get(0);
      assertThat(unwrapped).contains(" " + command.text() + " " + description + " ");
    }
    String list = help.substring(help.indexOf("Commands:"), help.indexOf("Commands that run"));
    assertThat(list.lines().filter(line -> line.matches("  \\S.*")))
        .hasSize(CommandTable.values().length);
  }

  @Test
  void help_rootOnATerminal_isStyledAndSaysTheSame() {
    String plain = cli.ok("--help");

    String styled = cli.terminals(false, true, false).ok("--help");

    assertThat(styled).contains("\u001b[1mkeygen\u001b[0m ", "\u001b[33m-h, --help\u001b[0m ");
    assertThat(styled.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
  }

  @Test
  void version_isTheBuilds() {
    assertThat(cli.ok("--version")).startsWith("taper ").contains("\nJava ");
  }

  @Test
  void atFile_isNotExpanded() {
    cli.file("args", "--help");

    assertThat(cli.run("@args").exit()).isEqualTo(2);
  }

  @Test
  void completion_script_knowsTheCommands() {
    String script = cli.ok("completion");

    assertThat(script)
        .contains(
            "keygen", "third-party", "--public-key", "complete -o bashdefault -o default", "taper");
    assertThat(cli.ok("completion", "zsh")).startsWith("#compdef taper\n");
    assertThat(cli.run("completion", "tcsh").exit()).isEqualTo(2);
  }
}
