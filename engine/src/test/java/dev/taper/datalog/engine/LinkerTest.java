package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The data of a large policy set: there once, found at once, and never mixed up. */
class LinkerTest {
  private static final int MEMBERS = 500;

  /** Members 0 to 499 of groups 0 to 99, each of which has a grant. */
  private static final AuthorizerProgram LARGE = large();

  private static AuthorizerProgram large() {
    return Tokens.authorizer(
        data() + "allow if user($u), member($u, $g), grant($g, $r), asked($r);");
  }

  private static String data() {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < MEMBERS; i++) {
      data.append("member(").append(i).append(", \"g").append(i % 100).append("\");");
    }
    for (int g = 0; g < 100; g++) {
      data.append("grant(\"g").append(g).append("\", \"r").append(g).append("\");");
    }
    return data.toString();
  }

  private static World run(TokenProgram token, String... facts) {
    return run(token, LARGE, facts);
  }

  private static World run(TokenProgram token, AuthorizerProgram service, String... facts) {
    List<Fact> request = Arrays.stream(facts).map(Datalog::fact).toList();
    return World.run(token, service, request, ExternFunctions.none(), RunLimits.defaults());
  }

  @Test
  void with_tokenWithoutSuchFacts_sharesTheRelation() {
    Program program = Tokens.token("f(1);").with(LARGE);
    int id = program.predicates.find("member", 2);
    assertThat(program.relations[id]).isSameAs(LARGE.alone().relations[id]);
    assertThat(program.facts).isEqualTo(LARGE.alone().facts + 1);
    assertThat(LARGE.alone().facts).isEqualTo(MEMBERS + 100);
  }

  @Test
  void decide_largeData_lookedUpFromTheFirstRequest() {
    AuthorizerProgram service = large(); // no other test asked it before
    for (int i = 0; i < 3; i++) {
      World world = run(Tokens.token("f(1);"), service, "user(499)", "asked(\"r99\")");
      assertThat(world.decide().allowed()).isTrue();
      assertThat(world.stepsUsed()).isLessThan(10);
      World other = run(Tokens.token("f(1);"), service, "user(499)", "asked(\"r98\")");
      assertThat(other.decide().allowed()).isFalse();
      assertThat(other.stepsUsed()).isLessThan(10);
    }
  }

  /** A question that is asked once is looked up, too, and its rows are not mixed up. */
  @Test
  void query_largeData_joinsWhatBelongsTogether() {
    World world = run(Tokens.token("f(7); f(107); f(3); f(4);"));
    String join = "q($m, $r) <- f($m), member($m, $g), grant($g, $r)";
    assertThat(world.query(Datalog.rule(join), QueryScope.TRUSTED).toString())
        .isEqualTo("[q(7, \"r7\"), q(107, \"r7\"), q(3, \"r3\"), q(4, \"r4\")]");
    String pairs = "q($m) <- f($m), f($n), member($m, $g), member($n, $g), $m < $n";
    assertThat(world.query(Datalog.rule(pairs), QueryScope.TRUSTED).toString()).isEqualTo("[q(7)]");
  }

  @Test
  void decide_tokenWithSuchFacts_seesBothInOrder() {
    TokenProgram token = Tokens.token("member(7, \"g50\"); member(1000, \"g50\");");
    assertThat(run(token, "user(1000)", "asked(\"r50\")").decide().allowed()).isTrue();
    World world = run(token, "user(7)", "asked(\"r50\")");
    assertThat(world.decide().allowed()).isTrue();
    assertThat(run(token, "user(7)", "asked(\"r7\")").decide().allowed()).isTrue();
    assertThat(world.query(Datalog.rule("found($g) <- member(7, $g)"), QueryScope.TRUSTED))
        .containsExactly(Datalog.fact("found(\"g50\")"), Datalog.fact("found(\"g7\")"));
    assertThat(world.factCount()).isEqualTo(MEMBERS + 100 + 4);
    assertThat(world.facts()).hasSize(MEMBERS + 100 + 4);
  }

  @Test
  void decide_blockWithSuchFacts_notTrusted() {
    TokenProgram token = Tokens.token("f(1);", "member(1000, \"g50\");");
    assertThat(run(token, "user(1000)", "asked(\"r50\")").decide().allowed()).isFalse();
  }

  /** The memory of a token that was cached is counted: what it remembers, and no more. */
  @Test
  void with_manyAuthorizers_remembersTheLastFour() {
    List<Long> told = new ArrayList<>();
    TokenProgram token =
        TokenProgram.link(
            List.of(BlockProgram.compile(Datalog.block("f(1);"))),
            Collections.singletonList(null),
            told::add);
    List<AuthorizerProgram> authorizers = new ArrayList<>();
    List<Program> programs = new ArrayList<>();
    for (int i = 0; i < TokenProgram.MAX_LINKED + 1; i++) {
      authorizers.add(Tokens.authorizer("allow if f($x), $x > " + i + ";"));
      programs.add(token.with(authorizers.get(i)));
    }
    long one = programs.get(0).weight();
    assertThat(told).containsExactly(one, 2 * one, 3 * one, 4 * one, 4 * one);
    for (int i = 1; i < authorizers.size(); i++) {
      assertThat(token.with(authorizers.get(i))).isSameAs(programs.get(i));
    }
    assertThat(token.with(authorizers.get(0))).isNotSameAs(programs.get(0));
    assertThat(told).hasSize(6);
  }

  /** What a service keeps apart from one token's facts, it does not keep apart from another's. */
  @Test
  void with_tokenWhoseBlockStatesFacts_changesNoOtherProgram() {
    AuthorizerProgram service =
        Tokens.authorizer("s(1); check if f($x); allow if true;").confidential(Set.of());
    Program before = Tokens.token("f(1);").with(service);
    Program hostile = Tokens.token("f(1);", "f(2); s(3); g($x) <- f($x);").with(service);
    Program after = Tokens.token("f(1);").with(service);
    int f = service.alone().predicates.find("f", 1);
    int s = service.alone().predicates.find("s", 1);
    assertThat(hostile.apart[f]).isTrue();
    for (Program program : List.of(service.alone(), before, after)) {
      assertThat(program.apart[f]).isFalse();
      assertThat(program.apart[s]).isTrue();
    }
  }

  @Test
  void with_blockStatesWhatTheServiceAsksFirst_keptApart() {
    AuthorizerProgram service =
        Tokens.authorizer("check if f($x); allow if true;").confidential(Set.of());
    assertThat(service.alone().predicates.find("f", 1)).isZero();
    assertThat(Tokens.token("f(1);", "f(2);").with(service).apart[0]).isTrue();
    assertThat(Tokens.token("f(1);", "g(2);").with(service).apart[0]).isFalse();
  }

  @Test
  void weight_partsOfTokenAndAuthorizer_areCounted() {
    long least = weight("f(1);", "allow if true;");
    assertThat(least).isEqualTo(1_024 + 64 + 160 + 200);
    assertThat(weight("f(1); f(2); f(2);", "allow if true;") - least).isEqualTo(64);
    assertThat(weight("f(1); g(1);", "allow if true;") - least).isEqualTo(64 + 200);
    assertThat(weight("f(1); check if f(1) or f(2);", "allow if true;") - least).isEqualTo(320);
    assertThat(weight("f(1); f($x) <- f($x);", "allow if true;") - least).isEqualTo(160);
    assertThat(weight("f(1);", "check if f(1); deny if f(2) or f(3);") - least).isEqualTo(320);
    assertThat(weight("f(1);", "f($x) <- f($x); allow if true;") - least).isEqualTo(160);
  }

  private static long weight(String block, String authorizer) {
    return Tokens.token(block).with(Tokens.authorizer(authorizer)).weight();
  }

  @Test
  void run_factsOfARequest_goneWithIt() {
    TokenProgram token = Tokens.token("f(1);");
    String[] guest = {"user(1000)", "member(1000, \"g3\")", "asked(\"r3\")"};
    World with = run(token, guest);
    assertThat(with.decide().allowed()).isTrue();
    assertThat(run(token, "user(1000)", "asked(\"r3\")").decide().allowed()).isFalse();
    assertThat(with.decide().allowed()).isTrue();
    World twice = run(token, "user(1)", "member(1, \"g1\")", "asked(\"r1\")");
    assertThat(twice.decide().allowed()).isTrue();
    assertThat(twice.factCount()).isEqualTo(MEMBERS + 100 + 3); // one was there before
  }
}
