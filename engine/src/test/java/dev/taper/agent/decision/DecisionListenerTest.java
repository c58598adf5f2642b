package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.audit.AuditEvent;
import dev.taper.crypto.Digests;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionListenerTest {
  private final Story story = new Story();
  private final List<DecisionEvent> events = new ArrayList<>();

  private CallDecision decide(Verifier verifier, ToolCall call) {
    return story.decide(verifier, story.atResearcher(), story.researcherKey, call);
  }

  @Test
  void decide_allowed_tellsWhatTheDecisionRestsOn() {
    Verifier verifier = story.verifier().listener(events::add).build();
    AgentToken token = story.atResearcher();

    CallDecision decision = story.decide(verifier, token, story.researcherKey, Story.search());

    assertThat(events).hasSize(1);
    DecisionEvent event = events.get(0);
    assertThat(event.decision()).isSameAs(decision);
    assertThat(event.time()).isEqualTo(Story.NOON);
    assertThat(event.rootKey()).isEqualTo(story.root.publicKey());
    assertThat(event.proofKey()).isEqualTo(story.researcherKey.publicKey());
    assertThat(event.revocationKeys()).containsExactlyElementsOf(token.token().revocationIds());
    assertThat(event.tokenBytes()).isEqualTo(token.encode().length);
    assertThat(event.blockDigests())
        .containsExactly(
            Digests.sha256(token.token().revocationIds().get(0)),
            Digests.sha256(token.token().revocationIds().get(1)));
    assertThat(event.policyDigest()).hasSize(32);
    assertThat(event.revocationSequence()).isNull();
    assertThat(event.approvals()).isEmpty();
    assertThat(event.isObserved()).isFalse();
  }

  @Test
  void decide_deniedBeforeTheProof_tellsWithoutAProofKey() {
    Verifier verifier = story.verifier().listener(events::add).build();

    CallDecision unused =
        verifier.decide(story.atResearcher().token(), Story.search(), null, SentApprovals.NONE);

    assertThat(events).singleElement().satisfies(e -> assertThat(e.proofKey()).isNull());
    assertThat(codeOf(events.get(0).decision())).isEqualTo(DenialCode.PROOF_REQUIRED);
  }

  /** The watch goes on by a millisecond whenever somebody looks at it. */
  @Test
  void took_ofADecision_isFromWhatCameUntilThen() {
    long start = Duration.ofHours(1).toNanos();
    AtomicLong nanos = new AtomicLong(start);
    VerifierBuilder builder = story.verifier().ticker(() -> nanos.addAndGet(1_000_000));
    Verifier verifier = builder.listener(events::add).build();

    decide(verifier, Story.search());
    var unused = verifier.preview(story.atResearcher().token(), Story.search(), SentApprovals.NONE);

    assertThat(events).hasSize(1);
    assertThat(events.get(0).took())
        .isBetween(Duration.ofMillis(1), Duration.ofNanos(nanos.get() - start));
  }

  @Test
  void proofNonce_isOfTheProofThatCameGoodOrNot() {
    Verifier verifier = story.verifier().listener(events::add).build();
    AgentToken token = story.atResearcher();
    Proof good = token.prove(story.researcherKey, Story.search(), Story.JIRA, story.clock);
    Proof bad = story.atPlanner().prove(story.plannerKey, Story.search(), Story.JIRA, story.clock);

    for (Proof proof : Arrays.asList(good, bad, null)) {
      CallDecision unused =
          verifier.decide(token.token(), Story.search(), proof, SentApprovals.NONE);
    }

    assertThat(events.get(0).proofNonce()).isEqualTo(good.nonce());
    assertThat(events.get(1).proofNonce()).isEqualTo(bad.nonce());
    assertThat(events.get(2).proofNonce()).isNull();
    assertThat(events).extracting(DecisionEvent::isProven).containsExactly(true, false, false);
  }

  @Test
  void blockDigests_ofAVerifiedChain_areThoseOfTheEvent() {
    Verifier verifier = story.verifier().listener(events::add).build();

    decide(verifier, Story.search());

    DecisionEvent event = events.get(0);
    assertThat(event.chain().blockDigests()).containsExactlyElementsOf(event.blockDigests());
    assertThat(story.atResearcher().chain().blockDigests()).isEmpty();
  }

  @Test
  void decide_byACatalog_isRecordedWithItsDigest() {
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.status").operation("read")).build();
    Verifier verifier = story.verifier().catalog(catalog).listener(events::add).build();

    decide(verifier, catalog.call("jira.status", "{}"));
    decide(story.verifier().listener(events::add).build(), Story.search());

    assertThat(events)
        .extracting(event -> Objects.requireNonNull(AuditEvent.decided(event).basis()).catalog())
        .containsExactly(catalog.digest(), null);
  }

  @Test
  void decide_samePolicies_giveTheSameDigest() {
    decide(story.verifier().listener(events::add).build(), Story.search());
    decide(story.verifier().listener(events::add).build(), Story.search());

    assertThat(events.get(0).policyDigest()).isEqualTo(events.get(1).policyDigest());
  }

  /** Holds back whoever has a chain with a name in it. */
  private record HoldingBack(String name, boolean throwing) implements DecisionListener {
    @Override
    public void decided(DecisionEvent event) {}

    @Override
    public @Nullable String holdsBack(DelegationChain chain) {
      if (throwing) {
        throw new IllegalStateException("lost");
      }
      boolean isMeant = chain.hops().stream().anyMatch(hop -> name.equals(hop.holder()));
      return isMeant ? "somebody looks at what " + name + " did" : null;
    }
  }

  @Test
  void holdsBack_deniesProvenCallsAndTheRestOfTheChain() {
    Verifier verifier =
        story
            .verifier()
            .listener(new HoldingBack("agent:researcher", false))
            .listener(events::add)
            .build();

    CallDecision held = decide(verifier, Story.search());
    CallDecision above =
        story.decide(verifier, story.atPlanner(), story.plannerKey, Story.search());
    CallDecision unproven =
        verifier.decide(story.atResearcher().token(), Story.search(), null, SentApprovals.NONE);

    assertThat(codeOf(held)).isEqualTo(DenialCode.HELD_BACK);
    assertThat(held.explanation()).contains("somebody looks at what agent:researcher did");
    assertThat(events.get(0).isProven()).isTrue();
    assertThat(above.allowed()).isTrue();
    assertThat(codeOf(unproven)).isEqualTo(DenialCode.PROOF_REQUIRED);
  }

  @Test
  void holdsBack_throwing_deniesTheCall() {
    Verifier verifier = story.verifier().listener(new HoldingBack("", true)).build();

    CallDecision decision = decide(verifier, Story.search());
    assertThat(codeOf(decision)).isEqualTo(DenialCode.HELD_BACK);
    assertThat(decision.explanation()).contains("cannot find out just now whether");
  }

  /** Listens to decisions and to what was asked. */
  private final class Listening implements DecisionListener {
    private final List<DecisionEvent> asked = new ArrayList<>();
    private boolean fails;

    @Override
    public void decided(DecisionEvent event) {
      events.add(event);
    }

    @Override
    public void asked(DecisionEvent event) {
      asked.add(event);
      if (fails) {
        throw new IllegalStateException("full");
      }
    }
  }

  @Test
  void asked_byAHolder_tellsWhatWouldBeDecidedAndByWhomItWasAsked() {
    Listening listener = new Listening();
    Verifier verifier = story.verifier().listener(listener).build();
    UnverifiedToken token = story.atResearcher().token();

    assertThat(verifier.asked(token, Story.search(), SentApprovals.NONE, false).wouldBeAllowed())
        .isTrue();
    ToolCall delete = ToolCall.of("jira.delete").operation("delete");
    assertThat(verifier.asked(token, delete, SentApprovals.NONE, false).wouldBeAllowed()).isFalse();
    assertThat(verifier.asked(token, delete, SentApprovals.NONE, true).wouldBeAllowed()).isFalse();
    assertThat(verifier.preview(token, delete, SentApprovals.NONE).wouldBeAllowed()).isFalse();

    assertThat(events).as("nobody made a call").isEmpty();
    assertThat(listener.asked)
        .extracting(event -> codeOf(event.decision()))
        .as("a preview is nobody's question")
        .containsExactly(null, DenialCode.OUT_OF_SCOPE, DenialCode.OUT_OF_SCOPE);
    assertThat(listener.asked)
        .extracting(DecisionEvent::isAskedAfterNo)
        .containsExactly(false, false, true);
    assertThat(listener.asked)
        .allSatisfy(
            event -> assertThat(event.proofKey()).isEqualTo(story.researcherKey.publicKey()));
  }

  @Test
  void asked_listenerFails_isAnsweredAndCounted() {
    Listening listener = new Listening();
    listener.fails = true;
    Verifier verifier =
        story.verifier().listener(listener).listener(events::add).listener(event -> {}).build();
    UnverifiedToken token = story.atResearcher().token();

    assertThat(verifier.asked(token, Story.search(), SentApprovals.NONE, false).wouldBeAllowed())
        .isTrue();
    assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
    assertThat(verifier.health().stores())
        .extracting(store -> store.name().split(",", 2)[0])
        .contains("listener 1", "listener 2", "listener 3");
    assertThat(verifier.health().stores())
        .extracting(VerifierHealth.Store::name)
        .contains("listener 1, " + Listening.class.getName());
    assertThat(events).as("a listener need not take note").isEmpty();
  }

  @Test
  void decide_listenerFails_deniesAndTellsTheEarlierOnes() {
    Verifier verifier =
        story
            .verifier()
            .listener(events::add)
            .listener(
                event -> {
                  throw new IllegalStateException("full");
                })
            .build();

    CallDecision decision = decide(verifier, Story.search());

    assertThat(codeOf(decision)).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
    assertThat(events)
        .extracting(e -> codeOf(e.decision()))
        .containsExactly(null, DenialCode.AUDIT_UNAVAILABLE);
  }

  @Test
  void decide_denialInsteadIsNotRecordedEither_countsBoth() {
    Verifier verifier =
        story
            .verifier()
            .listener(
                event -> {
                  if (!event.decision().allowed()) {
                    throw new IllegalStateException("full by now");
                  }
                })
            .listener(
                event -> {
                  throw new IllegalStateException("full");
                })
            .build();

    assertThat(codeOf(decide(verifier, Story.search()))).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    assertThat(verifier.unrecordedDecisions()).isEqualTo(2);
  }

  /** A listener that throws may have written its record before, or may write it later. */
  @Test
  void decide_listenerFailsLate_hearsOfTheRefusalToo() {
    Verifier verifier =
        story
            .verifier()
            .listener(
                event -> {
                  events.add(event);
                  if (event.decision().allowed()) {
                    throw new IllegalStateException("too late");
                  }
                })
            .build();

    CallDecision decision = decide(verifier, Story.search());

    assertThat(codeOf(decision)).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
    assertThat(events)
        .extracting(e -> codeOf(e.decision()))
        .containsExactly(null, DenialCode.AUDIT_UNAVAILABLE);
  }

  @Test
  void decide_listenerFailsOnADenial_keepsItsCode() {
    Verifier verifier =
        story
            .verifier()
            .listener(
                event -> {
                  throw new IllegalStateException("full");
                })
            .build();

    CallDecision decision = decide(verifier, ToolCall.of("jira.delete"));

    assertThat(codeOf(decision)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
  }

  @Test
  void decide_listenerFailsWhereAllowed_countsAndGoesOn() {
    Verifier verifier =
        story
            .verifier()
            .listener(
                event -> {
                  throw new IllegalStateException("full");
                },
                DecisionListener.AuditFailure.ALLOW_AND_COUNT)
            .listener(events::add)
            .build();

    CallDecision decision = decide(verifier, Story.search());

    assertThat(decision.allowed()).isTrue();
    assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
    assertThat(events).hasSize(1);
  }

  /** Takes note of nothing, under a name of its own. */
  private record Named(String name) implements DecisionListener {
    @Override
    public void decided(DecisionEvent event) {}
  }

  private List<String> names(DecisionListener... listeners) {
    VerifierBuilder builder = story.verifier();
    for (DecisionListener listener : listeners) {
      builder = builder.listener(listener);
    }
    return builder.build().health().stores().stream().map(VerifierHealth.Store::name).toList();
  }

  @Test
  void names_ofListeners_areTheirOwnUnlessAnotherOneHasThem() {
    assertThat(names(new Named("a"), new Named("b"))).contains("a", "b");
    assertThat(names(new Named("a"), new Named("a"), new Named("b")))
        .contains("listener 1, a", "listener 2, a", "b")
        .doesNotContain("a");
  }

  @Test
  void health_listenerFails_deniesOnlyIfThatIsMeant() {
    for (DecisionListener.AuditFailure onFailure : DecisionListener.AuditFailure.values()) {
      Verifier verifier =
          story
              .verifier()
              .listener(
                  event -> {
                    throw new IllegalStateException("full");
                  },
                  onFailure)
              .build();
      assertThat(verifier.health().warnings()).isEmpty();
      boolean denies = onFailure == DecisionListener.AuditFailure.DENY;
      assertThat(verifier.health().stores())
          .filteredOn(store -> store.name().startsWith("listener 1"))
          .singleElement()
          .satisfies(
              store ->
                  assertThat(store.code()).isEqualTo(denies ? ErrorCode.AUDIT_UNAVAILABLE : null));
      assertThat(decide(verifier, Story.search()).allowed()).isEqualTo(!denies);
    }
  }

  @Test
  void standing_ofAHolderWhoIsHeldBack_isOfNothing() {
    ToolCatalog catalog = ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.search")).build();
    Verifier verifier =
        story
            .verifier()
            .catalog(catalog)
            .listener(new HoldingBack("agent:researcher", false))
            .build();

    ToolOffer held = verifier.standing(story.atResearcher().encodeBase64());
    ToolOffer free = verifier.standing(story.atPlanner().encodeBase64());

    assertThat(held.code()).isEqualTo(DenialCode.HELD_BACK);
    assertThat(held.chain()).isNull();
    assertThat(free.code()).isNull();
    assertThat(Objects.requireNonNull(free.chain()).holder()).isEqualTo(story.planner);
  }

  @Test
  void tick_isTheWatchForDeadlines() {
    long before = System.nanoTime();
    long tick = story.verifier().build().tick();
    assertThat(tick).isBetween(before, System.nanoTime());
  }
}
