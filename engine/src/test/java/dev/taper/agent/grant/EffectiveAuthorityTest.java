package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.engine.AuthorizerProgram;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.engine.World;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.FullSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@FullSize
class EffectiveAuthorityTest {
  private static final AuthorizerProgram ALLOW =
      AuthorizerProgram.compile(Datalog.authorizer("allow if true"));

  private static TokenProgram program(List<Block> chain) {
    List<BlockProgram> programs = new ArrayList<>();
    List<@Nullable PublicKey> firstParty = new ArrayList<>();
    for (Block block : chain) {
      programs.add(BlockProgram.compile(block));
      firstParty.add(null);
    }
    return TokenProgram.link(programs, firstParty);
  }

  private static boolean datalogAllows(TokenProgram token, CallFacts facts) {
    return World.run(token, ALLOW, facts.list(), ExternFunctions.none(), RunLimits.defaults())
        .decide()
        .allowed();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, FullSize.Cases.of(2, 5));
  }

  /** Chains with 6 requests each; most of them differ in one thing from what was granted. */
  @ParameterizedTest
  @MethodSource("seeds")
  void allows_randomChainsAndRequests_asTheDatalogDoes(long seed) {
    Random random = new Random(seed);
    RandomGrants grants = new RandomGrants(random);
    int allowed = 0;
    int total = 0;
    int empty = 0;
    int several = 0;
    Map<String, int[]> kinds = new TreeMap<>();
    for (int n = 0; n < 500; n++) {
      RandomRequest target = new RandomRequest(random);
      List<Block> chain = new ArrayList<>();
      for (int i = Math.min(random.nextInt(5), random.nextInt(6)); i >= 0; i--) {
        chain.add(grants.block(target));
      }
      List<Caveat> caveats = new ArrayList<>();
      chain.forEach(block -> caveats.addAll(Caveat.of(block)));
      TokenProgram token = program(chain);
      EffectiveAuthority scope = EffectiveAuthority.of(chain);
      assertThat(scope.opaqueChecks()).isEmpty();
      assertThat(EffectiveAuthority.afterEach(chain))
          .hasSize(chain.size())
          .last()
          .hasToString(scope.toString());
      empty += scope.isEmpty() ? 1 : 0;
      several += scope.alternatives().size() > 1 ? 1 : 0;
      for (int r = 0; r < 6; r++) {
        RandomRequest request =
            r == 0 ? target : r < 5 ? target.nearby(random) : new RandomRequest(random);
        CallFacts facts = request.facts();
        boolean datalog = datalogAllows(token, facts);
        assertThat(scope.allows(facts))
            .as("seed %s, chain %s\nrequest %s\nscope %s", seed, chain, facts, scope)
            .isEqualTo(datalog ? EffectiveAuthority.Answer.YES : EffectiveAuthority.Answer.NO);
        if (datalog) {
          assertThat(scope.isEmpty()).as("%s", chain).isFalse();
          assertThat(scope.isGrantedByEach(facts)).isTrue();
        }
        allowed += datalog ? 1 : 0;
        total++;
        count(caveats, facts, kinds);
      }
    }
    assertThat(allowed).as("of %s", total).isBetween(total / 5, total * 4 / 5);
    assertThat(empty).isGreaterThan(20);
    assertThat(several).isGreaterThan(50);
    assertThat(kinds).hasSize(ConstraintKinds.count() + 3 + 5);
    kinds.forEach(
        (kind, outcomes) -> {
          assertThat(outcomes[0]).as("%s not fitting", kind).isGreaterThan(10);
          assertThat(outcomes[1]).as("%s fitting", kind).isGreaterThan(10);
        });
  }

  /** Counts how often each kind of thing that a chain asks for fits and does not. */
  private static void count(List<Caveat> caveats, CallFacts facts, Map<String, int[]> kinds) {
    for (Caveat caveat : caveats) {
      if (caveat instanceof Grants grants) {
        grants.alternatives().forEach(grant -> count(grant, facts, kinds));
      } else if (caveat instanceof Condition condition) {
        note(kinds, condition.getClass().getSimpleName(), condition.mismatch(facts) == null);
      }
    }
  }

  private static void count(Grant grant, CallFacts facts, Map<String, int[]> kinds) {
    List<Caveat.Mismatch.Subject> missed =
        grant.mismatches(facts).stream().map(Caveat.Mismatch::subject).toList();
    if (!grant.tools().isEmpty()) {
      note(kinds, "tool", !missed.contains(Caveat.Mismatch.Subject.TOOL));
    }
    if (!grant.operations().isEmpty()) {
      note(kinds, "operation", !missed.contains(Caveat.Mismatch.Subject.OPERATION));
    }
    if (!grant.resources().isEmpty()) {
      note(kinds, "resource", !missed.contains(Caveat.Mismatch.Subject.RESOURCE));
    }
    for (Constraint constraint : grant.constraints()) {
      note(
          kinds,
          constraint.getClass().getSimpleName(),
          Grant.anyTool().where(constraint).allows(facts));
    }
  }

  private static void note(Map<String, int[]> kinds, String kind, boolean fits) {
    kinds.computeIfAbsent(kind, k -> new int[2])[fits ? 1 : 0]++;
  }

  private static EffectiveAuthority scope(String... blocks) {
    List<Block> chain = new ArrayList<>();
    for (String block : blocks) {
      chain.add(Datalog.block(block));
    }
    return EffectiveAuthority.of(chain);
  }

  private static String grant(String text) {
    return Grants.parse(text).check() + ";";
  }

  private static final CallFacts CALL =
      ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/12").facts();

  @Test
  void words_chain_areTheIntersection() {
    EffectiveAuthority scope =
        scope(
            "task(\"T-1\");"
                + grant("jira.* on jira:project/ACME/ or crm.read")
                + "check if time($t), $t < 2026-11-24T13:00:00Z;",
            grant("jira.search, jira.read, http.get read")
                + "check if task(\"T-1\"); check if time($t), $t < 2026-11-24T12:10:00Z;"
                + "check if audience($a), {\"svc:crm\", \"svc:jira\"}.contains($a);",
            grant("* on jira:project/ACME/Q3/")
                + "check if audience(\"svc:jira\"); check if depth($d), $d <= 3;");
    assertThat(scope)
        .hasToString(
            "jira.read or jira.search, read, jira:project/ACME/Q3/*, at svc:jira, until"
                + " 2026-11-24T12:10:00Z, at most 3 hops");
    assertThat(scope.alternatives())
        .containsExactly(Grant.parse("jira.read, jira.search read on jira:project/ACME/Q3/*"));
    assertThat(scope.expiry()).isEqualTo("2026-11-24T12:10:00Z");
    assertThat(scope.audiences()).containsExactly("svc:jira");
    assertThat(scope.maxDepth()).hasValue(3);
    assertThat(scope.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if tool(\"crm.read\")",
        "check if operation(\"write\")",
        "check if resource($r), $r.starts_with(\"jira:project/ACME/Q4/\")",
        "check if time($t), $t >= 2026-11-24T12:10:00Z",
        "check if audience(\"svc:crm\")",
        "check if task(\"T-2\")",
        "check if arg(\"limit\", 51)",
      })
  void isEmpty_contradictions_areSeen(String check) {
    EffectiveAuthority scope =
        scope(
            "task(\"T-1\");"
                + grant("jira.* read on jira:project/ACME/Q3/ where limit <= 50")
                + "check if time($t), $t < 2026-11-24T12:10:00Z; check if audience(\"svc:jira\");",
            check);
    assertThat(scope.isEmpty()).isTrue();
    assertThat(scope).hasToString("nothing: the blocks contradict each other");
  }

  @Test
  void allows_opaqueChecksAndRules_areNeverYes() {
    EffectiveAuthority opaque = scope(grant("jira.search"), "check if user(\"alice\")");
    assertThat(opaque.allows(CALL)).isEqualTo(EffectiveAuthority.Answer.UNKNOWN);
    assertThat(opaque.opaqueChecks()).hasToString("[check if user(\"alice\")]");
    assertThat(opaque).hasToString("jira.search, and check if user(\"alice\")");
    assertThat(opaque.allows(ToolCall.of("crm.read").facts()))
        .isEqualTo(EffectiveAuthority.Answer.NO);
    assertThat(scope(grant("jira.search"), "a(1); b($x) <- a($x)").allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.UNKNOWN);
    assertThat(scope(grant("jira.search"), "a(1)").allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.YES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tool(\"crm.read\");",
        "audience($x) <- tool($x);",
        "holder_verified(\"agent:x\");"
      })
  void allows_blockThatAnswersItself_isUnknown(String block) {
    EffectiveAuthority scope = scope(grant("crm.read"), block);
    assertThat(scope.allows(CALL)).isEqualTo(EffectiveAuthority.Answer.UNKNOWN);
    assertThat(scope.isEmpty()).isFalse();
    assertThat(scope.words()).startsWith("unknown");
  }

  @Test
  void allows_task_isTheAuthoritysOrTheBlocksOwn() {
    String condition = "check if task(\"T-1\");";
    assertThat(scope("task(\"T-1\")", condition).allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.YES);
    assertThat(scope("", "task(\"T-1\");" + condition).allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.YES);
    assertThat(scope("", "task(\"T-1\")", condition).allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.NO);
    assertThat(scope("a(\"T-1\"); task($x) <- a($x)", condition).allows(CALL))
        .isEqualTo(EffectiveAuthority.Answer.UNKNOWN);
    for (String first : List.of("task(\"T-1\")", "task(\"T-2\")")) {
      List<Block> chain = List.of(Datalog.block(first), Datalog.block(condition));
      assertThat(EffectiveAuthority.of(chain).allows(CALL) == EffectiveAuthority.Answer.YES)
          .isEqualTo(datalogAllows(program(chain), CALL));
    }
  }

  @Test
  void notBefore_ofSeveralBlocks_isTheLatest() {
    String ten = "check if time($t), $t >= 2026-11-24T10:00:00Z;";
    String eleven = "check if time($t), $t >= 2026-11-24T11:00:00Z;";

    for (EffectiveAuthority scope :
        List.of(scope(ten, eleven), scope(eleven, ten), scope(ten + eleven))) {
      assertThat(scope.notBefore()).isEqualTo("2026-11-24T11:00:00Z");
    }
  }

  @Test
  void alternatives_asManyAsAreListed_areListed() {
    List<String> eight = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      eight.add("jira.search where a = " + i);
    }
    String first = grant(String.join(" or ", eight));

    EffectiveAuthority scope = scope(first, first.replace("\"a\"", "\"b\""));
    assertThat(scope.isListed()).isTrue();
    assertThat(scope.alternatives()).hasSize(64);
  }

  @Test
  void isForVerifiedHolder_ifAnyBlockSaysSo() {
    String verified = Condition.verifiedHolder().check() + ";";

    assertThat(scope(grant("a"), verified).isForVerifiedHolder()).isTrue();
    assertThat(scope(verified, grant("a")).isForVerifiedHolder()).isTrue();
    assertThat(scope(grant("a")).isForVerifiedHolder()).isFalse();
  }

  /** Exactly as many as are enough would seem to be all. */
  @Test
  void words_enoughBeforeTheEnd_showThatThereIsMore() {
    String twoGrants = grant("a or b");
    String budget =
        Budget.parse("at most 9 calls from s as i").fact() + "; check if budget_store(\"s\");";
    String opaque = "check if user(\"alice\");";

    for (EffectiveAuthority more :
        List.of(
            scope(twoGrants),
            scope(grant("a where n = 1")),
            scope(grant("a") + budget),
            scope(grant("a") + opaque))) {
      assertThat(more.words(0)).isEqualTo("a");
      assertThat(more.words(1)).startsWith("a").hasSizeGreaterThan(1);
    }
  }

  @Test
  void allows_tooManyAlternatives_isStillExact() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      many.add("jira.search where a = " + i);
    }
    String first = grant(String.join(" or ", many));
    EffectiveAuthority scope = scope(first, first.replace("\"a\"", "\"b\""));
    assertThat(scope.isListed()).isFalse();
    assertThat(scope.alternatives()).isEmpty();
    assertThat(scope.isEmpty()).isFalse();
    assertThat(scope.words()).isEqualTo("too many combinations of grants to list");
    ToolCall call = ToolCall.of("jira.search").arg("a", 3);
    assertThat(scope.allows(call.arg("b", 11).facts())).isEqualTo(EffectiveAuthority.Answer.YES);
    assertThat(scope.allows(call.arg("b", 12).facts())).isEqualTo(EffectiveAuthority.Answer.NO);
  }

  @Test
  void of_hostileChain_isReadInBoundedTime() {
    StringBuilder many = new StringBuilder("check if tool(\"t\")");
    for (int i = 0; i < 250; i++) {
      many.append(" or operation(\"o").append(i).append("\"), resource($r)");
      many.append(", {\"r0\", \"r1\", \"r2\"}.contains($r) || $r.starts_with(\"a/\")");
    }
    StringBuilder deep = new StringBuilder("check if tool(\"t\")");
    for (int i = 0; i < 2_000; i++) {
      deep.append(", arg(\"a").append(i).append("\", $x").append(i).append(')');
    }
    for (int i = 0; i < 2_000; i++) {
      deep.append(", ![1].contains($x").append(i).append(')');
    }
    Block wide = Datalog.block(many.toString());
    Block deeper = Datalog.block(deep.toString());
    List<Block> chain = List.of(wide, wide, wide, deeper, wide, deeper, wide, wide);
    EffectiveAuthority scope =
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> EffectiveAuthority.of(chain));
    assertThat(scope.opaqueChecks()).hasSize(2);
    assertThat(scope.allows(ToolCall.of("x").facts())).isEqualTo(EffectiveAuthority.Answer.NO);
  }

  /** A grant with groups of approvers, each of as many keys as there may be. */
  private static Grant approved(String grant, int first, int count) {
    Grant all = Grant.parse(grant);
    for (int i = first; i < first + count; i++) {
      TreeSet<String> keys = new TreeSet<>();
      for (int j = 0; j < NeededApproval.MOST; j++) {
        keys.add("ed25519/" + String.format("%064x", 100 * i + j));
      }
      all = all.when(new ApprovedBy(2, keys));
    }
    return all;
  }

  private static Block block(Grant... grants) {
    return Block.builder().check(Grants.of(grants).check()).build();
  }

  private static Block eight(String argument) {
    Grant[] grants = new Grant[8];
    for (int i = 0; i < 8; i++) {
      grants[i] = approved("a.b where " + argument + " = " + i, 0, 16);
    }
    return block(grants);
  }

  /** Two checks of 8 grants would be 64 alternatives, each of 512 keys to compare with 512. */
  @Test
  void afterEach_groupsOfManyApprovers_areWorkByTheKey() {
    assertThat(approved("a.b", 0, 16).weight()).isEqualTo(2 + 16 * 32);
    List<EffectiveAuthority> scopes = EffectiveAuthority.afterEach(List.of(eight("a"), eight("b")));
    assertThat(scopes.get(0).isListed()).isTrue();
    assertThat(scopes.get(1).isListed()).isFalse();
  }

  @Test
  void of_moreGroupsThanOneGrantCanAskFor_areNotListed() {
    Block nine = block(approved("a.b", 0, 9));
    Block seven = block(approved("a.b", 20, 7));
    Block eight = block(approved("a.b", 20, 8));
    assertThat(EffectiveAuthority.of(List.of(nine, seven)).isListed()).isTrue();
    EffectiveAuthority scope = EffectiveAuthority.of(List.of(nine, eight));
    assertThat(scope.isListed()).isFalse();
    assertThat(scope.isEmpty()).isFalse();
    assertThat(scope.allows(ToolCall.of("a.b").facts())).isEqualTo(EffectiveAuthority.Answer.NO);
  }

  /** 64 long alternatives are words of a megabyte, and a record keeps 2,048 characters. */
  @Test
  void words_enough_doesNotWriteAllAlternatives() {
    List<Grant> grants = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      grants.addAll(
          Grants.parse("a.c" + i + " where q = \"" + "x".repeat(1000) + "\"").alternatives());
    }
    EffectiveAuthority scope =
        EffectiveAuthority.of(List.of(Block.builder().check(new Grants(grants).check()).build()));

    assertThat(scope.words(2048)).hasSizeBetween(2048, 3200);
    assertThat(scope.words()).hasSizeGreaterThan(60_000).startsWith(scope.words(2048));
  }

  /** A token has one copy of a text that many constraints name. */
  @Test
  void words_enough_doesNotWriteAllConstraints() {
    Grant grant = Grant.tools("a.c").ifJustified();
    for (int i = 0; i < 100; i++) {
      grant = grant.where(Constraint.arg("a" + i).is("x".repeat(1000)));
    }
    Grants grants = Grants.of(grant);
    EffectiveAuthority scope =
        EffectiveAuthority.of(List.of(Block.builder().check(grants.check()).build()));

    assertThat(scope.words(2048)).hasSizeBetween(2048, 4096).endsWith(", if justified");
    assertThat(scope.words()).hasSizeGreaterThan(90_000).endsWith(", if justified");
    assertThat(grants.words()).hasSize(16_384).endsWith("…");
    assertThat(new Grants(Collections.nCopies(100, grant)).words())
        .hasSizeLessThan(40_000)
        .endsWith("; or …");
  }

  /** A check can name a text many times, and be the only one. */
  @Test
  void words_enough_doesNotWriteAllOfACheck() {
    String check = "check if s($x), $x == \"" + "x".repeat(1000) + "\"";
    check += (" or s($x), $x == \"" + "x".repeat(1000) + "\"").repeat(99) + ";";
    EffectiveAuthority scope = EffectiveAuthority.of(List.of(Datalog.block(check)));

    assertThat(scope.words(2048)).hasSizeBetween(2048, 2100);
    assertThat(scope.words()).hasSizeGreaterThan(100_000);
  }
}
