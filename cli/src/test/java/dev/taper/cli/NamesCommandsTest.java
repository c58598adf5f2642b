package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper names}, and what keys look like with them. */
class NamesCommandsTest {
  @TempDir Path folder;

  private Cli cli;
  private Agents agents;

  @BeforeEach
  void makeTokens() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--out", "registrar.key");
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\",\n \"agents\": {\"agent:planner\": \""
            + cli.read("planner.pub").strip()
            + "\"},\n \"approvers\": {\"user:boss\": \""
            + cli.read("scraper.pub").strip()
            + "\"},\n \"groups\": {\"finance\": [\"user:boss\"]},\n"
            + " \"issuers\": {\"issuer:acme\": \""
            + cli.read("root.pub").strip()
            + "\"}}");
  }

  @Test
  void sign_thenShow_saysWho() {
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");

    String shown = cli.ok("names", "show", "signed.json", "--names-key", "registrar.pub");

    assertThat(shown)
        .startsWith("number 1, signed by " + cli.read("registrar.pub").strip())
        .contains("agents\n  agent:planner\n    " + cli.read("planner.pub").strip())
        .contains("groups\n  finance\n    user:boss\n")
        .contains("issuers\n  issuer:acme\n");
    assertThat(cli.ok("names", "show", "names.json"))
        .startsWith("without a number, no signature was looked at");
    Cli.Result other = cli.run("names", "show", "signed.json", "--names-key", "planner.pub");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("is not trusted for names (invalid_names)");
  }

  @Test
  void sign_again_countsUp() {
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");
    cli.ok("names", "sign", "signed.json", "--key", "registrar.key", "--out", "signed.json");

    assertThat(cli.ok("names", "show", "signed.json")).startsWith("number 2,");
    assertThat(cli.ok("names", "sign", "signed.json", "--key", "registrar.key", "--number", "9"))
        .contains("\"number\": 9");
    assertThat(cli.ok("names", "show", "signed.json", "--json")).contains("\"number\" : 2");
  }

  @Test
  void inspect_names_sayWhoseKeysAre() {
    String shown = cli.ok("inspect", "researcher.token", "--names", "names.json");

    assertThat(shown)
        .containsPattern("key +ed25519/[0-9a-f]{16}\\.\\.\\. \\(agent:planner\\)")
        .containsPattern("key +ed25519/[0-9a-f]{16}\\.\\.\\. \\(not among the names\\)");
    assertThat(cli.ok("inspect", "researcher.token")).doesNotContain("among the names");
    assertThat(
            cli.ok(
                "inspect",
                "researcher.token",
                "--names",
                "names.json",
                "--datalog",
                "-p",
                "root.pub"))
        .contains(cli.read("planner.pub").strip() + " (agent:planner)");
    cli.ok("inspect", "researcher.token", "--names", "names.json", "--html", "chain.html");
    assertThat(cli.read("chain.html"))
        .contains(cli.read("planner.pub").strip() + " (agent:planner)");
  }

  @Test
  void authorize_namesApproversInADenial() {
    agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by " + cli.read("scraper.pub").strip());
    cli.file(
        "delete.json",
        "{\"tool\": \"jira.delete\", \"operation\": \"write\", \"resource\":"
            + " \"jira:project/ACME/7\"}");
    agents.prove("planner", "delete.json", "svc:jira", "proof");

    Cli.Result denied =
        agents.decide("planner", "delete.json", "--proof", "proof", "--names", "names.json");

    assertThat(denied.exit()).isEqualTo(1);
    assertThat(denied.out()).contains(cli.read("scraper.pub").strip() + " (user:boss)");
  }

  @Test
  void namesKey_unsignedOrAlone_isRefused() {
    Cli.Result unsigned =
        cli.run(
            "inspect", "planner.token", "--names", "names.json", "--names-key", "registrar.pub");

    assertThat(unsigned.exit()).isEqualTo(2);
    assertThat(unsigned.err()).contains("is not signed, and only a signed one is taken");
    assertThat(cli.run("inspect", "planner.token", "--names-key", "registrar.pub").err())
        .contains("--names-key needs --names FILE");
  }
}
