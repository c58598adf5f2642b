package dev.taper.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.server.issuer.MappedPeople.Row;
import dev.taper.server.issuer.MappedPeople.Rule;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.Subject;
import dev.taper.testing.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
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

  private static Rule rule(String delegator) {
    return new Rule(delegator, "realm_access.roles", List.of("department", "level", "secret"));
  }

  @Test
  void of_goesByIssuerAndSubject() {
    MappedPeople people =
        new MappedPeople(
            List.of(new Row(new Subject(A, "1"), "user:alice", Set.of("engineer"))),
            Map.of(A, rule("user:{sub}@a"), B, rule("user:{sub}@b")),
            List.of("user:9@a"));
    Person alice = people.of(identity(A, "1", Map.of()));
    assertThat(alice).isNotNull();
    assertThat(alice.delegator()).isEqualTo("user:alice");
    assertThat(alice.roles()).containsExactly("engineer");
    Person other = people.of(identity(B, "1", Map.of()));
    assertThat(other).isNotNull();
    assertThat(other.delegator()).isEqualTo("user:1@b");
    assertThat(people.of(identity("https://c.example.com", "1", Map.of()))).isNull();
    assertThat(people.of(identity(A, "9", Map.of()))).isNull(); // suspended
    assertThat(people.again("user:9@a")).isNull();
    assertThat(people.again("user:alice")).isNotNull();
    assertThat(people.again("user:7@a")).isNull(); // never seen
  }

  @Test
  void of_takesRolesAndClaimsThatAreConfigured() {
    MappedPeople people = new MappedPeople(List.of(), Map.of(A, rule("user:{sub}")), List.of());
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
    assertThat(one.roles()).containsExactly("a", "b");
    assertThat(one.claims())
        .containsOnly(Map.entry("department", "\"R&D \\\"x\\\"\""), Map.entry("level", "3"));
  }

  @Test
  void again_ofSomebodyByRule_knowsTheRolesThatWereSeenLast() {
    MappedPeople people = new MappedPeople(List.of(), Map.of(A, rule("user:{sub}")), List.of());
    Map<String, Object> lead = Map.of("realm_access", Map.of("roles", "lead"));
    assertThat(people.of(identity(A, "1", lead))).isNotNull();
    Person again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(again.roles()).containsExactly("lead");
    assertThat(people.of(identity(A, "1", Map.of()))).isNotNull();
    again = people.again("user:1");
    assertThat(again).isNotNull();
    assertThat(again.roles()).isEmpty();
  }

  @Test
  void of_somebodyWhoseNameByRuleIsAnothersInTheTable_isNull() {
    MappedPeople people =
        new MappedPeople(
            List.of(new Row(new Subject(A, "1"), "user:boss", Set.of("lead"))),
            Map.of(A, rule("user:{sub}")),
            List.of());
    assertThat(people.of(identity(A, "boss", Map.of()))).isNull();
  }

  @Test
  void of_aSubjectThatNoNameCanHold_isRefused() {
    MappedPeople people = new MappedPeople(List.of(), Map.of(A, rule("user:{sub}")), List.of());
    Refused.with(ErrorCode.INVALID_REQUEST, () -> people.of(identity(A, "x\u202ey", Map.of())));
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
      assertThat(new MappedPeople(List.of(), Map.of(A, rule(one), B, rule(other)), List.of()))
          .isNotNull();
    } else {
      assertThatThrownBy(
              () -> new MappedPeople(List.of(), Map.of(A, rule(one), B, rule(other)), List.of()))
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
      assertThatThrownBy(() -> new MappedPeople(List.of(row, other), Map.of(), List.of()))
          .hasMessageContaining("twice");
    }
  }
}
