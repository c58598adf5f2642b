package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.server.oidc.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNamesTest {
  private static final Map<String, String> TABLE = Map.of("e-1", "user:erin@acme.com");

  private static SignedIn person(String sub) {
    Subject subject = new Subject("https://login.example.com", sub);
    return new SignedIn(subject, "erin@acme.com", Set.of(), Instant.EPOCH);
  }

  @Test
  void of_tableAlone_namesThoseWhoAreInIt() {
    PersonNames names = new PersonNames(TABLE, null);
    assertThat(names.of(person("e-1"))).isEqualTo("user:erin@acme.com");
    assertThat(names.of(person("erin@acme.com"))).as("what a provider shows is no name").isNull();
    assertThat(PersonNames.NONE.of(person("e-1"))).isNull();
  }

  @Test
  void of_rule_namesTheOthersAndNobodyLikeSomebodyOfTheTable() {
    PersonNames names = new PersonNames(TABLE, "user:{sub}@acme.com");
    assertThat(names.of(person("bob"))).isEqualTo("user:bob@acme.com");
    assertThat(names.of(person("e-1"))).isEqualTo("user:erin@acme.com");
    assertThat(names.of(person("erin"))).as("somebody who chose a sub").isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u202eb", "a\nb", "e\u0301"})
  void of_subThatNobodyCanRead_isNoName(String sub) {
    assertThat(new PersonNames(TABLE, "user:{sub}").of(person(sub))).isNull();
  }

  @Test
  void make_namesThatDoNotTellApart_isRefused() {
    assertThatThrownBy(() -> new PersonNames(Map.of("a", "user:x", "b", "user:x"), null))
        .isInstanceOf(TaperException.class);
    assertThatThrownBy(() -> new PersonNames(TABLE, "user:everybody"))
        .isInstanceOf(TaperException.class);
    assertThatThrownBy(() -> new PersonNames(Map.of("a", " user:x"), null))
        .isInstanceOf(TaperException.class);
  }
}
