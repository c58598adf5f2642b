package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent is told of a token that whoever handed it on made long. */
class AuthorityWordsTest {
  private final AuthorityWords words =
      new AuthorityWords(McpRefusal.Words.plain(java.time.Clock.systemUTC()));

  @Test
  void limits_oneTextNamedVeryOften_isCutShort() {
    Term text = new Term.Str("x".repeat(30_000));
    Term all = new Term.Array(Collections.nCopies(20_000, text)); // more than memory holds
    Query query = new Query(List.of(), List.of(new Expression.Value(all)), List.of());
    Check check = new Check(Check.Kind.IF, List.of(query));

    assertThat(words.limits(left(Block.builder().check(check).build())))
        .singleElement()
        .satisfies(limit -> assertThat(limit).hasSizeLessThan(4_200).contains("x…"));
  }

  /** The names of keys are shorter than the keys, so there is room for more. */
  @Test
  void grants_manyKeys_areNamedOrSeenToGoOn() {
    for (int count : List.of(4, 8, 12, 60)) {
      Grant keys = Grant.tools("t");
      for (int i = 0; i < count; i++) {
        keys = keys.where(Constraint.arg("a" + i).is("ed25519/" + "0".repeat(1_000)));
      }
      Grants grants = Grants.of(keys.where(Constraint.arg("z").atMost(5)));
      String grant = words.grants(left(Block.builder().check(grants.check()).build())).get(0);

      assertThat(grant).startsWith("t where a0 = a known key and a1 = ");
      assertThat(grant.endsWith(" and z <= 5") || grant.contains("…")).as(grant).isTrue();
    }
  }

  private static EffectiveAuthority left(Block block) {
    Block authority = Datalog.block("holder(\"agent:a\");");
    return EffectiveAuthority.of(List.of(authority, block));
  }
}
