package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grant;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OfferTest {
  private static final CatalogTool.Argument TEXT =
      CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));

  private static final CatalogTool.Argument OPTIONAL =
      CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.STRING));

  private static final ToolCatalog CATALOG =
      ToolCatalog.of(Story.JIRA)
          .tool(
              CatalogTool.of("jira.search")
                  .operation("read")
                  .resource("jira:project/{project}")
                  .argument("project", TEXT)
                  .argument(
                      "limit",
                      CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.INTEGER))))
          .tool(
              CatalogTool.of("jira.delete")
                  .operation("delete")
                  .resource("jira:project/{project}")
                  .argument("project", TEXT))
          .tool(CatalogTool.of("jira.settings").operation("read").resource("jira:settings"))
          .tool(CatalogTool.of("jira.status").operation("read"))
          .tool(CatalogTool.of("mail.send").operation("write").argument("to", TEXT))
          .build();

  private final Story story = new Story();
  private final Verifier verifier = story.verifier().catalog(CATALOG).build();

  private AgentToken granted(String... grants) {
    Delegation delegation = Bare.of(story.delegation());
    for (String grant : grants) {
      delegation = delegation.grant(grant);
    }
    return story.issuer.mint(delegation.expiresIn(Duration.ofMinutes(60)));
  }

  private String ask(AgentToken token) {
    return token.proveOffer(story.plannerKey, Story.JIRA, story.clock).encodeBase64();
  }

  private ToolOffer offer(AgentToken token) {
    return verifier.offer(Credentials.of(token.encodeBase64(), ask(token)));
  }

  @Test
  void offer_grants_leaveOutWhatNoCallFits() {
    assertThat(offer(granted("*")).tools()).isEqualTo(List.copyOf(CATALOG.tools().keySet()));
    assertThat(offer(granted("jira.*")).tools())
        .containsExactly("jira.delete", "jira.search", "jira.settings", "jira.status");
    assertThat(offer(granted("jira.* read")).tools())
        .containsExactly("jira.search", "jira.settings", "jira.status");
    assertThat(offer(granted("jira.* on jira:project/ACME/*")).tools())
        .containsExactly("jira.delete", "jira.search");
    assertThat(offer(granted("* on jira:settings")).tools()).containsExactly("jira.settings");
    assertThat(offer(granted("* on wiki:x")).tools()).isEmpty();
    assertThat(offer(granted("* where limit <= 5")).tools()).containsExactly("jira.search");
    assertThat(offer(granted("* where no arguments")).tools())
        .containsExactly("jira.settings", "jira.status");
    assertThat(offer(granted("jira.search", "mail.send")).tools())
        .containsExactly("jira.search", "mail.send");
    assertThat(offer(granted("jira.search")).catalogDigest()).isEqualTo(CATALOG.digest());
  }

  @Test
  void offer_laterBlocks_narrowIt() {
    AgentToken token =
        granted("jira.*", "mail.*")
            .delegate(story.plannerKey, Hop.to(story.researcher).grant("* read"), story.clock);
    String proof = token.proveOffer(story.researcherKey, Story.JIRA, story.clock).encodeBase64();

    assertThat(verifier.offer(Credentials.of(token.encodeBase64(), proof)).tools())
        .containsExactly("jira.search", "jira.settings", "jira.status");
  }

  @Test
  void offer_grantThatWaitsForAnApproval_isOffered() {
    AgentToken token =
        story.issuer.mint(
            Bare.of(story.delegation())
                .grant(Grant.tools("mail.send").ifApproved(story.scraperKey.publicKey()))
                .expiresIn(Duration.ofMinutes(60)));

    assertThat(offer(token).tools()).containsExactly("mail.send");
  }

  @Test
  void offer_conditionThatHoldsForNoCall_saysWhich() {
    AgentToken token = granted("*");
    story.clock.forward(Duration.ofMinutes(61));

    ToolOffer expired = offer(token);

    assertThat(expired.code()).isEqualTo(DenialCode.EXPIRED);
    assertThat(expired.tools()).isEmpty();
  }

  @Test
  void offer_blockForAnotherTask_saysSo() {
    assertThat(offerBehind(Condition.task("T-4711")).tools()).isNotEmpty();
    assertThat(offerBehind(Condition.task("T-0")).code()).isEqualTo(DenialCode.WRONG_TASK);
  }

  private ToolOffer offerBehind(Condition condition) {
    AgentToken token =
        granted("*")
            .delegate(story.plannerKey, Hop.to(story.researcher).condition(condition), story.clock);
    String proof = token.proveOffer(story.researcherKey, Story.JIRA, story.clock).encodeBase64();
    return verifier.offer(Credentials.of(token.encodeBase64(), proof));
  }

  @Test
  void offer_policiesOfTheService_areNotToldNorAsked() {
    AgentToken token = granted("jira.search");
    Verifier strict =
        story
            .verifier()
            .catalog(CATALOG)
            .policies(PolicySet.of(Datalog.authorizer("deny if true;")))
            .build();

    assertThat(strict.offer(Credentials.of(token.encodeBase64(), ask(token))).toJson())
        .isEqualTo(offer(token).toJson());
  }

  @Test
  void offer_proofOfACall_isRefused_andTheReverse() {
    AgentToken token = granted("jira.search");
    ToolCall call = CATALOG.call("jira.search", "{\"project\":\"ACME\"}");
    Proof ofCall = token.prove(story.plannerKey, call, Story.JIRA, story.clock);

    assertThat(
            verifier
                .offer(Credentials.of(token.token().encodeBase64(), ofCall.encodeBase64()))
                .code())
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(verifier.offer(Credentials.of(token.token().encodeBase64(), null)).code())
        .isEqualTo(DenialCode.PROOF_REQUIRED);
    CallDecision decided = verifier.decide(Credentials.of(token.encodeBase64(), ask(token)), call);
    assertThat(codeOf(decided)).isEqualTo(DenialCode.REQUEST_MISMATCH);
  }

  @Test
  void offer_anotherAudienceTokenOrKey_isRefused() {
    AgentToken token = granted("jira.search");
    AgentToken other = granted("jira.*");

    assertThat(
            verifier
                .offer(
                    Credentials.of(
                        token.token().encodeBase64(),
                        token.proveOffer(story.plannerKey, "svc:wiki", story.clock).encodeBase64()))
                .code())
        .isEqualTo(DenialCode.REQUEST_MISMATCH);
    assertThat(verifier.offer(Credentials.of(other.encodeBase64(), ask(token))).code())
        .isEqualTo(DenialCode.PROOF_MISMATCH);
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> token.proveOffer(story.researcherKey, Story.JIRA, story.clock));
  }

  @Test
  void offer_sameProofAgain_isAnsweredUntilItsWindowEnds() {
    AgentToken token = granted("jira.search");
    String proof = ask(token);

    assertThat(verifier.offer(Credentials.of(token.encodeBase64(), proof)).code()).isNull();
    assertThat(verifier.offer(Credentials.of(token.encodeBase64(), proof)).code()).isNull();
    assertThat(verifier.health().replays().size()).isZero();
    story.clock.forward(Duration.ofSeconds(61));
    assertThat(verifier.offer(Credentials.of(token.encodeBase64(), proof)).code())
        .isEqualTo(DenialCode.PROOF_EXPIRED);
  }

  @Test
  void offer_withoutACatalog_isAnError() {
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            story
                .verifier()
                .build()
                .offer(Credentials.of(story.atResearcher().token().encodeBase64(), null)));
  }

  @Test
  void toJson_offer_namesItsCatalogAndTools() {
    ToolOffer offer = offer(granted("jira.search", "mail.send"));

    assertThat(offer.isCutShort()).isFalse();
    assertThat(offer.reason()).isNull();
    assertThat(offer.toJson())
        .isEqualTo(
            "{\"format\":\"taper/1 offer\",\"catalog\":\""
                + CATALOG.digest()
                + "\",\"tools\":[\"jira.search\",\"mail.send\"]}");
    assertThat(offer).hasToString("2 tools");
  }

  @Test
  void toJson_offerOfNothing_saysWhy() {
    ToolOffer offer = verifier.offer(Credentials.of(granted("*").encodeBase64(), null));

    assertThat(offer.reason()).contains("needs its holder's proof");
    assertThat(offer.isCutShort()).isFalse();
    assertThat(offer.toJson())
        .isEqualTo(
            "{\"format\":\"taper/1 offer\",\"code\":\"proof_required\",\"reason\":\""
                + offer.reason()
                + "\",\"tools\":[]}");
    assertThat(offer).hasToString("proof_required");
  }

  @Test
  void offer_tooMuchToCompare_leavesInWhatIsLeft() {
    List<String> grants = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      grants.add("none.t" + i);
    }
    AgentToken token = granted(grants.toArray(new String[0]));
    Verifier tight =
        story.verifier().catalog(CATALOG).limits(RunLimits.defaults().withMaxSteps(250)).build();

    ToolOffer cut = tight.offer(Credentials.of(token.encodeBase64(), ask(token)));

    assertThat(offer(token).tools()).isEmpty();
    assertThat(cut.isCutShort()).isTrue();
    assertThat(cut.tools()).isNotEmpty();
    assertThat(cut.toJson()).contains("\"cut_short\":true");
  }

  private static final ToolCatalog FILES =
      ToolCatalog.of(Story.JIRA)
          .tool(
              CatalogTool.of("files.read")
                  .operation("read")
                  .resource("{+uri}")
                  .argument("uri", TEXT)
                  .argument("range", OPTIONAL)
                  .argument("trace", CatalogTool.Argument.ofDropped()))
          .tool(
              CatalogTool.of("prompts.get")
                  .argument("name", OPTIONAL)
                  .argument(
                      "link",
                      CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Reading.URL))))
          .build();

  private ToolOffer ofFiles(String... grants) {
    AgentToken token = granted(grants);
    return story
        .verifier()
        .catalog(FILES)
        .build()
        .offer(Credentials.of(token.encodeBase64(), ask(token)));
  }

  private boolean reads(String grant, String uri) {
    return ofFiles(grant).offers("files.read", "uri", uri);
  }

  private boolean readsFrom(String grant, String start) {
    return ofFiles(grant).offersStart("files.read", "uri", start);
  }

  private boolean prompts(String grant, String name) {
    return ofFiles(grant).offers("prompts.get", "name", name);
  }

  @Test
  void offers_knownResource_isHeldAgainstGrants() {
    assertThat(reads("*", "file:///pub/a")).isTrue();
    assertThat(reads("* on file:///pub/*", "file:///pub/a")).isTrue();
    assertThat(reads("* on file:///pub/*", "file:///etc/a")).isFalse();
    assertThat(reads("* on file:///pub/a", "file:///pub/a")).isTrue();
    assertThat(reads("* on file:///pub/a", "file:///pub/ab")).isFalse();
    assertThat(reads("prompts.get", "file:///pub/a")).isFalse();
    assertThat(reads("* on file:///etc/* or * on file:///pub/*", "file:///pub/a")).isTrue();
  }

  @Test
  void offers_knownArgument_isHeldAgainstConstraints() {
    assertThat(prompts("* where name = greet", "greet")).isTrue();
    assertThat(prompts("* where name = greet", "other")).isFalse();
    assertThat(prompts("* where name matches g.*", "greet")).isTrue();
    assertThat(prompts("* where name matches g.*", "other")).isFalse();
    assertThat(prompts("* where name != greet", "greet")).isFalse();
    assertThat(prompts("* where name <= 5", "greet")).isFalse();
    assertThat(prompts("* where only link", "greet")).isFalse();
    assertThat(prompts("* where only name", "greet")).isTrue();
    assertThat(prompts("* where link = x", "greet")).isTrue();
    assertThat(reads("* where uri under /pub", "/pub/a")).isTrue();
    assertThat(reads("* where uri under /pub", "/etc/a")).isFalse();
  }

  @Test
  void offers_readingOfTheCatalog_counts() {
    ToolOffer offer = ofFiles("* where link host in a.example");

    assertThat(offer.offers("prompts.get", "link", "a.example/x")).isTrue();
    assertThat(offer.offers("prompts.get", "link", "b.example/x")).isFalse();
  }

  @Test
  void offers_whatTheCatalogRefuses_isFalse() {
    assertThat(reads("*", "file:///pub/../etc")).isFalse();
    assertThat(ofFiles("*").offers("files.read", "uri", "\ud800")).isFalse();
    assertThat(ofFiles("*").offers("files.read", "unknown", "a")).isFalse();
    assertThat(ofFiles("*").offers("unknown", "uri", "a")).isFalse();
    assertThat(ofFiles("*").offersStart("files.read", "unknown", "a")).isFalse();
  }

  /** What is not known of a resource is not refused; what is known of it is. */
  @Test
  void offers_resourceOfSeveralArguments_isRefusedOnlyIfAllOfItIsKnown() {
    ToolCatalog boards =
        ToolCatalog.of(Story.JIRA)
            .tool(
                CatalogTool.of("board.show")
                    .resource("{project}/{board}")
                    .argument("project", TEXT)
                    .argument("board", TEXT))
            .tool(CatalogTool.of("project.show").resource("{project}").argument("project", TEXT))
            .build();
    AgentToken token = granted("*");
    ToolOffer offer =
        story
            .verifier()
            .catalog(boards)
            .build()
            .offer(Credentials.of(token.encodeBase64(), ask(token)));

    assertThat(offer.offers("board.show", "board", "b")).isTrue();
    assertThat(offer.offers("project.show", "project", "p")).isTrue();
    assertThat(offer.offers("project.show", "project", "")).isFalse();
  }

  @Test
  void offers_droppedArgument_makesNoDifference() {
    assertThat(ofFiles("*").offers("files.read", "trace", "a")).isTrue();
    assertThat(ofFiles("* where only uri").offers("files.read", "trace", "a")).isTrue();
    assertThat(ofFiles("prompts.*").offers("files.read", "trace", "a")).isFalse();
  }

  @Test
  void offers_withoutProof_isFalse() {
    ToolOffer refused =
        story
            .verifier()
            .catalog(FILES)
            .build()
            .offer(Credentials.of(granted("*").encodeBase64(), null));

    assertThat(refused.offers("files.read", "uri", "file:///pub/a")).isFalse();
  }

  @Test
  void offersStart_isHeldAgainstResourcesAndStarts() {
    assertThat(readsFrom("* on file:///pub/*", "file:///pub/q3/")).isTrue();
    assertThat(readsFrom("* on file:///pub/*", "file:///")).isTrue();
    assertThat(readsFrom("* on file:///pub/*", "file:///etc/")).isFalse();
    assertThat(readsFrom("* on file:///pub/a", "file:///pub/")).isTrue();
    assertThat(readsFrom("* on file:///pub/a", "file:///pub/b")).isFalse();
    assertThat(readsFrom("* where uri = /pub/a", "/pub/")).isTrue();
    assertThat(readsFrom("* where uri = /pub/a", "/etc/")).isFalse();
    assertThat(readsFrom("* where uri in 5, /pub/a", "/pub/")).isTrue();
    assertThat(readsFrom("* where uri = 5", "")).isFalse();
    assertThat(readsFrom("* where uri starts with /pub/", "/p")).isTrue();
    assertThat(readsFrom("* where uri starts with /pub/", "/pub/q3")).isTrue();
    assertThat(readsFrom("* where uri starts with /pub/", "/etc")).isFalse();
    assertThat(readsFrom("* where uri matches a", "/b")).as("not compared").isTrue();
    assertThat(readsFrom("* on file:///pub/*", "")).isTrue();
    assertThat(readsFrom("* where only range", "")).isFalse();
  }

  @Test
  void offers_tooMuchToCompare_leavesOut() {
    AgentToken token = granted("* where uri = a");
    Verifier tight =
        story.verifier().catalog(FILES).limits(RunLimits.defaults().withMaxSteps(10)).build();
    ToolOffer offer = tight.offer(Credentials.of(token.encodeBase64(), ask(token)));

    assertThat(offer.offers("files.read", "uri", "a")).isTrue();
    for (int i = 0; i < 10; i++) {
      var unused = offer.offers("files.read", "uri", "a");
    }
    assertThat(offer.offers("files.read", "uri", "a")).isFalse();
    assertThat(offer.offers("files.read", "uri", "b")).isFalse();
    assertThat(offer.offersStart("files.read", "uri", "a")).isFalse();
  }

  /** A holder adds what takes long, to be shown what the blocks before it exclude. */
  @Test
  void offers_patternsOfTooMuchWork_showNothingThatIsExcluded() {
    List<String> grants = new ArrayList<>();
    grants.add("* where uri matches \"pub/.*\"");
    for (int i = 0; i < 20; i++) {
      grants.add("* where uri matches \"[a-z/]{1,250}x" + i + "\"");
    }
    ToolOffer offer = ofFiles(grants.toArray(new String[0]));

    assertThat(offer.offers("files.read", "uri", "pub/a")).isTrue();
    for (int i = 0; i < 50; i++) {
      var unused = offer.offers("files.read", "uri", "a".repeat(200) + i);
      assertThat(offer.offers("files.read", "uri", "etc/" + i)).isFalse();
    }
  }

  /** What is allowed was offered, for random grants and values. */
  @Test
  void offers_randomGrants_neverLeavesOutWhatIsAllowed() {
    Random random = new Random(17);
    String[] resources = {"", " on file:///pub/*", " on file:///pub/a, file:///x/*"};
    String[] constraints = {
      "",
      " where uri = file:///pub/a",
      " where uri starts with file:///p",
      " where uri matches \"file:.*/a\"",
      " where only uri",
      " where uri scheme in file",
      " where uri length <= 12 and range = b"
    };
    String[] uris = {"file:///pub/a", "file:///pub/b", "file:///etc/a", "file:///x/a", "/pub/a"};
    int allowed = 0;
    int excluded = 0;
    for (int i = 0; i < 200; i++) {
      String grant = "*" + pick(resources, random) + pick(constraints, random);
      AgentToken token = granted(grant);
      Verifier files = story.verifier().catalog(FILES).build();
      ToolOffer offer = files.offer(Credentials.of(token.encodeBase64(), ask(token)));
      String uri = pick(uris, random);
      String range = random.nextBoolean() ? ",\"range\":\"b\"" : "";
      boolean wouldBe =
          files
              .preview(
                  UnverifiedToken.decode(token.encodeBase64()),
                  FILES.call("files.read", "{\"uri\":\"" + uri + "\"" + range + "}"),
                  SentApprovals.NONE)
              .wouldBeAllowed();
      boolean offered = offer.offers("files.read", "uri", uri);
      if (wouldBe) {
        assertThat(offered).as("%s for %s", grant, uri).isTrue();
        String start = uri.substring(0, random.nextInt(uri.length() + 1));
        assertThat(offer.offersStart("files.read", "uri", start)).as(grant + start).isTrue();
        allowed++;
      } else if (!offered) {
        excluded++;
      }
    }
    assertThat(allowed).isGreaterThan(30);
    assertThat(excluded).isGreaterThan(30);
  }

  /** What is allowed was offered, for random grants and calls. */
  @Test
  void offer_randomChains_neverLeavesOutWhatIsAllowed() {
    Random random = new Random(13);
    String[] tools = {"*", "jira.*", "jira.search", "jira.delete, jira.search", "mail.send"};
    String[] operations = {"", " read", " write, delete"};
    String[] resources = {"", " on jira:project/*", " on jira:project/ACME", " on jira:*"};
    String[] constraints = {"", " where limit <= 5", " where only project, limit"};
    int allowed = 0;
    for (int i = 0; i < 300; i++) {
      List<String> grants = new ArrayList<>();
      for (int j = 0; j <= random.nextInt(2); j++) {
        grants.add(
            pick(tools, random)
                + pick(operations, random)
                + pick(resources, random)
                + pick(constraints, random));
      }
      AgentToken token = granted(grants.toArray(new String[0]));
      List<String> offered = offer(token).tools();
      for (ToolCall call : calls()) {
        if (verifier
            .preview(UnverifiedToken.decode(token.encodeBase64()), call, SentApprovals.NONE)
            .wouldBeAllowed()) {
          assertThat(offered).as("%s for %s", grants, call).contains(call.tool());
          allowed++;
        }
      }
    }
    assertThat(allowed).isGreaterThan(100);
  }

  private static List<ToolCall> calls() {
    return List.of(
        CATALOG.call("jira.search", "{\"project\":\"ACME\",\"limit\":5}"),
        CATALOG.call("jira.search", "{\"project\":\"X\"}"),
        CATALOG.call("jira.delete", "{\"project\":\"ACME\"}"),
        CATALOG.call("jira.settings", "{}"),
        CATALOG.call("jira.status", "{}"),
        CATALOG.call("mail.send", "{\"to\":\"a\"}"));
  }

  private static String pick(String[] some, Random random) {
    return some[random.nextInt(some.length)];
  }
}
