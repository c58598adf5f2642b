package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revoking what a block granted, and renewing the list, from Java alone. */
class RevokedBlockTest {
  @TempDir Path folder;

  private final Story story = new Story();
  private final RootKeys roots = RootKeys.of(story.root.publicKey());
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationIssuer issuer = RevocationIssuer.of(revoker);

  private DelegationChain verified(AgentToken token) {
    return DelegationChain.of(token.token().verifyAny(roots));
  }

  private RevocationList read(Path file) throws IOException {
    RevocationList list =
        RevocationList.trusting(revoker.publicKey())
            .clock(story.clock)
            .forgottenAtRestart()
            .build();
    RevocationSource.Content content =
        Objects.requireNonNull(RevocationSource.file(file).fetch(null, 0));
    try (var lists = content.lists()) {
      list.apply(lists);
    }
    return list;
  }

  private CallDecision decide(RevocationList list, AgentToken token, PrivateKey key) {
    Verifier verifier =
        Verifier.trusting(roots)
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .clock(story.clock)
            .revocations(list)
            .build();
    return story.decide(verifier, token, key, Story.search());
  }

  @Test
  void revocation_block_endsWhenItsAuthorityDoes() {
    DelegationChain chain = verified(story.atResearcher());

    RevocationEntry first = chain.revocation(0);
    RevocationEntry second = chain.revocation(1);

    assertThat(first.kind()).isEqualTo(RevocationEntry.Kind.BLOCK);
    assertThat(first.until()).isEqualTo(Story.NOON.plus(Duration.ofMinutes(60)));
    assertThat(second.until()).isEqualTo(Story.NOON.plus(Duration.ofMinutes(10)));
    assertThat(first.fingerprint()).isNotEqualTo(second.fingerprint());
  }

  @Test
  void revocation_noSuchBlockOrAClaim_isRefused() {
    AgentToken token = story.atPlanner();

    Refused.with(ErrorCode.INVALID_ARGUMENT, "blocks 0 to 0", () -> verified(token).revocation(1));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "only a verified token says whose block it is",
        () -> token.chain().revocation(0));
  }

  @Test
  void revoke_thenRenew_isInForceEverywhere() throws IOException {
    AgentToken planner = story.atPlanner();
    AgentToken researcher = planner.delegate(story.plannerKey, story.toResearcher(), story.clock);
    Path path = folder.resolve("revoked.list");
    RevocationFile file = RevocationFile.of(path, story.clock);

    IssuedList revoked =
        file.revoke(
            issuer, List.of(verified(researcher).revocation(1)), RevocationIssuer.Horizon.KEPT);

    assertThat(revoked.changed()).isEqualTo(1);
    Attack.assertDenied(decide(read(path), researcher, story.researcherKey), DenialCode.REVOKED);
    Attack.assertAllowed(decide(read(path), planner, story.plannerKey));
    IssuedList renewed = file.renew(issuer, RevocationIssuer.Horizon.KEPT);
    assertThat(renewed.sequence()).isEqualTo(revoked.sequence() + 1);
    Attack.assertDenied(decide(read(path), researcher, story.researcherKey), DenialCode.REVOKED);
  }
}
