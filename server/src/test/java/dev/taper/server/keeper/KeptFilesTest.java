package dev.taper.server.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.server.issuer.KeptPeople;
import dev.taper.server.issuer.Person;
import dev.taper.server.issuer.enrol.Enrolment;
import dev.taper.server.issuer.enrol.EnrolmentText;
import dev.taper.server.oidc.Subject;
import dev.taper.testing.KeptFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What keepers, enrolments and issuers of earlier versions kept is read, and written as it was. */
class KeptFilesTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptFilesTest::write);
  }

  private static void write(Path folder) throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    key.save(folder.resolve("planner.key"), "of kept files".toCharArray());
    String pem = Files.readString(folder.resolve("planner.key"));
    HeldKey held =
        new HeldKey(
            "planner", key.publicKey(), HeldKey.Place.STORE, true, NOON.plusSeconds(60), pem);
    Files.writeString(folder.resolve("planner.json"), held.stored(), UTF_8);
    AgentToken token =
        Issuer.of(PrivateKey.generate(Algorithm.ED25519))
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", key.publicKey()))
                    .task("T-1")
                    .grant("jira.search")
                    .withoutExpiry());
    HeldToken shelved =
        new HeldToken(
            "task",
            token,
            List.of("svc:jira"),
            new KeeperRequest.RenewAt(URI.create("https://issuer.example.com/v1/renew"), "svc:i"),
            NOON);
    Files.writeString(folder.resolve("task.json"), shelved.stored(), UTF_8);
    Enrolment enrolment =
        new Enrolment(
            "agent:planner",
            key.publicKey(),
            new Subject("https://login.example.com", "alice-1"),
            Enrolment.Way.CODE,
            NOON,
            NOON.plusSeconds(3600));
    Files.writeString(
        folder.resolve("enrolments.json"), EnrolmentText.write(List.of(enrolment)), UTF_8);
    KeptPeople.write(folder.resolve("people"));
  }

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void read_keptEntries_writesThemAsTheyWere(Path kept) throws IOException {
    KeptFiles.copy(kept, folder);
    HeldKey key = HeldKey.read("planner", text("planner.json"));
    assertThat(key.isConfirmed()).isTrue();
    assertThat(key.until()).isEqualTo(NOON.plusSeconds(60));
    assertThat(HeldKey.read("planner", key.stored())).isEqualTo(key);
    assertThat(
            PrivateKey.load(folder.resolve("planner.key"), "of kept files".toCharArray())
                .publicKey())
        .isEqualTo(key.key());

    HeldToken token = HeldToken.read("task", text("task.json"));
    assertThat(token.audiences()).containsExactly("svc:jira");
    assertThat(token.token().chain().task().id()).isEqualTo("T-1");
    assertThat(token.stored()).isEqualTo(text("task.json"));

    List<Enrolment> enrolments = EnrolmentText.read(text("enrolments.json"));
    assertThat(enrolments).extracting(Enrolment::key).containsExactly(key.key());
    assertThat(EnrolmentText.read(EnrolmentText.write(enrolments))).isEqualTo(enrolments);
  }

  @Test
  void read_entriesOfANewerFormat_areRefused() throws IOException {
    KeptFiles.copy(KeptFiles.newest(), folder);
    assertThatThrownBy(() -> HeldKey.read("planner", newer("planner.json")))
        .isInstanceOf(KeeperRefusal.class)
        .hasMessageContaining("another format");
    assertThatThrownBy(() -> HeldToken.read("task", newer("task.json")))
        .isInstanceOf(KeeperRefusal.class)
        .hasMessageContaining("another format");
    assertThatThrownBy(() -> EnrolmentText.read(newer("enrolments.json")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("taper/1 enrolments");
  }

  @ParameterizedTest
  @MethodSource("dev.taper.testing.KeptFiles#folders")
  void start_withKeptPeople_knowsThemAndWritesThemAsTheyWere(Path kept) throws IOException {
    Path people = KeptFiles.copy(kept, folder).resolve("people");
    for (Person one : List.of(KeptPeople.ALICE, KeptPeople.BOB)) {
      assertThat(KeptPeople.known(people, one.delegator())).isEqualTo(one);
      Path file = fileOf(people, one);
      String before = Files.readString(file, UTF_8);

      Person promoted = new Person(one.subject(), one.delegator(), Set.of("lead"), one.claims());
      KeptPeople.see(people, promoted, -1); // of a time before
      assertThat(KeptPeople.known(people, one.delegator())).isEqualTo(one);
      KeptPeople.see(people, promoted, 1);
      assertThat(KeptPeople.known(people, one.delegator())).isEqualTo(promoted);

      Files.delete(file);
      KeptPeople.see(people, one, 0);
      assertThat(file).usingCharset(StandardCharsets.UTF_8).hasContent(before);
    }
  }

  private static Path fileOf(Path people, Person one) throws IOException {
    try (Stream<Path> all = Files.list(people)) {
      for (Path file : all.toList()) {
        if (Files.readString(file, UTF_8).contains("\"" + one.delegator() + "\"")) {
          return file;
        }
      }
    }
    throw new AssertionError("nothing is kept of " + one);
  }

  @Test
  void start_withPeopleOfANewerFormat_knowsNobodyAndSaysSo() throws IOException {
    Path people = KeptFiles.copy(KeptFiles.newest(), folder).resolve("people");
    Path file = fileOf(people, KeptPeople.ALICE);
    Files.writeString(file, Files.readString(file).replace("taper/1 ", "taper/2 "), UTF_8);

    assertThatThrownBy(() -> KeptPeople.known(people, KeptPeople.ALICE.delegator()))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNAVAILABLE))
        .hasRootCauseMessage("it has another format");
    assertThatThrownBy(() -> KeptPeople.see(people, KeptPeople.ALICE, 1))
        .isInstanceOf(TaperException.class);
    assertThat(Files.readString(file)).contains("taper/2 ");
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name), UTF_8);
  }

  private String newer(String name) throws IOException {
    return text(name).replace("taper/1 ", "taper/2 ");
  }
}
