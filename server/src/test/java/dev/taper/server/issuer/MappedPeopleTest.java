package dev.taper.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.server.issuer.MappedPeople.Row;
import dev.taper.server.issuer.MappedPeople.Rule;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.Subject;
import dev.taper.testing.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may delegate, and as whom. */
class MappedPeopleTest {
  private static final String A = "https://a.example.com";
  private static final String B = "https://b.example.com";

  private static Identity identity(String issuer, String sub, Map<String, Object> claims) {
    return new Identity(
        new Subject(issuer, sub),
        claims,
        List.of(),
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(1),
        null,
        null,
        null);
  }

  /** Somebody who is there, now. */
  private static @Nullable Person present(MappedPeople people, Identity identity) {
    Person person = people.of(identity);
    if (person != null) {
      people.seen(identity);
    }
    return person;
  }

  private static Person known(@Nullable Person person) {
    return Objects.requireNonNull(person);
  }

  private static Rule rule(String delegator) {
    return new Rule(delegator, "realm_access.roles", List.of("department", "level", "secret"));
  }

  @Test
  void of_goesByIssuerAndSubject() {
    MappedPeople people =
        new MappedPeople(
            List.of(new Row(new Subject(A, "1"), "user:alice", Set.of("engineer"))),
            Map.of(A, rule("user:{sub}@a"), B, rule("user:{sub}@b")),
            List.of("user:9@a"),
            SeenPeople.inMemory());
    Person alice = people.of(identity(A, "1", Map.of()));
    assertThat(alice).isNotNull();
    assertThat(known(alice).delegator()).isEqualTo("user:alice");
    assertThat(known(alice).roles()).containsExactly("engineer");
    Person other = people.of(identity(B, "1", Map.of()));
    assertThat(other).isNotNull();
    assertThat(known(other).delegator()).isEqualTo("user:1@b");
    assertThat(people.of(identity("https://c.example.com", "1", Map.of()))).isNull();
    assertThat(people.of(identity(A, "9", Map.of()))).isNull(); // suspended
    assertThat(people.again("user:9@a")).isNull();
    assertThat(people.again("user:alice")).isNotNull();
    assertThat(people.again("user:7@a")).isNull(); // never seen
  }

  @Test
  void of_takesRolesAndClaimsThatAreConfigured() {
    MappedPeople people =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inMemory());
    Person one =
        people.of(
            identity(
                A,
                "1",
                Map.of(
                    "realm_access",
                    Map.of("roles", List.of("b", "a", 7, " ")),
                    "department",
                    "R&D \"x\"",
                    "level",
                    3L,
                    "secret",
                    Map.of("x", 1),
                    "email",
                    "a@b.c")));
    assertThat(one).isNotNull();
    assertThat(known(one).roles()).containsExactly("a", "b");
    assertThat(known(one).claims())
        .containsOnly(Map.entry("department", "\"R&D \\\"x\\\"\""), Map.entry("level", "3"));
  }

  /** A policy that refuses a role must not lose it because somebody joined many groups. */
  @Test
  void of_somebodyWithMoreRolesOrLongerClaimsThanPoliciesSee_isRefused() {
    MappedPeople people =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inMemory());
    List<String> many = IntStream.rangeClosed(1, 64).mapToObj(i -> "group-" + i).toList();
    Map<String, Object> claims = Map.of("realm_access", Map.of("roles", many));
    assertThat(known(people.of(identity(A, "1", claims))).roles()).hasSize(64);
    List<String> more = Stream.concat(many.stream(), Stream.of("contractor")).toList();
    for (Map<String, Object> each :
        List.<Map<String, Object>>of(
            Map.of("realm_access", Map.of("roles", more)),
            Map.of("realm_access", Map.of("roles", "x".repeat(257))),
            Map.of("department", "x".repeat(257)),
            Map.of("department", List.of("x".repeat(257))),
            Map.of("department", more))) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> people.of(identity(A, "1", each)));
    }
  }

  @Test
  void again_ofSomebodyByRule_knowsTheRolesThatWereSeenLast() {
    MappedPeople people =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inMemory());
    Map<String, Object> lead = Map.of("realm_access", Map.of("roles", "lead"));
    assertThat(present(people, identity(A, "1", lead))).isNotNull();
    Person again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(known(again).roles()).containsExactly("lead");
    assertThat(present(people, identity(A, "1", Map.of()))).isNotNull();
    again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(known(again).roles()).isEmpty();
  }

  @Test
  void of_somebodyWhoseNameByRuleIsAnothersInTheTable_isNull() {
    MappedPeople people =
        new MappedPeople(
            List.of(new Row(new Subject(A, "1"), "user:boss", Set.of("lead"))),
            Map.of(A, rule("user:{sub}")),
            List.of(),
            SeenPeople.inMemory());
    assertThat(present(people, identity(A, "boss", Map.of()))).isNull();
  }

  @Test
  void of_aSubjectThatNoNameCanHold_isRefused() {
    MappedPeople people =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inMemory());
    Refused.with(
        ErrorCode.INVALID_REQUEST, () -> present(people, identity(A, "x\u202ey", Map.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:alice", "user:{email}", "user:{preferred_username}", "{SUB}"})
  void rule_thatIsNotMadeOfSub_isRefused(String delegator) {
    assertThatThrownBy(() -> rule(delegator)).hasMessageContaining("can change hands");
  }

  @ParameterizedTest
  @CsvSource({
    "user:{sub}, user:{sub}, false",
    "user:{sub}, user:b-{sub}, false",
    "user:{sub}@a, user:{sub}@b, true",
    "a:{sub}, b:{sub}, true",
    "user:{sub}@x, user:{sub}, false"
  })
  void rules_thatCouldGiveTwoPeopleOneName_areRefused(String one, String other, boolean isGood) {
    if (isGood) {
      assertThat(
              new MappedPeople(
                  List.of(),
                  Map.of(A, rule(one), B, rule(other)),
                  List.of(),
                  SeenPeople.inMemory()))
          .isNotNull();
    } else {
      assertThatThrownBy(
              () ->
                  new MappedPeople(
                      List.of(),
                      Map.of(A, rule(one), B, rule(other)),
                      List.of(),
                      SeenPeople.inMemory()))
          .hasMessageContaining("two people one name");
    }
  }

  @Test
  void table_withSomebodyTwice_isRefused() {
    Row row = new Row(new Subject(A, "1"), "user:alice", Set.of());
    for (Row other :
        List.of(
            new Row(new Subject(A, "2"), "user:alice", Set.of()),
            new Row(new Subject(A, "1"), "user:bob", Set.of()))) {
      assertThatThrownBy(
              () ->
                  new MappedPeople(List.of(row, other), Map.of(), List.of(), SeenPeople.inMemory()))
          .hasMessageContaining("twice");
    }
  }

  @Test
  void again_afterARestart_knowsTheRolesThatAreKept(@TempDir Path folder) throws Exception {
    MappedPeople before =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inFolder(folder));
    Map<String, Object> lead =
        Map.of("realm_access", Map.of("roles", List.of("lead", "qa")), "department", "R\"D");
    Person seen = present(before, identity(A, "1", lead));
    assertThat(present(before, identity(A, "2", Map.of()))).isNotNull();
    MappedPeople after =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inFolder(folder));
    assertThat(after.again("user:1")).isNotNull().isEqualTo(seen);
    assertThat(after.again("user:3")).isNull();
    // What is lost stays lost.
    assertThat(present(after, identity(A, "1", Map.of()))).isNotNull();
    Person again =
        new MappedPeople(
                List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inFolder(folder))
            .again("user:1");
    assertThat(again).isNotNull();
    assertThat(known(again).roles()).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList())
          .hasSize(2)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void again_goesByTheTableAndTheRulesAsTheyAreNow() {
    SeenPeople seen = SeenPeople.inMemory();
    Row lead = new Row(new Subject(A, "1"), "user:alice", Set.of("lead"));
    Map<String, Object> stated = Map.of("realm_access", Map.of("roles", "qa"));
    MappedPeople before =
        new MappedPeople(List.of(lead), Map.of(A, rule("user:{sub}@a")), List.of(), seen);
    assertThat(present(before, identity(A, "1", stated))).isNotNull();
    assertThat(present(before, identity(A, "2", stated))).isNotNull();
    Row less = new Row(new Subject(A, "1"), "user:alice", Set.of("support"));
    MappedPeople after =
        new MappedPeople(List.of(less), Map.of(A, rule("user:{sub}@b")), List.of(), seen);
    Person alice = after.again("user:alice");
    assertThat(alice).isNotNull();
    assertThat(known(alice).roles()).containsExactly("qa", "support");
    assertThat(after.again("user:2@a")).isNull(); // nobody is called that now
    Row other = new Row(new Subject(A, "3"), "user:alice", Set.of());
    Person another =
        new MappedPeople(List.of(other), Map.of(A, rule("user:{sub}@a")), List.of(), seen)
            .again("user:alice");
    assertThat(another).isNotNull();
    assertThat(known(another).roles()).isEmpty(); // the roles were somebody else's
    assertThat(new MappedPeople(List.of(), Map.of(), List.of(), seen).again("user:alice")).isNull();
  }

  @Test
  void seen_ofAnOlderToken_isNoNews() {
    MappedPeople people =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inMemory());
    Map<String, Object> lead = Map.of("realm_access", Map.of("roles", "lead"));
    people.seen(at(identity(A, "1", Map.of()), 200));
    people.seen(at(identity(A, "1", lead), 100)); // from before the role was taken away
    Person again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(known(again).roles()).isEmpty();
    people.seen(at(identity(A, "1", lead), 300));
    again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(known(again).roles()).containsExactly("lead");
  }

  private static Identity at(Identity one, long seconds) {
    return new Identity(
        one.subject(),
        one.claims(),
        one.audience(),
        Instant.ofEpochSecond(seconds),
        one.end(),
        null,
        null,
        null);
  }

  @Test
  void again_ofWhatIsKeptAndMakesNoSense_isNotDecided(@TempDir Path folder) throws Exception {
    MappedPeople before =
        new MappedPeople(
            List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inFolder(folder));
    assertThat(present(before, identity(A, "1", Map.of()))).isNotNull();
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    String kept = Files.readString(file);
    String late = kept.replaceAll("\"issued\":[0-9]+", "\"issued\":9223372036854775807");
    assertThat(late).isNotEqualTo(kept);
    for (String content : List.of("", "{}", "[]", kept.replace("user:1", "user:2"), late)) {
      Files.writeString(file, content);
      MappedPeople after =
          new MappedPeople(
              List.of(), Map.of(A, rule("user:{sub}")), List.of(), SeenPeople.inFolder(folder));
      Refused.with(ErrorCode.FILE_UNAVAILABLE, () -> after.again("user:1"));
    }
  }
}
