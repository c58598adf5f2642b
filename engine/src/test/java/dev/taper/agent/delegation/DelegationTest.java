package dev.taper.agent.delegation;

import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ForgedChain;
import dev.taper.agent.decision.Story;
import dev.taper.agent.decision.Suggestion;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.UsedHeap;
import dev.taper.token.Token;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelegationTest {
  private final Story story = new Story();

  private static void assertCode(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** A message blames the name that is wrong. */
  @Test
  void names_withAControlCharacter_areCalledWhatTheyAre() {
    String bad = "a\u0007b";
    Map<String, org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls =
        Map.of(
            "the holder's name", () -> Agent.of(bad, story.plannerKey.publicKey()),
            "the delegator", () -> Delegation.by(bad),
            "the task", () -> new Task(bad, null),
            "the audience",
                () ->
                    Verifier.trusting(RootKeys.of(story.plannerKey.publicKey()))
                        .callerStatesMeaning()
                        .audience(bad));

    calls.forEach(
        (subject, call) ->
            assertThatThrownBy(call).hasMessageStartingWith(subject + " holds U+0007 at index 1"));
    assertThatThrownBy(() -> new Task("T-1", "why\u0000"))
        .hasMessageStartingWith("the purpose holds NUL");
  }

  @Test
  void decide_everyHolderOfTheChain_mayCallWithinItsScope() {
    Verifier verifier = story.verifier().build();

    assertThat(
            story.decide(verifier, story.atPlanner(), story.plannerKey, Story.search()).allowed())
        .isTrue();
    assertThat(
            story
                .decide(verifier, story.atResearcher(), story.researcherKey, Story.search())
                .allowed())
        .isTrue();
    CallDecision scraper =
        story.decide(verifier, story.atScraper(), story.scraperKey, Story.search());
    assertThat(scraper.allowed()).isTrue();
    assertThat(scraper.explanation())
        .isEqualTo(
            """
            ALLOWED  svc:jira allows jira.search read on jira:project/ACME/Q3/12
              user:alice@acme.com → agent:planner → agent:researcher → agent:scraper\
            """);
  }

  @Test
  void decide_callOutsideAHop_namesTheHopTheLastAllowedAndWhomToAsk() {
    ToolCall call = ToolCall.of("jira.get").operation("read").on("jira:project/ACME/Q3/12");

    CallDecision decision =
        story.decide(story.verifier().build(), story.atResearcher(), story.researcherKey, call);

    assertThat(codeOf(decision)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(lastHolderOf(decision)).isEqualTo("agent:planner");
    Suggestion ask = Objects.requireNonNull(denied(decision).suggestion());
    assertThat(ask.whom()).isEqualTo("agent:planner");
    assertThat(ask.grant()).isEqualTo(Grant.parse("jira.get read on jira:project/ACME/Q3/12"));
    DelegationHop hop = Objects.requireNonNull(denied(decision).failingHop());
    assertThat(hop.block()).isEqualTo(1);
    assertThat(hop.grantor()).isEqualTo("agent:planner");
    assertThat(decision.explanation())
        .contains("DENIED  out_of_scope  svc:jira refused jira.get read on jira:project/ACME/Q3/12")
        .contains("hop 1  agent:researcher  granted by agent:planner: ")
        .contains("✗ tool jira.get is not among: jira.search")
        .contains("The last token in the chain that would allow it: agent:planner's")
        .contains("ask agent:planner for \"jira.get read on jira:project/ACME/Q3/12\"");
    assertThat(decision.toJson())
        .contains(
            "\"allowed\":false",
            "\"code\":\"out_of_scope\"",
            "\"last_allowed\":{\"block\":0,\"holder\":\"agent:planner\",\"kind\":\"held\"}");
  }

  @Test
  void decide_callThatNobodyInTheChainMay_asksTheDelegator() {
    ToolCall call = ToolCall.of("jira.search").operation("delete").on("jira:project/ACME/Q3/1");

    CallDecision decision =
        story.decide(story.verifier().build(), story.atResearcher(), story.researcherKey, call);

    assertThat(lastHolderOf(decision)).isNull();
    assertThat(Objects.requireNonNull(denied(decision).suggestion()).whom())
        .isEqualTo("user:alice@acme.com");
    assertThat(decision.explanation()).contains("would allow it: none");
  }

  @Test
  void decide_severalGrants_isExplainedByTheOneForTheTool() {
    AgentToken token =
        story
            .atPlanner()
            .delegate(
                story.plannerKey,
                Hop.to(story.researcher)
                    .grant("jira.get on jira:project/ACME/*")
                    .grant("jira.search list where limit <= 10"),
                story.clock);

    CallDecision decision =
        story.decide(story.verifier().build(), token, story.researcherKey, Story.search());

    assertThat(denied(decision).reasons().get(0).details())
        .containsExactly(
            "operation read is not among: list", "argument limit is 50; needed: limit <= 10");
  }

  @Test
  void decide_argumentThatDoesNotFit_isAskedForExactly() {
    AgentToken token =
        story
            .atResearcher()
            .delegate(
                story.researcherKey,
                Hop.to(story.scraper).grant("jira.search where limit <= 10"),
                story.clock);

    CallDecision decision =
        story.decide(
            story.verifier().build(), token, story.scraperKey, Story.search().arg("page", 2));

    Suggestion ask = Objects.requireNonNull(denied(decision).suggestion());
    assertThat(ask.whom()).isEqualTo("agent:researcher");
    assertThat(ask.grant())
        .hasToString("jira.search read on jira:project/ACME/Q3/12 where limit = 50");
  }

  @Test
  void decide_expiredHop_saysSo() {
    AgentToken token = story.atResearcher();
    story.clock.forward(Duration.ofMinutes(11));

    CallDecision decision =
        story.decide(story.verifier().build(), token, story.researcherKey, Story.search());

    assertThat(codeOf(decision)).isEqualTo(DenialCode.EXPIRED);
    assertThat(lastHolderOf(decision)).isEqualTo("agent:planner");
    assertThat(denied(decision).suggestion()).isNull();
  }

  @Test
  void decide_proof_isNeededOnceForThisCallByThisHolder() {
    Verifier verifier = story.verifier().build();
    AgentToken token = story.atResearcher();
    String encoded = token.encodeBase64();
    ToolCall call = Story.search();
    String proof = token.prove(story.researcherKey, call, Story.JIRA, story.clock).encodeBase64();

    assertThat(codeOf(verifier.decide(Credentials.of(encoded, null), call)))
        .isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(codeOf(verifier.decide(Credentials.of(encoded, proof), call.arg("page", 2))))
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(verifier.decide(Credentials.of(encoded, proof), call).allowed()).isTrue();
    assertThat(codeOf(verifier.decide(Credentials.of(encoded, proof), call)))
        .isEqualTo(DenialCode.PROOF_REPLAYED);
    assertCode(
        () -> token.prove(story.plannerKey, call, Story.JIRA, story.clock),
        ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void decide_bearerAndSealed_onlyWhereSpelledOut() {
    AgentToken bearer =
        story.atResearcher().delegate(story.researcherKey, Hop.toBearer(), story.clock);
    AgentToken sealed = story.atResearcher().seal(story.researcherKey);
    Verifier strict = story.verifier().build();
    Verifier lax = story.verifier().acceptBearer().acceptSealed().build();

    assertThat(codeOf(strict.decide(bearer.token(), Story.search(), null, SentApprovals.NONE)))
        .isEqualTo(DenialCode.BEARER_NOT_ACCEPTED);
    assertThat(codeOf(strict.decide(sealed.token(), Story.search(), null, SentApprovals.NONE)))
        .isEqualTo(DenialCode.SEALED_NOT_ACCEPTED);
    assertThat(
            denied(strict.decide(sealed.token(), Story.search(), null, SentApprovals.NONE))
                .reason())
        .isEqualTo("this service takes no sealed tokens");
    assertThat(lax.decide(bearer.token(), Story.search(), null, SentApprovals.NONE).allowed())
        .isTrue();
    assertThat(lax.decide(sealed.token(), Story.search(), null, SentApprovals.NONE).allowed())
        .isTrue();
    assertThat(
            codeOf(
                lax.decide(
                    bearer.narrowBearer(Hop.toBearer().grant("jira.get"), story.clock).token(),
                    Story.search(),
                    null,
                    SentApprovals.NONE)))
        .isEqualTo(DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_plainBearerTokenOfTheProfile_isTakenWhereBearersAre() {
    Token plain =
        Token.mint(
                story.root,
                Datalog.block(
                        """
                        delegator("user:alice@acme.com"); holder("agent:planner"); task("T-1");
                        check if tool("jira.search");
                        """)
                    .withContext("taper/1"))
            .attenuate(Datalog.block("check if operation(\"read\")"));
    assertThat(plain.signatureVersions()).containsExactly(0, 0);
    Verifier lax = story.verifier().acceptBearer().build();

    CallDecision allowed = lax.decide(Credentials.of(plain.encodeBase64(), null), Story.search());
    CallDecision refused =
        lax.decide(
            Credentials.of(plain.encodeBase64(), null),
            ToolCall.of("jira.search").operation("list"));

    assertThat(allowed.allowed()).isTrue();
    assertThat(allowed.chain().holder()).isNull();
    assertThat(refused.allowed()).isFalse();
    assertThat(Objects.requireNonNull(denied(refused).failingHop()).block()).isEqualTo(1);
  }

  @Test
  void decide_localPolicies_standOnTopOfTheChain() {
    PolicySet policies =
        PolicySet.of(
            Datalog.authorizer(
                "deny if depth($d), $d > 0; allow if invoker(\"agent:planner\"),"
                    + " presented(\"held\")"));
    Verifier verifier = story.verifier().policies(policies).build();

    assertThat(
            story.decide(verifier, story.atPlanner(), story.plannerKey, Story.search()).allowed())
        .isTrue();
    CallDecision refused =
        story.decide(verifier, story.atResearcher(), story.researcherKey, Story.search());
    assertThat(codeOf(refused)).isEqualTo(DenialCode.POLICY_DENIED);
    assertThat(refused.operatorExplanation()).contains("svc:jira: deny if depth($d), $d > 0");
  }

  @Test
  void decide_verifiedHolderOnly_needsTheDirectory() {
    AgentToken token = story.issuer.mint(story.delegation().verifiedHolderOnly());
    AgentDirectory directory =
        AgentDirectory.of(Map.of("agent:planner", List.of(story.planner.key())));

    assertThat(
            codeOf(story.decide(story.verifier().build(), token, story.plannerKey, Story.search())))
        .isEqualTo(DenialCode.HOLDER_NOT_VERIFIED);
    assertThat(
            story
                .decide(
                    story.verifier().directory(directory).build(),
                    token,
                    story.plannerKey,
                    Story.search())
                .allowed())
        .isTrue();
  }

  @Test
  void decide_untrustedRoot_throws() {
    AgentToken token = story.atPlanner();
    Verifier stranger =
        Verifier.trusting(RootKeys.of(story.plannerKey.publicKey()))
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .withoutRevocation()
            .build();
    Verifier nobody =
        Verifier.trusting(id -> List.of())
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .withoutRevocation()
            .build();

    assertCode(
        () -> stranger.decide(token.token(), Story.search(), null, SentApprovals.NONE),
        ErrorCode.INVALID_SIGNATURE);
    assertCode(
        () -> nobody.decide(token.token(), Story.search(), null, SentApprovals.NONE),
        ErrorCode.UNKNOWN_ROOT_KEY);
  }

  @Test
  void mint_missingParts_isRefused() {
    Delegation bare = Delegation.by("user:alice@acme.com");

    assertCode(() -> story.issuer.mint(bare), ErrorCode.INVALID_ARGUMENT);
    assertCode(
        () -> story.issuer.mint(bare.to(story.planner).task("T-1").grant("jira.search")),
        ErrorCode.INVALID_ARGUMENT);
    assertCode(
        () -> story.issuer.mint(bare.to(story.planner).task("T-1").expiresIn(Duration.ofHours(1))),
        ErrorCode.INVALID_ARGUMENT);
    assertThat(
            story
                .issuer
                .mint(bare.to(story.planner).task("T-1").grant("jira.search").withoutExpiry())
                .chain()
                .effectiveAuthority()
                .expiry())
        .isNull();
  }

  @Test
  void mint_endAtAnInstant_isAnEndAndAnotherConditionIsNone() {
    Delegation endless =
        Delegation.by("user:alice@acme.com").to(story.planner).task("T-1").grant("jira.search");

    assertThat(
            story
                .issuer
                .mint(endless.expiresAt(Story.NOON.plusSeconds(9)))
                .chain()
                .effectiveAuthority()
                .expiry())
        .isEqualTo(Story.NOON.plusSeconds(9));
    assertCode(() -> story.issuer.mint(endless.audience(Story.JIRA)), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void expiresIn_lessThanASecond_isRefused() {
    Delegation second = story.delegation().expiresIn(Duration.ofSeconds(1));

    assertThat(story.issuer.mint(second).chain().effectiveAuthority().expiry())
        .isEqualTo(Story.NOON.plusSeconds(1));
    assertCode(
        () -> story.delegation().expiresIn(Duration.ofMillis(999)), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void warnings_hopThatWidensContradictsOrOutlives_areGiven() {
    AgentToken token = story.atPlanner();

    assertThat(token.warnings(story.toResearcher(), story.clock)).isEmpty();
    assertThat(token.warnings(Hop.to(story.researcher).grant("crm.read"), story.clock))
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.CONTRADICTION);
    assertThat(token.warnings(Hop.to(story.researcher).grant("jira.* read,delete"), story.clock))
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.WIDER);
    assertThat(token.warnings(Hop.to(story.researcher).grant("*"), story.clock))
        .extracting(Delegation.Warning::text)
        .containsExactly("any tool, wider than jira.*; this has no effect");
    assertThat(token.warnings(Hop.to(story.researcher).expiresIn(Duration.ofHours(2)), story.clock))
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.OUTLIVES_PARENT);
  }

  /** Each name of one is compared with each of the other: all that fit would take seconds. */
  @Test
  void warnings_ofMoreNamesThanAreCompared_sayThatTheyAreNot() {
    AgentToken token =
        story.issuer.mint(
            Delegation.by("user:alice@acme.com")
                .to(story.planner)
                .task("T-1")
                .grant(tools(1_023))
                .withoutExpiry());

    assertThat(token.warnings(Hop.to(story.researcher).grant(tools(1_023)), story.clock)).isEmpty();
    assertThat(token.warnings(Hop.to(story.researcher).grant(tools(1_024)), story.clock))
        .extracting(Delegation.Warning::toString)
        .containsExactly("wider: it may name more than there is: both are too long to be compared");
  }

  private static String tools(int count) {
    return IntStream.range(0, count).mapToObj(i -> "t" + i).collect(Collectors.joining(", "));
  }

  @Test
  void warnings_patternThatOtherLibrariesReadDifferently_isNamed() {
    AgentToken token = story.atPlanner();
    Hop digits = Hop.to(story.researcher).grant("jira.search where q matches \\d+");
    Hop same = Hop.to(story.researcher).grant("jira.search where q matches [0-9]+");

    assertThat(token.warnings(digits, story.clock))
        .extracting(Delegation.Warning::toString)
        .anySatisfy(warning -> assertThat(warning).startsWith("regex_dialect: ").contains("\\d"));
    assertThat(token.warnings(same, story.clock))
        .extracting(Delegation.Warning::kind)
        .doesNotContain(Delegation.Warning.Kind.REGEX_DIALECT);
  }

  /** What is odd about the last block of a chain, which has these checks. */
  private List<Delegation.Warning> warnings(String checks) {
    ForgedChain chain =
        ForgedChain.of(story.atPlanner())
            .then(
                "holder(\"agent:researcher\");" + checks, story.plannerKey, story.researcher.key());
    return AgentToken.of(chain.held()).chain().warnings(story.clock.instant()).get(1);
  }

  /** A block names a text once and uses it many times: what is told of it could fill a memory. */
  @Test
  void warnings_ofManyUsesOfALongPattern_areFewAndShort() {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      pattern.append("\\\\p{X").append(i).append('}');
    }
    String check = "check if s($x), $x.matches(\"" + pattern + "\");";

    List<Delegation.Warning> warnings = warnings(check.repeat(50));

    assertThat(warnings).hasSize(32).doesNotHaveDuplicates();
    assertThat(warnings.get(0).text())
        .startsWith("in the pattern \\p{X0}\\p{X1}")
        .endsWith("…, \\p{X0} is not known to both by this name")
        .hasSizeLessThan(400);
    assertThat(warnings.get(31)).hasToString("regex_dialect: there is more of this kind");
  }

  @Test
  void warnings_ofALongName_areCut() {
    String pattern = "\\\\p{" + "x".repeat(30_000) + "}";

    assertThat(warnings("check if s($x), $x.matches(\"" + pattern + "\");"))
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).hasSize(2048).endsWith("…"));
  }

  @Test
  void notBefore_withAFraction_isNeverEarlierThanAskedFor() {
    Instant asked = Story.NOON.plusMillis(1);

    AgentToken token = story.issuer.mint(story.delegation().notBefore(asked));

    assertThat(token.chain().effectiveAuthority().notBefore()).isEqualTo(Story.NOON.plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT72000000H", "PT2562047788015215H30M7S"})
  void mint_endBeyondTheYear9999_isRefused(Duration lifetime) {
    assertThatThrownBy(() -> story.issuer.mint(story.delegation().expiresIn(lifetime)))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void chain_ofToken_tellsWhoGaveWhatToWhom() {
    DelegationChain chain = story.atScraper().chain();

    assertThat(chain.delegator()).isEqualTo("user:alice@acme.com");
    assertThat(chain.task()).isEqualTo(new Task("T-4711", "triage Q3 tickets"));
    assertThat(chain.holder()).isEqualTo(story.scraper);
    assertThat(chain.depth()).isEqualTo(2);
    assertThat(chain.hops())
        .extracting(DelegationHop::grantor)
        .containsExactly("user:alice@acme.com", "agent:planner", "agent:researcher");
    assertThat(chain.hops())
        .extracting(DelegationHop::mode)
        .containsExactly(
            DelegationHop.Mode.AUTHORITY,
            DelegationHop.Mode.DELEGATED,
            DelegationHop.Mode.DELEGATED);
    assertThat(chain.effectiveAuthority().expiry())
        .isEqualTo(Story.NOON.plus(Duration.ofMinutes(10)));
    assertThat(chain.verified()).isFalse();
    assertThat(story.atScraper())
        .hasToString("user:alice@acme.com → agent:planner → agent:researcher → agent:scraper");
  }

  /** Who reads the words of a block sees that they are not all of it. */
  @Test
  void chain_blockOfLongWords_tellsThatThereIsMore() {
    String[] services =
        IntStream.range(0, 256).mapToObj(i -> "svc:" + i + "x".repeat(100)).toArray(String[]::new);
    Hop hop = Hop.to(story.scraper).audience(services);
    DelegationChain chain =
        story.atResearcher().delegate(story.researcherKey, hop, story.clock).chain();

    String words = chain.hops().get(2).words();
    assertThat(words).startsWith("at svc:0xx").hasSizeLessThan(20_000);
    assertThat(words).doesNotContain("svc:99xx").endsWith("…");
  }

  /** A cache counts the bytes of the blocks that it keeps, not of what was ever read of them. */
  @Test
  void chain_whatIsReadOfABlock_isNotKeptWithIt() {
    DelegationChain chain = story.atResearcher().chain();
    DelegationHop hop = chain.hops().get(1);
    WeakReference<List<Caveat>> read = new WeakReference<>(hop.caveats());

    assertThat(UsedHeap.bytes()).isPositive();
    assertThat(read.get()).isNull();
    assertThat(hop.words()).startsWith("jira.search, ");
  }

  @Test
  void chain_everyBlock_tellsWhatWasLeftAndWhatIsOdd() {
    Hop wider = Hop.to(story.scraper).grant("jira.*").expiresIn(Duration.ofHours(2));
    DelegationChain chain =
        story.atResearcher().delegate(story.researcherKey, wider, story.clock).chain();

    assertThat(chain.effectiveAuthorityAfter(0).words()).startsWith("jira.*, ");
    assertThat(chain.effectiveAuthorityAfter(1).words()).startsWith("jira.search, ");
    assertThat(chain.effectiveAuthorityAfter(2).words())
        .isEqualTo(chain.effectiveAuthority().words());
    assertThat(chain.warnings(Story.NOON).get(0)).isEmpty();
    assertThat(chain.warnings(Story.NOON).get(1)).isEmpty();
    assertThat(chain.warnings(Story.NOON).get(2))
        .isEqualTo(story.atResearcher().warnings(wider, story.clock))
        .extracting(Delegation.Warning::kind)
        .contains(Delegation.Warning.Kind.WIDER, Delegation.Warning.Kind.OUTLIVES_PARENT);
  }
}
