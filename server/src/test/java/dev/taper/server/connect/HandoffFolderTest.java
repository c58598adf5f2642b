package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was left in the folder decides nothing by being there last. */
class HandoffFolderTest {
  private static final String OURS = "T-4711 for user:alice@acme.com";
  private static final String THEIRS = "T-4711 for user:mallory@acme.com";

  @TempDir private Path folder;
  private World world;
  private AgentToken given;
  private HandoffFolder handoff;
  private int left;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder);
    given = world.mint();
    handoff = world.folderOf(world.researcher);
  }

  private HandoffFolder pinned(String name) {
    return folder(null, name);
  }

  /** Looks for what the root key signed. */
  private HandoffFolder trusting() {
    return folder(RootKeys.of(world.root.publicKey()), null);
  }

  private HandoffFolder folder(@Nullable RootKeys roots, @Nullable String pinned) {
    return new HandoffFolder(
        OwnFolder.of(world.handoff), world.researcher.publicKey(), roots, pinned, world.clock);
  }

  /** What anybody can write: our texts, by a key of one's own, and it ends later. */
  private AgentToken forged() {
    PrivateKey own = PrivateKey.generate(Algorithm.ED25519);
    return token(own, "user:alice@acme.com", "T-4711", 600);
  }

  /** What the planner hands on of the one token that it has. */
  private AgentToken handedOn(int minutes) {
    return given.delegate(
        world.planner,
        Hop.to(Agent.of("agent:researcher", world.researcher.publicKey()))
            .expiresIn(Duration.ofMinutes(minutes)),
        world.clock);
  }

  private static AgentToken changed(AgentToken token, int block) {
    byte[] bytes = token.token().encode();
    byte[] signature = token.token().revocationIds().get(block);
    String all = HexFormat.of().formatHex(bytes);
    bytes[all.indexOf(HexFormat.of().formatHex(signature)) / 2] ^= 1;
    return AgentToken.decode(bytes);
  }

  private String longName(AgentToken token) {
    return HandedWork.verified(token, null).longName();
  }

  private AgentToken token(String delegator, String task, int minutes) {
    return token(world.root, delegator, task, minutes);
  }

  private AgentToken token(PrivateKey root, String delegator, String task, int minutes) {
    return Issuer.of(root)
        .clock(world.clock)
        .mint(
            Delegation.by(delegator)
                .to(Agent.of("agent:researcher", world.researcher.publicKey()))
                .task(task)
                .grant("jira.search read")
                .expiresIn(Duration.ofMinutes(minutes)));
  }

  /** Leaves a token behind all that were left before. */
  private AgentToken leave(AgentToken token) throws IOException {
    left++;
    Path file = world.handoff.resolve("left-" + left + ".token");
    Files.writeString(file, token.encodeBase64());
    Files.setLastModifiedTime(file, FileTime.from(world.clock.instant().plusSeconds(left)));
    return token;
  }

  private AgentToken ours(int minutes) {
    return token("user:alice@acme.com", "T-4711", minutes);
  }

  private AgentToken theirs() {
    return token("user:mallory@acme.com", "T-4711", 60);
  }

  private static @Nullable String text(@Nullable AgentToken token) {
    return token == null ? null : token.encodeBase64();
  }

  private void uses(HandoffFolder by, @Nullable AgentToken token) {
    assertThat(text(by.current())).isEqualTo(text(token));
  }

  @Test
  void current_anotherDelegatorsTokenLeftLast_isListedAndNotUsed() throws Exception {
    AgentToken first = leave(ours(10));
    uses(handoff, first);
    leave(theirs());
    uses(handoff, first);
    assertThat(handoff.others()).containsExactly(THEIRS);
    leave(
        token("user:alice@acme.com", "T-1", 600)); // another task of the same person is other work
    uses(handoff, first);
    assertThat(handoff.others()).containsExactly("T-1 for user:alice@acme.com", THEIRS);
  }

  @Test
  void current_newerTokenOfTheSameWork_takesThePlaceIfTheRootKeySignedItAndItEndsLater()
      throws Exception {
    HandoffFolder ours = trusting();
    uses(ours, leave(ours(10)));
    leave(theirs());
    AgentToken newer = leave(ours(20));
    uses(ours, newer);
    leave(ours(5));
    uses(ours, newer);
    AgentToken later = leave(ours(30));
    uses(ours, later);
    world.clock.forward(Duration.ofMinutes(31)); // all have ended: the last one is refused
    uses(ours, later);
  }

  @Test
  void current_forgedTokenWithTheSameTexts_takesThePlaceOfNothing() throws Exception {
    AgentToken first = leave(ours(10));
    uses(handoff, first);
    HandoffFolder pinned = pinned(OURS);
    uses(pinned, first);
    AgentToken forged = leave(forged());
    uses(handoff, first);
    uses(pinned, first);
    assertThat(handoff.others()).containsExactly(longName(forged));
    assertThat(handoff.use(OURS)).as("a name of two").isFalse();
    assertThat(handoff.use(longName(forged))).isTrue();
    uses(handoff, forged);
    assertThat(handoff.others()).containsExactly(longName(first));
    assertThat(handoff.use(longName(first))).isTrue();
    uses(handoff, first);
  }

  @Test
  void current_forgedTokenWhereTheRootKeyIsKnown_isListedAndNeverUsed() throws Exception {
    leave(forged());
    HandoffFolder ours = trusting();
    uses(ours, null);
    assertThat(ours.use(OURS)).isFalse();
    assertThat(ours.others()).isEmpty();
    assertThat(ours.unverified()).containsExactly(OURS);
    World.Side researcher = world.side(ours, world.researcher);
    Service service = new Service(world.verifier());
    assertThat(service.said(researcher, "taper_authority", Map.of()))
        .contains("is not verified, so it is never used: " + OURS);
    AgentToken first = leave(ours(10));
    leave(forged());
    uses(ours, first);
    assertThat(ours.use(OURS)).isTrue();
    uses(ours, first);
    assertThat(service.said(researcher, "taper_authority", Map.of()))
        .contains("You act for user:alice@acme.com")
        .contains("is not verified, so it is never used: " + OURS);
    HandoffFolder pinned = folder(RootKeys.of(world.root.publicKey()), OURS);
    uses(pinned, first);
  }

  @Test
  void current_tokensOfOneFirstBlock_areOneWorkWithoutARootKey() throws Exception {
    leave(handedOn(10));
    AgentToken longer = leave(handedOn(20));
    AgentToken shorter = leave(handedOn(5));
    uses(handoff, longer);
    assertThat(handoff.others()).isEmpty();
    Files.delete(world.handoff.resolve("left-2.token"));
    Files.delete(world.handoff.resolve("left-1.token"));
    uses(handoff, shorter);
  }

  @Test
  void current_copyOfAFirstBlockWithBadSignatures_isListedAndNeverUsed() throws Exception {
    AgentToken first = leave(handedOn(10));
    uses(handoff, first);
    leave(changed(handedOn(20), 1)); // by somebody who does not have the planner's key
    uses(handoff, first);
    assertThat(handoff.others()).isEmpty();
    assertThat(handoff.unverified()).containsExactly(OURS);
    leave(changed(handedOn(30), 0)); // the planner signed behind another first block
    uses(handoff, first);
    assertThat(handoff.others()).isEmpty();
  }

  @Test
  void current_copyWithAnotherRootKeyId_takesThePlaceOfNothing() throws Exception {
    AgentToken first = leave(ours(10));
    uses(handoff, first);
    byte[] bytes = first.token().encode();
    byte[] changed = new byte[bytes.length + 2]; // the id stands first, and nobody signs it
    changed[0] = 8;
    changed[1] = 7;
    System.arraycopy(bytes, 0, changed, 2, bytes.length);
    leave(AgentToken.decode(changed));
    uses(handoff, first);
    HandoffFolder ours = trusting();
    assertThat(ours.use(ours.others().get(0))).isTrue();
  }

  @Test
  void current_sealedCopy_isNotOurs() throws Exception {
    AgentToken first = leave(ours(10));
    leave(AgentToken.of(first.token().seal(world.researcher)));
    uses(handoff, first);
    assertThat(handoff.others()).isEmpty();
  }

  @Test
  void current_timeOfAFileYetToCome_decidesNothing() throws Exception {
    HandoffFolder ours = trusting();
    AgentToken one = ours(10);
    AgentToken other = handedOn(10); // of the same lineage, with the same end
    boolean isLast = one.encodeBase64().compareTo(other.encodeBase64()) > 0;
    AgentToken last = isLast ? one : other;
    leave(last);
    leave(isLast ? other : one);
    Files.setLastModifiedTime(
        world.handoff.resolve("left-2.token"),
        FileTime.from(world.clock.instant().plus(Duration.ofDays(365))));
    uses(ours, last);
  }

  @Test
  void use_nameThatIsWrittenToLookLikeALongOne_isTheWorkThatHasIt() throws Exception {
    AgentToken first = leave(ours(60));
    String name = longName(first);
    leave(token("user:alice@acme.com" + name.substring(OURS.length()), "T-4711", 600));
    assertThat(handoff.use(name)).isTrue();
    uses(handoff, first);
  }

  @Test
  void current_anotherWorkWhenOursHasEndedOrIsGone_isNotUsedByItself() throws Exception {
    AgentToken first = leave(ours(10));
    uses(handoff, first);
    AgentToken other = leave(theirs());
    world.clock.forward(Duration.ofMinutes(11));
    uses(handoff, first); // and is refused as what has ended
    Files.delete(world.handoff.resolve("left-1.token"));
    uses(handoff, null);
    assertThat(handoff.use(THEIRS)).isTrue();
    uses(handoff, other);
  }

  @Test
  void current_severalWorksAndNoneChosen_isNone() throws Exception {
    leave(ours(10));
    leave(theirs());
    uses(handoff, null);
    assertThat(handoff.others()).containsExactly(OURS, THEIRS);
    assertThat(handoff.use(OURS)).isTrue();
    assertThat(Objects.requireNonNull(handoff.current()).chain().delegator())
        .isEqualTo("user:alice@acme.com");
    assertThat(handoff.others()).containsExactly(THEIRS);
  }

  @Test
  void current_onlyOneWorkThatHasNotEnded_isUsed() throws Exception {
    leave(theirs());
    world.clock.forward(Duration.ofMinutes(61));
    AgentToken living = leave(ours(10));
    uses(world.folderOf(world.researcher), living);
  }

  @Test
  void use_whatIsNotThereOrHasEndedOrTwoShare_changesNothing() throws Exception {
    AgentToken first = leave(ours(60));
    uses(handoff, first);
    leave(token("user:bob", "T-1", 5));
    world.clock.forward(Duration.ofMinutes(6));
    leave(token("b for c", "a", 10));
    leave(token("c", "a for b", 10));
    for (String name :
        List.of("T-1 for user:bob", "a for b for c", THEIRS, "", "T-4711", "left-1.token")) {
      assertThat(handoff.use(name)).as(name).isFalse();
      uses(handoff, first);
    }
  }

  @Test
  void current_pinned_isThatWorkAlone() throws Exception {
    HandoffFolder ours = pinned(OURS);
    leave(theirs());
    uses(ours, null);
    assertThat(ours.use(THEIRS)).isFalse();
    assertThat(ours.others()).isEmpty();
    AgentToken token = leave(ours(10));
    uses(ours, token);
    leave(theirs());
    uses(ours, token);
    world.clock.forward(Duration.ofMinutes(11));
    uses(ours, token);
  }

  @Test
  void current_ofAnotherKeysTokens_isNone() throws Exception {
    leave(world.mint());
    uses(handoff, null);
    assertThat(handoff.others()).isEmpty();
  }

  @Test
  void model_readsOfOtherWorkAndNamesIt() throws Exception {
    Service service = new Service(world.verifier());
    World.Side researcher = world.researcher();
    leave(ours(10));
    leave(theirs());
    assertThat(service.said(researcher, "search", Map.of("query", "a")))
        .startsWith("You hold no authority yet, so nothing was sent: several were handed on to you")
        .contains(OURS, THEIRS, "taper_use");
    assertThat(service.said(researcher, "taper_authority", Map.of())).contains(OURS, THEIRS);
    assertThat(researcher.tools.definitions().toString()).contains("enum=[" + OURS);
    assertThat(service.said(researcher, "taper_use", Map.of("work", "T-4711")))
        .startsWith("No other work is called T-4711");
    assertThat(service.said(researcher, "taper_use", Map.of("work", OURS)))
        .startsWith("From now on you work on " + OURS);
    assertThat(researcher.changes).hasSize(1);
    assertThat(service.said(researcher, "search", Map.of("query", "a"))).isEqualTo("done");
    assertThat(service.said(researcher, "taper_authority", Map.of()))
        .contains("You act for user:alice@acme.com")
        .contains("Other work was handed on to you, and you do not use it: " + THEIRS + ".");
  }

  @Test
  void model_ofAnAgentWhoseOperatorChose_isToldWhatIsMissing() throws Exception {
    HandoffFolder ours = pinned(OURS);
    leave(theirs());
    World.Side researcher = world.side(ours, world.researcher);
    Service service = new Service(world.verifier());
    assertThat(service.said(researcher, "search", Map.of("query", "a")))
        .contains("your operator chose the work " + OURS)
        .doesNotContain("mallory");
    assertThat(service.said(researcher, "taper_use", Map.of("work", THEIRS)))
        .startsWith("No other work")
        .endsWith("There is no other.");
  }
}
