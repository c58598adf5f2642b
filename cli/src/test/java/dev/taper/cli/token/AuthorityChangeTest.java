package dev.taper.cli.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuthorityChangeTest {
  private static String resources(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.format("jira:project/ACME/issue-of-a-long-name-%03d", i))
        .collect(Collectors.joining(", "));
  }

  /** Of long lists the beginning is told, which can be the same before and after. */
  @Test
  void between_oneGoneBehindWhatIsTold_isAChange() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    List<EffectiveAuthority> authorities =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.get on " + resources(200))
                    .withoutExpiry())
            .delegate(
                planner,
                Hop.to(Agent.of("agent:researcher", root.publicKey()))
                    .grant("jira.get on " + resources(199)))
            .chain()
            .effectiveAuthorities();

    assertThat(AuthorityChange.between(authorities.get(0), authorities.get(1), List.of()))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.dimension()).isEqualTo("resources");
              assertThat(change.before()).endsWith("…").hasSizeLessThan(4_200);
            });
    assertThat(AuthorityChange.between(authorities.get(0), authorities.get(0), List.of()))
        .isEmpty();
  }

  /** Of so many that nobody lists them, nobody knows which are gone. */
  @Test
  void between_furtherGrantsBehindTooManyToBeListed_isAChange() {
    Block many = Datalog.block(Grants.parse(alternatives(65)).check() + ";");
    Block one = Datalog.block(Grants.parse("t1").check() + ";");
    Block none = Datalog.block("check if depth($d), $d <= 3;");
    EffectiveAuthority before = EffectiveAuthority.of(List.of(many));

    assertThat(
            AuthorityChange.between(
                before, EffectiveAuthority.of(List.of(many, one)), Caveat.of(one)))
        .containsExactly(
            new AuthorityChange(
                "grants", "more than 64 alternatives", "those within further grants"));
    assertThat(
            AuthorityChange.between(
                before, EffectiveAuthority.of(List.of(many, none)), Caveat.of(none)))
        .extracting(AuthorityChange::dimension)
        .containsExactly("hand-overs");
  }

  private static String alternatives(int count) {
    return IntStream.range(0, count).mapToObj(i -> "t" + i).collect(Collectors.joining(" or "));
  }
}
