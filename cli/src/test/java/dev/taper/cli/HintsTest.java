package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is mistyped or misplaced is answered with what is probably meant, under any noun. */
class HintsTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inspekt | did you mean inspect?",
        "verify planner.token --public-key root.pub | did you mean authorize, audit verify",
        "tokens | did you mean registry list or inspect?",
        "log | did you mean audit trace or audit verify",
        "trace x.log | did you mean audit trace?",
        "audit inspect x | did you mean inspect or snapshot inspect?",
        "audit vrify x | did you mean audit verify",
        "policy lint | did you mean policy check?",
        "revoke list x | did you mean revocations show or registry list?",
        "revocations list | did you mean revocations lift or registry list?",
        "kepeer run | did you mean keeper?",
        "fmt x | did you mean policy fmt?",
        "inspect t --pubkey x | did you mean --public-key?",
        "mint --delegater bob | did you mean --delegator?",
        "inspect t --grant jira.get | --grant is an option of ",
        "inspect t --root-key r | did you mean --public-key or --keys?",
        "authorize t --revoked l | did you mean --revocations?"
      })
  void mistake_ofAnyKind_isAnsweredWithWhatIsMeant(String line, String hint) {
    Cli.Result result = cli.run(line.split(" ", -1));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().lines().findFirst().orElseThrow()).contains(hint, "(usage)");
  }

  @Test
  void word_likeNoOther_hasNoHint() {
    Cli.Result result = cli.run("zzzzzzzz");

    assertThat(result.err()).startsWith("taper: unknown option or command: zzzzzzzz (usage)\n");
  }

  @Test
  void tables_nameOnlyWhatThereIs() {
    Set<String> options = new HashSet<>();
    Hints hints = new Hints(Console.system());
    hints.commands().values().forEach(spec -> options.addAll(spec.optionsMap().keySet()));

    assertThat(hints.commands().keySet())
        .containsAll(
            Hints.named().stream()
                .filter(name -> !name.startsWith("-") && !name.equals("serve"))
                .toList());
    assertThat(options).containsAll(Hints.namedOptions());
  }

  @Test
  void options_severalWrong_areToldAtOnce() {
    Cli.Result result =
        cli.run("rotate", "start", "--overlap", "7d", "--new-key-id", "x", "--nothing");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("--new-key-id", "unknown option or command: --nothing", "(usage)")
        .containsOnlyOnce("See: taper rotate start --help");
  }

  @Test
  void options_wrongWithHelp_showHelp() {
    assertThat(cli.ok("mint", "--help", "--nothing")).startsWith("Usage: taper mint");
  }

  @Test
  void files_severalMissing_areToldAtOnce() {
    Cli.Result result = cli.run("inspect", "a.token", "--public-key", "b.pub", "--names", "c.json");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err())
        .contains("there are no files ", "a.token (TOKEN)", "b.pub (--public-key)", "(io)")
        .contains("c.json (--names)");
  }

  @Test
  void file_oneMissing_isToldByItsReader() {
    assertThat(cli.run("inspect", "a.token").err())
        .contains("cannot read the token: there is no file a.token");
  }

  @Test
  void error_asJson_hasMessageHintAndExitCode() {
    Cli.Result result = cli.run("inspect", "--root-key", "r", "--json");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out())
        .contains("\"format\" : \"taper/1 error\"", "\"code\" : \"usage\"")
        .contains("\"message\" : \"unknown option or command: --root-key\"")
        .contains("\"hint\" : \"did you mean --public-key or --keys?\"", "\"exit\" : 2");
  }
}
