package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.NamesFile;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.operations.OperationException;
import dev.taper.testing.faults.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handing on by names, and what an injected text can ask for. */
class DelegateToolTest {
  private static final Map<String, Object> SEARCH = Map.of("query", "a", "limit", 5);
  private static final String LESS = "jira.search read where limit <= 10";

  @TempDir private Path folder;
  private World world;
  private Service service;
  private World.Side planner;

  @BeforeEach
  void start() throws IOException {
    world = new World(folder);
    service = new Service(world.verifier());
    planner = world.planner();
  }

  private String delegate(Object to, Object grants) throws InterruptedException {
    return delegate(Map.of("to", to, "grants", grants));
  }

  private String delegate(Map<String, Object> arguments) throws InterruptedException {
    return service.said(planner, "taper_delegate", arguments);
  }

  private List<Path> left() throws IOException {
    return OwnFolder.of(world.handoff).files(".token");
  }

  @Test
  void handedOn_isUsedByTheOtherAgent_andNoMore() throws Exception {
    World.Side researcher = world.researcher();
    assertThat(service.said(researcher, "search", SEARCH)).startsWith("You hold no authority");

    assertThat(delegate("agent:researcher", List.of(LESS)))
        .startsWith("agent:researcher can do this until ")
        .contains(": jira.search read where limit <= 10. It uses that from its next call on")
        .doesNotContain("ed25519/");

    assertThat(service.said(researcher, "search", SEARCH)).isEqualTo("done");
    assertThat(service.said(researcher, "search", Map.of("query", "a", "limit", 11)))
        .contains("(out_of_scope)")
        .contains("Only agent:planner could allow it");
    assertThat(service.said(researcher, "note", Map.of("text", "a"))).contains("(out_of_scope)");
    assertThat(researcher.changes).hasSize(1);
    assertThat(service.tools(researcher)).contains("search").doesNotContain("close", "note");
  }

  @Test
  void grantThatCannotBeRead_isShownWithItsPlace() throws Exception {
    assertThat(delegate("agent:researcher", List.of("jira.search if")).lines())
        .hasSizeGreaterThan(2)
        .allSatisfy(line -> assertThat(line).doesNotContain("\\n", "\\u{"));
  }

  @Test
  void handedOn_endsAfterTheMinutes() throws Exception {
    World.Side researcher = world.researcher();
    delegate(Map.of("to", "agent:researcher", "grants", LESS, "minutes", 5));
    world.clock.forward(Duration.ofMinutes(5));

    assertThat(service.said(researcher, "search", SEARCH)).contains("(expired)");
    assertThat(service.said(planner, "search", SEARCH)).isEqualTo("done");
  }

  @Test
  void handedOn_longerThanOnesOwn_endsWithIt() throws Exception {
    assertThat(delegate(Map.of("to", "agent:researcher", "grants", LESS, "minutes", 600)))
        .contains("until " + world.clock.instant().plus(Duration.ofHours(1)) + ": ");
  }

  @Test
  void handedOn_goesNoFurther_unlessSaid() throws Exception {
    NamesFile more =
        NamesFile.builder()
            .number(2)
            .agent("agent:planner", world.planner.publicKey())
            .agent("agent:researcher", world.researcher.publicKey())
            .agent("agent:scraper", world.stranger.publicKey())
            .build();
    Files.writeString(world.namesFile, more.write());
    World.Side researcher = world.researcher();
    Map<String, Object> onward = Map.of("to", "agent:scraper", "grants", LESS);

    delegate("agent:researcher", LESS);
    assertThat(service.said(researcher, "taper_delegate", onward))
        .startsWith("Nothing was handed on (delegation_warning)");

    world.clock.forward(Duration.ofSeconds(1));
    delegate(Map.of("to", "agent:researcher", "grants", LESS, "may_delegate", true));
    assertThat(service.said(researcher, "taper_delegate", onward))
        .startsWith("agent:scraper can do this until ");
  }

  @Test
  void handedOn_isForItsHolderAlone() throws Exception {
    delegate("agent:researcher", LESS);
    Path file = left().get(0);

    AgentToken token = AgentToken.decode(Files.readString(file));
    assertThat(token.token().holderKey()).isEqualTo(world.researcher.publicKey());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getFileName().toString()).startsWith("agent-researcher-");
    assertThat(world.folderOf(world.stranger).current()).isNull();
    assertThat(world.folderOf(world.researcher).current()).isNotNull();
  }

  @Test
  void handedOn_withWhatWaits_waitsThereToo() throws Exception {
    World.Side researcher = world.researcher();
    delegate("agent:researcher", List.of("jira.close close on jira:ticket/7", "jira.note"));

    assertThat(service.said(researcher, "close", Map.of("id", "7")))
        .contains("(approval_required)");
    assertThat(service.said(researcher, "close", Map.of("id", "8"))).contains("(out_of_scope)");
    assertThat(service.said(researcher, "note", Map.of("text", "a")))
        .contains("(justification_required)");
    assertThat(service.said(researcher, "taper_authority", Map.of()))
        .contains("You cannot hand it on.");
  }

  @Test
  void stranger_byKey_getsNothing() throws Exception {
    String key = world.stranger.publicKey().toString();

    for (String to : List.of(key, "agent:x=" + key, "agent:researcher=" + key)) {
      assertThat(delegate(to, LESS))
          .startsWith("Your operator knows no other agent")
          .contains("only its names count, no keys")
          .endsWith("It knows: agent:researcher.");
    }
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "public_key", "holder", "token", "names", "file"})
  void stranger_byAnotherArgument_getsNothing(String name) throws Exception {
    Map<String, Object> injected = new LinkedHashMap<>();
    injected.put("to", "agent:researcher");
    injected.put("grants", List.of(LESS));
    injected.put(name, world.stranger.publicKey().toString());

    assertThat(delegate(injected)).startsWith("There is no argument of that name");
    assertThat(left()).isEmpty();
  }

  @Test
  void stranger_asApprover_getsNothing() throws Exception {
    assertThat(
            delegate(
                "agent:researcher",
                "jira.search read if approved by " + world.stranger.publicKey()))
        .isEqualTo("A grant names no keys here; an approval can be asked of a group.");
    assertThat(delegate("user:boss@acme.com", LESS))
        .startsWith("Your operator knows no other agent user:boss@acme.com");
    assertThat(left()).isEmpty();
  }

  @Test
  void token_isInNoAnswer() throws Exception {
    StringBuilder answers = new StringBuilder(delegate("agent:researcher", LESS));
    answers.append(service.call(planner, "taper_authority", Map.of()));
    answers.append(service.call(planner, "search", SEARCH));
    answers.append(service.ask(planner, "tools/list", null));

    assertThat(answers.toString())
        .doesNotContain(Files.readString(world.tokenFile).substring(0, 40))
        .doesNotContain(Files.readString(left().get(0)).substring(0, 40));
  }

  @Test
  void token_asText_isGivenToTheModelToPassOn() throws Exception {
    KnownAgents agents = KnownAgents.of(world.namesFile, List.of(), world.clock);
    DelegateTool tool =
        new DelegateTool(
            planner.holding,
            new OwnKey(world.planner, null),
            agents,
            McpRefusal.Words.plain(java.time.Clock.systemUTC()),
            AgentToken::encodeBase64);

    String answer = tool.call(Map.of("to", "agent:researcher", "grants", LESS), () -> true).text();

    String token = answer.substring(answer.lastIndexOf('\n') + 1);
    assertThat(answer).contains("Pass this token on to it");
    assertThat(AgentToken.decode(token).token().holderKey())
        .isEqualTo(world.researcher.publicKey());
    assertThat(left()).isEmpty();
  }

  @Test
  void wider_isRefusedAndSaid() throws Exception {
    assertThat(delegate("agent:researcher", "jira.search read where limit <= 500"))
        .startsWith("Nothing was handed on (delegation_warning)")
        .contains("wider");
    assertThat(delegate("agent:researcher", "jira.delete delete"))
        .startsWith("Nothing was handed on (delegation_warning)");
    assertThat(delegate("agent:researcher", "jira.search where where"))
        .startsWith("Nothing was handed on (syntax)");
    assertThat(left()).isEmpty();
  }

  @Test
  void oneself_isNoOtherAgent() throws Exception {
    assertThat(delegate("agent:planner", LESS)).startsWith("Your operator knows no other agent");
  }

  @Test
  void agent_withTwoKeys_getsATokenForEach() throws Exception {
    NamesFile rotating =
        NamesFile.builder()
            .number(2)
            .agent("agent:researcher", world.researcher.publicKey(), world.stranger.publicKey())
            .build();
    Files.writeString(world.namesFile, rotating.write());

    delegate("agent:researcher", LESS);

    assertThat(left()).hasSize(2);
    assertThat(world.folderOf(world.stranger).current()).isNotNull();
    assertThat(world.folderOf(world.researcher).current()).isNotNull();
  }

  @Test
  void names_older_areNotTaken() throws Exception {
    delegate("agent:researcher", LESS);
    Files.writeString(
        world.namesFile,
        NamesFile.builder()
            .number(0)
            .agent("agent:old", world.stranger.publicKey())
            .build()
            .write());

    assertThat(delegate("agent:old", LESS)).startsWith("Your operator knows no other agent");
  }

  @Test
  void names_withASigner_areTakenSignedAlone() throws Exception {
    assertThatThrownBy(
            () -> KnownAgents.of(world.namesFile, List.of(world.boss.publicKey()), world.clock))
        .hasMessageContaining("sign");
    Files.writeString(world.namesFile, world.names().sign(world.boss));

    assertThat(
            KnownAgents.of(world.namesFile, List.of(world.boss.publicKey()), world.clock)
                .others(null))
        .containsExactly("agent:planner", "agent:researcher");
  }

  @Test
  void folder_thatOthersCanChange_isRefused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> OwnFolder.of(open))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("others can put files into");
  }

  @Test
  void folder_withOtherFiles_isLookedAtAllTheSame() throws Exception {
    delegate("agent:researcher", LESS);
    Files.writeString(world.handoff.resolve("broken.token"), "x");
    Files.writeString(world.handoff.resolve("large.token"), "x".repeat(100_000));
    Files.writeString(world.handoff.resolve("mine.token"), world.mint().encodeBase64());

    assertThat(service.said(world.researcher(), "search", SEARCH)).isEqualTo("done");
  }

  @Test
  void newer_takesThePlaceOfTheOlder_andWhatHasEndedIsSwept() throws Exception {
    World.Side researcher = world.researcher();
    delegate(Map.of("to", "agent:researcher", "grants", LESS, "minutes", 5));
    assertThat(service.said(researcher, "search", SEARCH)).isEqualTo("done");
    world.clock.forward(Duration.ofMinutes(6));

    delegate("agent:researcher", "jira.search read where limit <= 3");

    assertThat(left()).hasSize(1);
    assertThat(service.said(researcher, "search", SEARCH)).contains("limit <= 3");
  }

  @Test
  void authority_saysWhatWhoWhenAndWhom() throws Exception {
    String answer = service.said(planner, "taper_authority", Map.of());

    assertThat(answer)
        .contains("You are agent:planner.")
        .contains("You act for user:alice@acme.com")
        .contains("The task is T-4711: triage")
        .contains("At svc:jira you may do this, as grants:\n- jira.search read where limit <= 50\n")
        .contains(
            "\n- jira.close close on jira:ticket/* (only when approved by user:boss@acme.com)\n")
        .contains("\n- jira.note write (only when justified within 15m)\n")
        .contains("in 1 hour.")
        .contains("hand a part of it on to: agent:researcher.")
        .doesNotContain("secp256r1/");
    assertThat(service.said(world.researcher(), "taper_authority", Map.of()))
        .startsWith("You hold no authority yet");
    assertThat(service.said(planner, "taper_authority", Map.of("x", 1)))
        .startsWith("There is no argument");
  }

  @Test
  void handedOn_tooOften_leavesTheFolderUsable() throws Exception {
    World.Side researcher = world.researcher();
    String last = "";
    for (int i = 0; i < 70; i++) {
      String grant = "jira.search read where limit <= " + (i % 50);
      last =
          delegate(
              Map.of("to", "agent:researcher", "grants", List.of(grant), "minutes", 10 + i / 50));
    }
    assertThat(last).contains("cannot be left for it");
    assertThat(left()).hasSize(64);
    assertThat(service.said(researcher, "search", Map.of("query", "a", "limit", 0)))
        .isEqualTo("done");
    world.clock.forward(Duration.ofMinutes(16));
    assertThat(delegate("agent:researcher", List.of(LESS))).contains("can do this");
    assertThat(left()).hasSize(1);
  }

  @Test
  void folder_ofSomebodyElse_isRefused() throws Exception {
    FaultyDisk disk = new FaultyDisk(Files.createDirectory(folder.resolve("other")));
    disk.ownedBy(() -> "mallory");
    Path folderOfOther = disk.folder();
    assertThatThrownBy(() -> OwnFolder.of(folderOfOther))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("folder_exposed"))
        .hasMessageContaining("is of mallory");
  }
}
