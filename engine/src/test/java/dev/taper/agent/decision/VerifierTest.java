package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.RootKeys;
import dev.taper.token.Token;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a verifier says of itself, and what it does before any token comes. */
class VerifierTest {
  private final Story story = new Story();

  @Test
  void audienceAndKinds_areAsItWasBuilt() {
    assertThat(story.verifier().build().audience()).isEqualTo(Story.JIRA);
    assertThat(story.verifier().audience("svc:wiki").build().audience()).isEqualTo("svc:wiki");
    assertThat(story.verifier().build().kinds()).containsExactly(Token.Kind.HELD);
    assertThat(story.verifier().acceptBearer().build().kinds())
        .containsExactlyInAnyOrder(Token.Kind.HELD, Token.Kind.BEARER);
    assertThat(story.verifier().acceptSealed().build().kinds())
        .containsExactlyInAnyOrder(Token.Kind.HELD, Token.Kind.SEALED);
  }

  /** Or the first calls after a start, or after new root keys, are slower than all others. */
  @Test
  void rootKeys_ofAVerifier_arePreparedBeforeAnyTokenComes() {
    AtomicInteger asked = new AtomicInteger();
    RootKeys counting =
        id -> {
          asked.incrementAndGet();
          return List.of(story.root.publicKey());
        };

    Verifier first = story.verifier(counting).build();
    assertThat(asked).hasValue(1);
    Verifier same = first.with(first.rules().withRootKeys(counting));
    assertThat(asked).hasValue(1);
    Verifier next = same.with(same.rules().withRootKeys(id -> counting.candidates(id)));
    assertThat(asked).hasValue(2);

    assertThat(next.kinds()).isEqualTo(first.kinds());
  }

  /** What a verifier asks may fail while a refusal is explained: the refusal stands. */
  @Test
  void unexplainedDecisions_explainingFails_countsEach() {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger most = new AtomicInteger(Integer.MAX_VALUE);
    Verifier verifier =
        story
            .verifier()
            .directory(
                (name, key) -> {
                  if (asked.incrementAndGet() > most.get()) {
                    throw new IllegalStateException("no answer");
                  }
                  return true;
                })
            .build();
    AgentToken token = story.atResearcher();
    int toDecide = token.chain().hops().size();
    assertThat(refused(verifier, token)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(verifier.unexplainedDecisions()).isZero();

    for (int i = 1; i <= 2; i++) {
      asked.set(0);
      most.set(2 * toDecide);
      assertThat(refused(verifier, token)).isEqualTo(DenialCode.OUT_OF_SCOPE);
      assertThat(verifier.unexplainedDecisions()).isEqualTo(i);
    }
  }

  private DenialCode refused(Verifier verifier, AgentToken token) {
    return Objects.requireNonNull(
        codeOf(
            story.decide(
                verifier,
                token,
                story.researcherKey,
                Story.search().on("jira:project/ACME/Q4/1"))));
  }
}
