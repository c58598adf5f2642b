package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.TokenTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every grant and condition: all of their forms say the same. */
class GrantLawsTest {
  private static final int CASES = 500;

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void everyForm_ofRandomGrantsAndConditions_readsBackEqual(long seed) {
    Random random = new Random(seed);
    RandomGrants source = new RandomGrants(random);
    Set<Class<?>> kinds = new HashSet<>();
    for (int n = 0; n < CASES; n++) {
      RandomRequest near = new RandomRequest(random);
      List<Caveat> caveats = new ArrayList<>(List.of(source.grants(near)));
      caveats.addAll(source.conditions(near));
      caveats.add(Condition.task("T-" + n));
      Block.Builder block = Block.builder();
      for (Caveat caveat : caveats) {
        Check check = caveat.check();
        assertThat(Caveat.of(check)).isEqualTo(caveat);
        assertThat(Caveat.of(check).check()).isEqualTo(check);
        assertThat(Datalog.check(check.toString())).isEqualTo(check);
        assertThat(Caveat.of(renamed(check))).isEqualTo(caveat);
        kinds.add(caveat.getClass());
        block.check(check);
      }
      Grants grants = (Grants) caveats.get(0);
      assertThat(Grants.parse(grants.toString())).isEqualTo(grants);
      for (Grant grant : grants.alternatives()) {
        assertThat(Grant.parse(grant.toString())).as(grant.toString()).isEqualTo(grant);
        grant.constraints().forEach(c -> kinds.add(c.getClass()));
        grant.activations().forEach(r -> kinds.add(r.getClass()));
      }
      assertThat(onTheWire(block.build())).isEqualTo(caveats);
    }
    assertThat(kinds).hasSize(ConstraintKinds.count() + 1 + 6 + 3);
  }

  private static List<Caveat> onTheWire(Block block) {
    byte[] payload = BlockEncoder.encode(block, new TokenTables());
    return Caveat.of(
        BlockDecoder.decode(payload, 0, null, new TokenTables(), DecodeLimits.DEFAULT).block());
  }

  /** The same check with every variable renamed. */
  private static Check renamed(Check check) {
    return Datalog.check(check.toString().replaceAll("\\$([a-z_0-9]+)", "\\$other_$1"));
  }

  /** What narrows in fact is never called wider, and what both allow is within each. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void intersect_ofRandomGrants_allowsWhatBothAllow(long seed) {
    Random random = new Random(seed);
    RandomGrants source = new RandomGrants(random);
    int met = 0;
    int both = 0;
    for (int n = 0; n < CASES; n++) {
      RandomRequest near = new RandomRequest(random);
      Grant a = source.grant(near);
      Grant b = source.grant(random.nextInt(4) == 0 ? new RandomRequest(random) : near);
      Grant meet = a.intersect(b);
      assertThat(a.comparedTo(b).contradicts()).isEqualTo(meet == null);
      if (meet != null) {
        met++;
        assertThat(meet.comparedTo(a).isClean()).as("%s within %s", meet, a).isTrue();
        assertThat(meet.comparedTo(b).isClean()).as("%s within %s", meet, b).isTrue();
      }
      for (int r = 0; r < 6; r++) {
        var facts = (r == 0 ? near : near.nearby(random)).facts();
        boolean allowed = a.allows(facts) && b.allows(facts);
        assertThat(meet != null && meet.allows(facts)).as("%s and %s", a, b).isEqualTo(allowed);
        assertThat(a.mismatches(facts).isEmpty()).isEqualTo(a.allows(facts));
        both += allowed ? 1 : 0;
      }
    }
    assertThat(met).isBetween(CASES / 4, CASES - CASES / 20);
    assertThat(both).isBetween(CASES / 2, 5 * CASES);
  }

  @Test
  void splitAndJoin_everyKindAtOnce_isOneCanonicalCheck() {
    Grant grant =
        Grant.parse(
            "jira.*, crm.read read, list on jira:project/ACME/*, doc where a = 5 and a != 6 and b in 1,"
                + " x, null and c > 1 and c <= 5 and d >= 0.5 and e starts with x and e matches"
                + " [a-z]+ and e length <= 9 and f each in a, b and g scheme in https and g host in"
                + " acme.com, *.acme.com and g host class in public and h under /data and only a,"
                + " b, c, d, e, f, g, h");
    assertThat(grant.constraints()).hasSize(14);
    assertThat(Grants.of(grant).check())
        .hasToString(
            "check if tool($tool), operation($operation), resource($resource), arg(\"a\", 5),"
                + " arg(\"a\", $arg), arg(\"b\", $arg1), arg(\"c\", $arg2), arg_decimal(\"d\","
                + " $arg3), arg(\"e\", $arg4), arg(\"e\", $arg5), arg(\"e\", $arg6), arg(\"f\","
                + " $arg7), arg_url(\"g\", \"https\", $arg8, $arg9, $arg10), arg_url(\"g\", $arg11,"
                + " $arg12, $arg13, $arg14), arg_host_class(\"g\", \"public\"), arg_path(\"h\","
                + " $arg15), arg_names($arg16), {\"crm.read\"}.contains($tool) ||"
                + " $tool.starts_with(\"jira.\"), {\"list\", \"read\"}.contains($operation),"
                + " {\"doc\"}.contains($resource) || $resource.starts_with(\"jira:project/ACME/\"),"
                + " ![6].contains($arg), [1, \"x\", null].contains($arg1), $arg2.type() ==="
                + " \"integer\", $arg2 > 1, $arg2 <= 5, $arg3 >= 500000, $arg4.type() ==="
                + " \"string\", $arg4.starts_with(\"x\"), $arg5.type() === \"string\","
                + " $arg5.matches(\"^(?:[a-z]+)$\"), {\"array\", \"string\"}.contains($arg6.type()),"
                + " $arg6.length() <= 9, $arg7.type() === \"array\", $arg7.all($x -> [\"a\","
                + " \"b\"].contains($x)), {\"acme.com\"}.contains($arg12) ||"
                + " $arg12.ends_with(\".acme.com\"), $arg15 === \"/data\" ||"
                + " $arg15.starts_with(\"/data/\"), {\"a\", \"b\", \"c\", \"d\", \"e\", \"f\","
                + " \"g\", \"h\"}.contains($arg16)");
    assertThat(Caveat.of(Grants.of(grant).check())).isEqualTo(Grants.of(grant));
  }
}
