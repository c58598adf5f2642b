package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.cli.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs read what every command did, and what went wrong with it, in one form. */
class JsonTest {
  /** What programs have no use for, and what prints lines of JSON anyway. */
  private static final Set<String> WITHOUT = Set.of("audit export", "completion", "demo", "help");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
  }

  private JsonNode result(int exit, String... args) {
    return json(exit, "taper/1 result", args);
  }

  private JsonNode json(int exit, String format, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Cli.Result result = cli.run(all.toArray(new String[0]));
    assertThat(result.exit()).as(result.err() + result.out()).isEqualTo(exit);
    try {
      JsonNode read = MAPPER.readTree(result.out());
      assertThat(read.fieldNames().next()).isEqualTo("format");
      assertThat(read.get("format").textValue()).isEqualTo(format);
      return read;
    } catch (IOException e) {
      throw new AssertionError(result.out(), e);
    }
  }

  @Test
  void json_everyCommand_hasIt() {
    List<String> without = new ArrayList<>();
    new Hints(Console.system())
        .commands()
        .forEach(
            (name, spec) -> {
              if (spec.subcommands().isEmpty() && spec.findOption("--json") == null) {
                without.add(name);
              }
            });

    assertThat(without).containsExactlyInAnyOrderElementsOf(WITHOUT);
  }

  @Test
  void documentation_namesTheFormats() throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "json.md")))
        .contains("taper/1 result", "taper/1 error", "\"hint\"", "\"exit\"");
  }

  @Test
  void results_ofTokens_areContentOrFile() {
    JsonNode printed = result(0, "seal", "planner.token", "--key", "planner.key");
    JsonNode written = result(0, "seal", "planner.token", "--key", "planner.key", "-o", "s.token");

    assertThat(printed.get("content").textValue() + "\n").isEqualTo(cli.read("s.token"));
    assertThat(written.get("file").textValue()).isEqualTo("s.token");
    assertThat(written.has("content")).isFalse();
    assertThat(result(0, "third-party", "request", "planner.token").has("content")).isTrue();
    String[] raw = {"seal", "planner.token", "--key", "planner.key", "--raw"};
    assertThat(json(2, "taper/1 error", raw).at("/error/code").textValue()).isEqualTo("usage");
  }

  @Test
  void results_ofKeys_sayWhatAndWhereTheyAre() {
    JsonNode saved = result(0, "keygen", "--out", "new.key");
    JsonNode printed = result(0, "keygen", "--from", "new.key");

    assertThat(saved.get("private_file").textValue()).isEqualTo("new.key");
    assertThat(saved.get("public_file").textValue()).isEqualTo("new.pub");
    assertThat(saved.get("public_key").textValue()).isEqualTo(cli.read("new.pub").strip());
    assertThat(saved.toString()).doesNotContain("-private/");
    assertThat(printed.get("private").textValue()).isEqualTo(cli.read("new.key"));
    assertThat(result(0, "keygen", "--from", "new.key", "--only-public").has("private")).isFalse();
    assertThat(json(2, "taper/1 error", "keygen", "--format", "raw").has("error")).isTrue();
    cli.file("keys.json", "[]");
    String[] start = {"rotate", "start", "--keys", "keys.json", "--new-key", "new.pub"};
    long added = result(0, start).get("added").longValue();
    cli.ok("rotate", "start", "--keys", "keys.json", "--new-key", "root.pub");
    String[] retire = {
      "rotate", "retire", "--keys", "keys.json", "--key-id", "" + added, "--early"
    };
    assertThat(result(0, retire).get("key_id").longValue()).isEqualTo(added);
  }

  @Test
  void results_ofLists_sayWhatWasSigned() {
    cli.ok("keygen", "--out", "list.key");
    String[] sign = {"revocations", "sign", "--revocations", "r.list", "--key", "list.key"};
    String[] end = {"task", "end", "T-4711", "--revocations", "r.list", "--key", "list.key"};

    assertThat(result(0, sign).size()).isGreaterThan(1);
    assertThat(result(0, end).size()).isGreaterThan(1);
    cli.file("names.json", "{\"format\":\"taper/1 names\",\"agents\":{}}");
    String[] add = {
      "names", "add", "names.json", "--agent", "agent:a=planner.pub", "--out", "names.json"
    };
    assertThat(result(0, add).get("file").textValue()).isEqualTo("names.json");
  }

  @Test
  void results_ofPolicies_sayWhatWasFound() {
    cli.file("p.datalog", "allow if operation(\"read\");");

    JsonNode explained = result(0, "policy", "explain", "p.datalog", "--request", "search.json");
    JsonNode denied =
        result(1, "policy", "explain", "read-only", "p.datalog", "--request", delete());

    assertThat(explained.get("allowed").booleanValue()).isTrue();
    assertThat(explained.get("facts").toString()).contains("operation(\\\"read\\\")");
    assertThat(denied.get("allowed").booleanValue()).isFalse();
    assertThat(result(1, "policy", "fmt", "--check", "p.datalog").get("changed").toString())
        .contains("p.datalog");
  }

  private String delete() {
    return cli.file(
        "delete.json", "{\"tool\":\"jira.delete\",\"operation\":\"delete\",\"resource\":\"a:b\"}");
  }

  @Test
  void results_ofTheRegistry_sayWhatWasDone() {
    agents.mint("kept.token", "--registry", "sqlite:t.db");
    String[] start = {
      "review",
      "start",
      "--title",
      "Q",
      "--reviewer",
      "user:e@a",
      "--due",
      "7d",
      "--registry",
      "sqlite:t.db"
    };

    JsonNode started = result(0, start);
    assertThat(started.toString()).contains("user:e@a");
    JsonNode decided =
        result(
            0,
            "review",
            "certify",
            "1",
            "--all",
            "--reviewer",
            "user:e@a",
            "--registry",
            "sqlite:t.db");
    assertThat(decided.toString()).contains("certified");
    cli.ok("keygen", "--out", "list.key");
    JsonNode published =
        result(0, "registry", "publish", "--registry", "sqlite:t.db", "--key", "list.key");
    assertThat(published.get("number").longValue()).isEqualTo(1);
    JsonNode forgotten =
        result(0, "registry", "forget", "--registry", "sqlite:t.db", "--ended-before", "90d");
    assertThat(forgotten.get("forgotten").intValue()).isZero();
  }

  @Test
  void results_ofApprovals_sayWhereTheyWent() {
    agents.mint(
        "ask.token", "--grant", "jira.delete if approved by " + cli.read("root.pub").strip());
    String request = delete();
    JsonNode asked =
        result(
            0,
            "escalate",
            "ask.token",
            "--request",
            request,
            "--audience",
            "svc:jira",
            "--reason",
            "why",
            "--out",
            "ask.json");
    assertThat(asked.get("file").textValue()).isEqualTo("ask.json");
    JsonNode approved =
        result(
            0,
            "approve",
            "ask.json",
            "--public-key",
            "root.pub",
            "--key",
            "root.key",
            "--for",
            "5m",
            "--yes");
    assertThat(approved.get("content").textValue()).isNotEmpty();
  }

  @Test
  void error_nothingFound_hasItsExitCode() {
    cli.ok("keygen", "--out", "audit.key");
    agents.mint("noted.token", "--audit", "audit.jsonl", "--audit-key", "audit.key");

    JsonNode error =
        json(6, "taper/1 error", "audit", "trace", "audit.jsonl", "--task", "T-0").get("error");

    assertThat(error.get("code").textValue()).isEqualTo("nothing_found");
    assertThat(error.get("exit").intValue()).isEqualTo(6);
  }
}
