package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.testing.FilledPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others left in a folder is looked at only if it is a file. */
class OwnFolderTest {
  @TempDir private Path folder;
  private World world;
  private HandoffFolder handoff;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder);
    handoff = world.folderOf(world.researcher);
  }

  private String token() {
    AgentToken token =
        Issuer.of(world.root)
            .clock(world.clock)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:researcher", world.researcher.publicKey()))
                    .task("T-4711")
                    .grant("jira.search read")
                    .expiresIn(Duration.ofHours(1)));
    return token.encodeBase64();
  }

  @Test
  void current_aPipeAmongTheTokens_isNotRead() throws Exception {
    FilledPipe.with(
        world.handoff.resolve("a.token"),
        token(),
        () -> {
          assertThat(handoff.current()).isNull();
        });
  }

  @Test
  void put_aPipeAmongTheTokens_isNotRead() throws Exception {
    Path pipe = world.handoff.resolve("a.token");
    String given = token();
    world.clock.forward(Duration.ofHours(2)); // what has ended is taken away, if it is a token
    FilledPipe.with(
        pipe,
        given,
        () -> {
          handoff.put(world.mint());
          assertThat(Files.exists(pipe)).isTrue();
        });
  }

  @Test
  void current_aLinkOrAFolderAmongTheTokens_isNotFollowed() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), token());
    Files.createSymbolicLink(world.handoff.resolve("a.token"), elsewhere);
    Files.createDirectory(world.handoff.resolve("b.token"));
    assertThat(handoff.current()).isNull();
  }

  @Test
  void refusal_aPipe_saysNothingOfIt() throws Exception {
    AskFolder asks = new AskFolder(OwnFolder.of(world.asks), world.clock);
    String id = "0123456789abcdef";
    FilledPipe.with(
        world.asks.resolve(id + ".refused"),
        "because",
        () -> {
          assertThat(asks.refusal(id)).isEmpty();
        });
  }
}
