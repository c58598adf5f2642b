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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner goes on with a new key, and its old one is revoked as last holder. */
class RotationCommandsTest {
  private static final String[] KEPT = {
    "--audit", "log", "--audit-key", "audit.key", "--registry", "sqlite:taper.db"
  };

  @TempDir private Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--out", "audit.key");
    cli.ok("keygen", "--out", "new.key");
    agents.mint("planner.token", KEPT);
    kept("delegate planner.token -k planner.key --rotate-to new.pub -o new.token");
    cli.ok("keygen", "--out", "revoker.key");
    cli.ok("revocations", "sign", "--revocations", "revoked.list", "--key", "revoker.key");
  }

  private String kept(String command) {
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of(KEPT));
    return cli.ok(args.toArray(new String[0]));
  }

  private String revokeAsLastHolder() {
    return kept(
        "revoke holder planner.pub --as-last-holder --revocations revoked.list --key revoker.key");
  }

  private int decide(String holder) {
    agents.prove(holder, "search.json", "svc:jira", holder + ".proof");
    return agents.decideWithList(holder, "search.json", "--proof", holder + ".proof").exit();
  }

  @Test
  void delegate_rotateTo_isShownAsARotation() throws IOException {
    assertThat(cli.ok("inspect", "new.token", "-p", "root.pub"))
        .contains("user:alice@acme.com → agent:planner → agent:planner (new key)\n")
        .contains("└─ 1  agent:planner  rotated to a new key by agent:planner\n")
        .doesNotContain("warning");
    JsonNode json = new ObjectMapper().readTree(cli.ok("inspect", "new.token", "--json"));
    JsonNode hop = json.get("delegation").get("hops").get(1);
    assertThat(hop.get("mode").textValue()).isEqualTo("rotated");
    assertThat(hop.get("holder_key").textValue()).isEqualTo(cli.read("new.pub").strip());
    assertThat(cli.ok("inspect", "new.token", "--html", "-")).contains(">rotated<", " (new key)");
    assertThat(decide("new")).isZero();
  }

  @Test
  void delegate_rotateToAKeyAsText_narrowsToo() {
    String key = cli.read("new.pub").strip();
    Cli.Result result =
        cli.run(
            ("delegate planner.token -k planner.key --grant jira.search -o new.token --rotate-to "
                    + key)
                .split(" "));

    assertThat(result.err()).isEmpty();
    assertThat(cli.ok("inspect", "new.token")).contains("narrows  tools: jira.* → jira.search\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--rotate-to new.pub --to-self",
        "--rotate-to new.pub --to-bearer",
        "--rotate-to new.pub --holder a=new.pub",
        "--rotate-to"
      })
  void delegate_rotateToBesidesSomethingElse_isUsage(String options) {
    Cli.Result result = cli.run(("delegate planner.token -k planner.key " + options).split(" "));

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
  }

  @Test
  void delegate_rotateABearerToken_isUsage() {
    cli.ok("delegate", "planner.token", "-k", "planner.key", "--to-bearer", "-o", "b.token");

    Cli.Result result = cli.run("delegate", "b.token", "--rotate-to", "new.pub");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("a bearer token has no holder any more");
  }

  @Test
  void delegate_rotateToTheSameKeyOrBack_isRefused() {
    for (String command :
        List.of(
            "delegate planner.token -k planner.key --rotate-to planner.pub",
            "delegate planner.token -k planner.key --holder agent:planner=new.pub",
            "delegate new.token -k new.key --rotate-to planner.pub")) {
      Cli.Result result = cli.run(command.split(" "));
      assertThat(result.exit()).as(command).isNotZero();
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void revoke_asLastHolder_endsWhatTheKeyHoldsAlone() {
    assertThat(decide("planner")).isZero();

    assertThat(revokeAsLastHolder())
        .startsWith("revoked the key ed25519/")
        .contains(" as last holder; revoked.list is now number 2\n")
        .contains("ends 1 living delegation\n");

    assertThat(decide("planner")).isEqualTo(1);
    assertThat(decide("new")).isZero();
    assertThat(decide("researcher")).isZero();
    assertThat(
            cli.ok(
                "revocations",
                "show",
                "--revocations",
                "revoked.list",
                "--revocation-key",
                "revoker.pub",
                "--entries"))
        .contains("  holder: 0\n", "  last_holder: 1\n", "  last_holder ");
    assertThat(cli.ok("registry", "list", "--registry", "sqlite:taper.db"))
        .contains("from agent:planner", "\n1 living delegation.");
  }

  @Test
  void revoke_asLastHolderLifted_livesAgain() {
    revokeAsLastHolder();

    kept(
        "revocations lift holder planner.pub --as-last-holder --reason mistake --revocations"
            + " revoked.list --key revoker.key");

    assertThat(decide("planner")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task T-4711", "root root.pub", "delegator user:alice@acme.com"})
  void revoke_asLastHolderOfAnotherKind_isUsage(String what) {
    Cli.Result result =
        cli.run(
            ("revoke " + what + " --as-last-holder --revocations revoked.list --key revoker.key")
                .split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--as-last-holder is for revoking a holder's key");
  }

  @Test
  void revoke_lastHolderAsAKind_isUsage() {
    assertThat(
            cli.run(
                    "revoke last_holder planner.pub --revocations revoked.list --key revoker.key"
                        .split(" "))
                .exit())
        .isEqualTo(2);
  }

  @Test
  void trace_rotatedAndRevokedAsLastHolder_showsBoth() {
    assertThat(trace("--task T-4711"))
        .contains("→ agent:planner  living until ", "rotated by agent:planner: jira.*")
        .doesNotContain("revoked");

    revokeAsLastHolder();

    assertThat(trace("--task T-4711"))
        .contains("→ agent:planner  revoked at ", "→ agent:planner  living until ");
    assertThat(trace("--agent " + cli.read("planner.pub").strip()))
        .contains("revoke, by ed25519/", ", last_holder ed25519/");
  }

  private String trace(String options) {
    return cli.ok(("audit trace log --audit-public-key audit.pub " + options).split(" "));
  }

  /** By a list that neither the log nor the registry was told of. */
  @Test
  void traceAndList_revokedAsLastHolderElsewhere_endTheOldKeysTokenAlone() {
    cli.ok(
        "revoke holder planner.pub --as-last-holder --revocations other.list --key revoker.key"
            .split(" "));
    String list = " --revocations other.list --revocation-key revoker.pub";

    assertThat(trace("--task T-4711" + list))
        .contains("agent:planner  revoked, by what is known elsewhere")
        .contains("agent:planner  living until ");
    assertThat(cli.ok(("registry list --registry sqlite:taper.db" + list).split(" ")))
        .contains("from agent:planner", "\n1 living delegation.");
  }
}
