package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySuggestTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    Agents agents = new Agents(cli);
    cli.ok("keygen", "--out", "audit.key");
    agents.prove("researcher", "search.json", "svc:jira", "proof");
    agents.decide(
        "researcher",
        "search.json",
        "--proof",
        "proof",
        "--audit",
        "audit.jsonl",
        "--audit-key",
        "audit.key");
  }

  @Test
  void suggest_fromAudit_printsGrantsAndAPolicyThatPolicyCheckTakes() {
    Cli.Result result =
        cli.run(
            "policy", "suggest", "--from-audit", "audit.jsonl", "--audit-public-key", "audit.pub");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("// Grants of agent:researcher at svc:jira:")
        .contains("//   jira.search read on jira:project/ACME/Q3/12")
        .contains(
            "allow if tool(\"jira.search\"), operation(\"read\"),"
                + " resource(\"jira:project/ACME/Q3/12\");");
    cli.file("suggested.datalog", result.out());
    assertThat(cli.ok("policy", "check", "suggested.datalog")).contains("0 findings");
  }

  @Test
  void suggest_json_hasThePartsApart() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(cli.ok("policy", "suggest", "--from-audit", "audit.jsonl", "--json"));

    assertThat(json.at("/holders/0/grants/0").textValue())
        .isEqualTo("jira.search read on jira:project/ACME/Q3/12");
    assertThat(json.at("/services/0/audience").textValue()).isEqualTo("svc:jira");
    assertThat(json.at("/wider").booleanValue()).isFalse();
  }

  @Test
  void suggest_changedLog_isRefused() {
    cli.file("changed.jsonl", cli.read("audit.jsonl").replace("Q3/12", "Q3/13"));

    Cli.Result result = cli.run("policy", "suggest", "--from-audit", "changed.jsonl");

    assertThat(result.exit()).isNotZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("audit_");
  }

  @Test
  void suggest_nothingOfThatAgent_saysSo() {
    Cli.Result result =
        cli.run("policy", "suggest", "--from-audit", "audit.jsonl", "--agent", "agent:nobody");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.err()).contains("no such call", "(nothing_found)");
  }
}
