package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
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
  private HandoffFolder handoff;
  private int left;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder);
    handoff = world.folderOf(world.researcher);
  }

  private HandoffFolder pinned(String name) {
    return new HandoffFolder(
        OwnFolder.of(world.handoff), world.researcher.publicKey(), name, world.clock);
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
  void current_newerTokenOfTheSameWork_takesThePlaceOfTheOlder() throws Exception {
    leave(ours(10));
    assertThat(handoff.current()).isNotNull();
    leave(theirs());
    AgentToken newer = leave(ours(5));
    uses(handoff, newer);
    world.clock.forward(Duration.ofMinutes(6)); // the older one has not ended
    assertThat(Objects.requireNonNull(handoff.current()).chain().delegator())
        .isEqualTo("user:alice@acme.com");
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
