package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.operations.OperationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilesTest {
  private static final Path FOLDER = Path.of("/etc/taper");

  private static Profiles profiles(String text) {
    return Profiles.parse("c.yaml", text, FOLDER);
  }

  private static List<String> texts(Profiles profiles, String name, String setting) {
    return values(profiles, name, setting).stream().map(Profiles.Value::text).toList();
  }

  private static List<Profiles.Value> values(Profiles profiles, String name, String setting) {
    return Objects.requireNonNull(profiles.profile(name).values().get(setting));
  }

  @Test
  void values_relativePaths_startFromTheFilesFolder() {
    Profiles read =
        profiles(
            """
            profiles:
              acme:
                registry: sqlite:taper.db
                audit: jdbc:postgresql://db/taper?user=me
                audit-key: keeper:audit
                revocations: https://lists.example/revoked.list
                revocation-key: [list.pub, /abs/other.pub]
                names: names.json
            """);

    assertThat(read.areAll()).isTrue();
    assertThat(read.names()).containsExactly("acme");
    assertThat(texts(read, "acme", "registry")).containsExactly("sqlite:/etc/taper/taper.db");
    assertThat(texts(read, "acme", "audit")).containsExactly("jdbc:postgresql://db/taper?user=me");
    assertThat(texts(read, "acme", "audit-key")).containsExactly("keeper:audit");
    assertThat(texts(read, "acme", "revocations"))
        .containsExactly("https://lists.example/revoked.list");
    assertThat(texts(read, "acme", "revocation-key"))
        .containsExactly("/etc/taper/list.pub", "/abs/other.pub");
    assertThat(texts(read, "acme", "names")).containsExactly("/etc/taper/names.json");
    assertThat(values(read, "acme", "names").get(0).where()).isEqualTo("c.yaml:8:5");
  }

  @Test
  void values_inAServicesConfiguration_areTaken() {
    Profiles read =
        profiles(
            """
            audience: svc:jira
            root-keys: r
            revocations: none
            catalog: none
            profiles: {a: {names: n}}
            """);

    assertThat(read.areAll()).isFalse();
    assertThat(texts(read, "a", "names")).containsExactly("/etc/taper/n");
    assertThat(profiles("profiles:\n  b: {keys: k}").names()).containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profiles: {a: {key: root.key}} | there is no setting key; did you mean keys?",
        "profiles: {a: {without-revocation: 'true'}} | there is no setting without-revocation",
        "profiles: {A: {names: n}} | a profile's name has small letters",
        "profiles: {a: {names: [m, n]}} | names has one value, not several",
        "profiles: {a: {names: {b: c}}} | names has one value, not several",
        "profiles: {a: {names: '-'}} | a file, key or place is expected",
        "profiles: {a: {names: ' '}} | a file, key or place is expected",
        "profiles: {a: {keys: k, public-key: p}} | keys and public-key exclude each other",
        "profiles: {a: {audit: 'jdbc:postgresql://me:secret@db/taper'}} | this is a secret",
        "profiles: {a: text} | a has names with values below it",
        "profiles: [a] | profiles has names with values below it",
        "profils: {a: {names: n}} | audience is missing",
      })
  void mistake_hasItsPlace(String text, String message) {
    Throwable thrown = catchThrowable(() -> profiles(text));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("invalid_config"));
    assertThat(thrown).hasMessageStartingWith("c.yaml:").hasMessageContaining(message);
  }

  @Test
  void mistakes_ofSeveralProfiles_areToldAtOnce() {
    Throwable thrown =
        catchThrowable(() -> profiles("profiles: {a: {x: y}, b: {names: '-', z: z}}"));

    assertThat(String.valueOf(thrown.getMessage()).lines()).hasSize(3);
  }

  @Test
  void profile_unknown_namesTheNearest() {
    Throwable thrown =
        catchThrowable(() -> profiles("profiles: {acme: {names: n}}").profile("acne"));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("unknown_profile"))
        .hasMessageContaining("did you mean acme?");
  }
}
