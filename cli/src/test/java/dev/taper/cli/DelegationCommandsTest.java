package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelegationCommandsTest {
  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
  }

  private DelegationChain chain(String file) {
    UnverifiedToken token = UnverifiedToken.decode(cli.read(file).strip());
    return DelegationChain.of(
        token.verifyHeld(RootKeys.of(PublicKey.parse(cli.read("root.pub").strip()))));
  }

  @Test
  void mint_allOptions_areInTheToken() {
    agents.mint(
        "planner.token",
        "--purpose",
        "triage",
        "--not-before",
        "2030-01-01T12:00:00Z",
        "--audience",
        "svc:jira",
        "--audience",
        "svc:web",
        "--max-depth",
        "2",
        "--verified-holders",
        "--grant",
        "web.get where url host in acme.com",
        "--root-key-id",
        "7");

    DelegationChain chain = chain("planner.token");
    assertThat(chain.task().purpose()).isEqualTo("triage");
    assertThat(chain.effectiveAuthority().words())
        .isEqualTo(
            "jira.*, list or read, jira:project/ACME/*; or web.get, url host in acme.com, at"
                + " svc:jira or svc:web, from 2030-01-01T12:00:00Z, until 2030-01-01T13:00:00Z, at"
                + " most 2 hops, verified holders only");
    assertThat(UnverifiedToken.decode(cli.read("planner.token").strip()).rootKeyId()).hasValue(7);
  }

  @Test
  void mint_holderKeyAsTextAndNoEnd_works() {
    String key = cli.read("planner.pub").strip();

    String token =
        cli.ok(
            "mint",
            "-k",
            "root.key",
            "--delegator",
            "user:alice@acme.com",
            "--holder",
            "agent:planner=" + key,
            "--task",
            "T-1",
            "--grant",
            "*",
            "--expires",
            "never");

    DelegationChain chain = AgentToken.decode(token.strip()).chain();
    assertThat(chain.effectiveAuthority().expiry()).isNull();
    assertThat(chain.hops().get(0).holderKey()).hasToString(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--delegator u --task t --grant a.b --expires 1h",
        "--holder a=planner.pub --task t --grant a.b --expires 1h",
        "--delegator u --holder a=planner.pub --grant a.b --expires 1h",
        "--delegator u --holder a=planner.pub --task t --expires 1h",
        "--delegator u --holder a=planner.pub --task t --grant a.b",
        "--delegator u --holder a --task t --grant a.b --expires 1h",
        "--delegator u --holder =planner.pub --task t --grant a.b --expires 1h",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires soon",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires 1h --block a(1)",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires 1h --ttl 1h",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires 1h --param a=b",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires 1h search.json",
        "--delegator u --holder a=planner.pub --task t --grant a.b --expires 1h --root-key-id -1",
        "--grant a.b --block a(1)"
      })
  void mint_badCommandLine_isUsage(String options) {
    Cli.Result result = cli.run(("mint -k root.key " + options).split(" ", -1));

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void mint_badGrant_pointsAtIt() {
    Cli.Result result =
        cli.run(
            "mint",
            "-k",
            "root.key",
            "--delegator",
            "u",
            "--holder",
            "a=planner.pub",
            "--task",
            "t",
            "--expires",
            "1h",
            "--grant",
            "jira.* on");

    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.err()).contains("(syntax)", "jira.* on\n", "^");
  }

  @Test
  void delegate_narrowerHop_warnsOfNothing() {
    String warnings = agents.delegate("researcher", "scraper", "--grant", "jira.search read");

    assertThat(warnings).isEmpty();
    assertThat(chain("scraper.token"))
        .hasToString("user:alice@acme.com → agent:planner → agent:researcher → agent:scraper");
  }

  @Test
  void delegate_oddHop_warnsButMakesIt() {
    assertThat(agents.delegate("researcher", "scraper", "--grant", "jira.*", "--expires", "1d"))
        .contains("taper: warning: tools jira.*, wider than jira.search", "(wider)")
        .contains("(outlives_parent)");
    assertThat(agents.delegate("researcher", "scraper", "--grant", "crm.read"))
        .contains("(contradiction)");
    assertThat(chain("scraper.token").depth()).isEqualTo(2);
  }

  @Test
  void delegate_tooOften_makesNoTokenThatNobodyCouldUse() {
    String[] tooOften = {
      "delegate", "researcher.token", "-k", "researcher.key", "--max-depth", "1", "--to-bearer"
    };
    Cli.Result result = cli.run(tooOften);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("nobody could use the token: this is hand-over 2, the chain allows 1")
        .contains("(too_deep)");
    agents.delegate("planner", "researcher", "--max-depth", "1");
    result = cli.run("delegate", "researcher.token", "-k", "researcher.key", "--to-bearer");
    assertThat(result.err()).contains("(too_deep)"); // what its parent says counts as well
    assertThat(result.exit()).isEqualTo(2);
    cli.ok("delegate", "researcher.token", "-k", "researcher.key", "--to-self", "-o", "own.token");
  }

  @Test
  void delegate_toSelf_keepsTheHolder() {
    cli.ok(
        "delegate",
        "researcher.token",
        "--key",
        "researcher.key",
        "--to-self",
        "--expires",
        "1m",
        "--out",
        "researcher.token");

    assertThat(chain("researcher.token").depth()).isEqualTo(1);
    assertThat(chain("researcher.token").holder()).hasToString("agent:researcher");
  }

  @Test
  void delegate_toBearer_goesOnWithoutAKeyAndNeverBack() {
    cli.ok(
        "delegate",
        "researcher.token",
        "--key",
        "researcher.key",
        "--to-bearer",
        "--out",
        "bearer.token");
    cli.ok(
        "delegate", "bearer.token", "--to-bearer", "--grant", "jira.search", "--out", "b2.token");

    UnverifiedToken token = UnverifiedToken.decode(cli.read("b2.token").strip());
    assertThat(token.kind()).isEqualTo(Token.Kind.BEARER);
    assertThat(token.blockCount()).isEqualTo(4);
    Cli.Result back = cli.run("delegate", "bearer.token", "--holder", "agent:scraper=scraper.pub");
    assertThat(back.exit()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delegate researcher.token --key researcher.key --grant a.b",
        "delegate researcher.token --key researcher.key --to-self --to-bearer",
        "delegate researcher.token --key researcher.key --to-self --holder a=scraper.pub",
        "delegate researcher.token --key researcher.key --to-self --expires never",
        "delegate researcher.token --to-self",
        "delegate researcher.token --key planner.key --to-self",
        "seal researcher.token",
        "seal researcher.token --key planner.key",
        "prove researcher.token --key planner.key --request search.json --audience svc:jira",
        "prove researcher.token --key researcher.key --request search.json",
        "prove researcher.token --key researcher.key --audience svc:jira",
        "prove researcher.token --key researcher.key --request search.json --audience x --time none"
      })
  void holdersCommand_badCommandLineOrKey_isUsage(String line) {
    Cli.Result result = cli.run(line.split(" ", -1));

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void holdersCommand_plainToken_isNoDelegation() {
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "plain.token");

    for (String line :
        new String[] {
          "delegate plain.token --key root.key --to-self",
          "prove plain.token --key root.key --request search.json --audience svc:jira"
        }) {
      Cli.Result result = cli.run(line.split(" ", -1));
      assertThat(result.exit()).isEqualTo(3);
      assertThat(result.err()).contains("(not_a_delegation)");
    }
  }

  @Test
  void prove_ambiguousRequest_isRefused() {
    cli.file("bad.json", "{\"tool\": \"jira.search\", \"resource\": \"jira:a/../b\"}");

    Cli.Result result =
        cli.run(
            "prove",
            "researcher.token",
            "--key",
            "researcher.key",
            "--request",
            "bad.json",
            "--audience",
            "svc:jira");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(ambiguous_resource)");
  }

  @Test
  void seal_byItsHolder_isAnOrdinaryBiscuit() {
    cli.ok("seal", "researcher.token", "--key", "researcher.key", "--out", "sealed.token");

    UnverifiedToken sealed = UnverifiedToken.decode(cli.read("sealed.token").strip());
    PublicKey root = PublicKey.parse(cli.read("root.pub").strip());
    assertThat(sealed.verify(root).kind()).isEqualTo(Token.Kind.SEALED);
  }
}
