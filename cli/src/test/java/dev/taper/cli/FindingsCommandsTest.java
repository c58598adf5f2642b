package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person looks whom a service holds back, and lets them go. */
class FindingsCommandsTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void holdBack() {
    cli = new Cli(folder);
    for (String name : List.of("planner", "prober", "other", "audit")) {
      cli.ok("keygen", "--out", name + ".key");
    }
    cli.file(
        "held",
        key("planner")
            + " 2030-01-01T12:00:00Z new_tools agent:planner\n"
            + key("prober")
            + " 2030-01-01T12:01:00Z repeated_denials agent:prober\n");
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"agents\": {\"agent:planner\": \"%s\"}}"
            .formatted(key("planner")));
  }

  private String key(String name) {
    return cli.read(name + ".pub").strip();
  }

  @Test
  void heldBack_saysWhoAndWhy() throws IOException {
    assertThat(cli.ok("findings", "held-back", "held", "--names", "names.json"))
        .startsWith(key("planner") + " (agent:planner)  2030-01-01T12:00:00Z new_tools")
        .contains(key("prober"))
        .endsWith("2 keys are held back.\n");
    JsonNode json = new ObjectMapper().readTree(cli.ok("findings", "held-back", "held", "--json"));
    assertThat(json.get("held_back")).hasSize(2);
    assertThat(json.at("/held_back/1/key").textValue()).isEqualTo(key("prober"));
    assertThat(json.at("/held_back/1/found").textValue()).contains("repeated_denials");
    Cli.Result misspelt = cli.run("findings", "held-back", "hled");
    assertThat(misspelt.exit()).isEqualTo(5);
    assertThat(misspelt.err()).contains("there is no file hled; is it the right one");
    cli.file("none", "");
    assertThat(cli.ok("findings", "held-back", "none")).isEqualTo("0 keys are held back.\n");
  }

  @Test
  void letGo_takesTheLinesOutAndLeavesTheOthers() {
    String out = cli.ok("findings", "let-go", "held", "prober.pub", "--names", "names.json");

    assertThat(out).startsWith("Let go: " + key("prober")).contains("repeated_denials");
    assertThat(cli.read("held"))
        .isEqualTo(key("planner") + " 2030-01-01T12:00:00Z new_tools agent:planner\n");
    assertThat(cli.ok("findings", "let-go", "held", key("planner"), "--json"))
        .contains("\"let_go\"", key("planner"));
    assertThat(cli.read("held")).isEmpty();
  }

  /** Many keys of one task are one line. */
  @Test
  void letGo_wholeTask_isNamedAsItIsShown() {
    String of = "0123456789abcdef0123456789abcdef/user:alice@acme.com/T-4711";
    String task = "task/" + of;
    cli.file("many", task + " until=2030-01-01T13:00:00Z of=" + of + " found\n");
    assertThat(cli.ok("findings", "held-back", "many")).startsWith(task + "  found\n");
    assertThat(cli.ok("findings", "held-back", "many", "--json")).contains("\"all_of\"");

    assertThat(cli.ok("findings", "let-go", "many", task)).startsWith("Let go: " + task);
    assertThat(cli.read("many")).isEmpty();
  }

  @Test
  void letGo_keyThatIsNotHeldBack_letsNobodyGo() {
    String before = cli.read("held");

    Cli.Result result = cli.run(with("findings", "let-go", "held", "planner.pub", "other.pub"));

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.err())
        .contains(key("other") + " is not held back, and nobody was let go (not_held_back)");
    assertThat(cli.read("held")).isEqualTo(before);
    cli.file("broken.json", "{}");
    assertThat(
            cli.run(with("findings", "let-go", "held", "planner.pub", "--names", "broken.json"))
                .exit())
        .isNotZero();
    assertThat(cli.read("held")).isEqualTo(before);
    assertThat(folder.resolve("audit.jsonl")).doesNotExist();
  }

  @Test
  void letGo_withALog_isRecordedFirst() {
    String twice = key("planner");
    cli.ok(with("findings", "let-go", "held", "planner.pub", twice, "--reason", "a new phase"));
    assertThat(cli.read("audit.jsonl"))
        .contains("\"kind\":\"review\"", "\"type\":\"held_back\"", "\"decision\":\"let_go\"")
        .containsOnlyOnce("\"id\":\"" + key("planner"))
        .contains("a new phase");
    assertThat(cli.ok("audit", "verify", "audit.jsonl", "--audit-public-key", "audit.pub"))
        .startsWith("INTACT");

    cli.file("broken.jsonl", "none\n");
    Cli.Result broken =
        cli.run(
            "findings",
            "let-go",
            "held",
            "prober.pub",
            "--audit",
            "broken.jsonl",
            "--audit-key",
            "audit.key");
    assertThat(broken.exit()).isEqualTo(5);
    assertThat(cli.read("held")).contains(key("prober"));
  }

  @Test
  void file_thatMakesNoSense_isSaid() {
    cli.file("held", "everybody may go\n");
    for (String command : List.of("held-back held", "let-go held planner.pub")) {
      Cli.Result result = cli.run(("findings " + command).split(" "));
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).contains("line 1 does not begin with a public key");
    }
    assertThat(cli.read("held")).isEqualTo("everybody may go\n");
  }

  /** What another wrote into the file moves nothing at a terminal. */
  @Test
  void heldBack_hostileWords_areShownSafely() {
    cli.file("held", key("planner") + " \033[2Jgone\u202e\n");
    assertThat(cli.ok("findings", "held-back", "held")).doesNotContain("\033", "\u202e");
  }

  private static String[] with(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--audit", "audit.jsonl", "--audit-key", "audit.key"));
    return all.toArray(new String[0]);
  }
}
