package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class TaperSettingsTest {
  private static final String KEY = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
  private static final Map<String, Object> LEAST =
      Map.of(
          "taper.audience", "svc:jira",
          "taper.root-keys", KEY,
          "taper.catalog", "none",
          "taper.revocations", "none");

  @TempDir Path folder;

  private static TaperSettings read(Map<String, Object> first, Map<String, Object> second) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().remove("systemProperties");
    environment.getPropertySources().remove("systemEnvironment");
    environment.getPropertySources().addLast(new MapPropertySource("first", first));
    environment.getPropertySources().addLast(new MapPropertySource("second", second));
    ConfigurationPropertySources.attach(environment);
    return TaperSettings.of(environment);
  }

  @Test
  void settings_belowTaper_areThoseOfTheService() {
    TaperSettings settings =
        read(
            Map.of("taper.policies[0]", "${first}", "taper.policies[1]", "default", "first", "a"),
            LEAST);

    assertThat(settings.config().audience()).isEqualTo("svc:jira");
    assertThat(settings.service())
        .containsEntry("policies[0]", "a")
        .containsEntry("root-keys", KEY);
    assertThat(settings.open()).isEmpty();
  }

  @Test
  void settings_ofHttp_areTheStartersOwn() {
    TaperSettings settings =
        read(
            Map.of(
                "taper.http.dialled-as", "https://jira.example.com",
                "taper.http.target-from", "Taper-Target",
                "taper.http.max-content", "10",
                "taper.http.open", "/actuator/health,/mcp"),
            LEAST);

    assertThat(settings.dialledAs()).isEqualTo("https://jira.example.com");
    assertThat(settings.targetFrom()).isEqualTo("Taper-Target");
    assertThat(settings.maxContent()).isEqualTo(10);
    assertThat(settings.open()).isEqualTo(Set.of("/actuator/health", "/mcp"));
    assertThat(settings.config().audience()).isEqualTo("svc:jira");
  }

  @Test
  void settings_unknown_areRefused() {
    assertThatThrownBy(() -> read(Map.of("taper.polices[0]", "default"), LEAST).config())
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("polices");
    assertThatThrownBy(() -> read(Map.of("taper.http.opened", "/x"), LEAST))
        .hasMessageContaining("taper.http.opened");
    assertThatThrownBy(() -> read(Map.of("taper.http.max-content", "much"), LEAST))
        .hasMessageContaining("number of bytes");
    assertThatThrownBy(() -> read(Map.of("taper.audience", "${nowhere}"), LEAST))
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> read(Map.of(), Map.of()).config())
        .isInstanceOf(OperationException.class);
  }

  @Test
  void paths_thatAreOpen_areNoPatterns() {
    for (String path :
        Set.of(
            "", "health", "/", "/**", "/a*", "/a/../b", "/a//b", "/a;b", "/%61", "/a?b", "/a,")) {
      assertThatThrownBy(() -> read(Map.of("taper.http.open[0]", path), LEAST))
          .as(path)
          .hasMessageContaining("no patterns");
    }
  }

  /** A list is one setting: what is left of a longer one would still be trusted. */
  @Test
  void lists_ofAnEarlierSource_hideLaterOnes() {
    TaperSettings settings =
        read(
            Map.of("taper.policies[0]", "a"),
            Map.of("taper.policies[0]", "b", "taper.policies[1]", "c"));

    assertThat(settings.service()).containsOnly(Map.entry("policies[0]", "a"));
  }

  @Test
  void variables_ofTheEnvironment_countAndAreStrict() {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().remove("systemProperties");
    environment
        .getPropertySources()
        .replace(
            "systemEnvironment",
            new SystemEnvironmentPropertySource(
                "systemEnvironment", Map.of("TAPER_AUDIENCE", "svc:other", "TAPER_X_Y", "1")));
    environment.getPropertySources().addLast(new MapPropertySource("least", LEAST));
    ConfigurationPropertySources.attach(environment);

    TaperSettings settings = TaperSettings.of(environment);
    assertThat(settings.service()).containsEntry("audience", "svc:other").containsEntry("x.y", "1");
    assertThatThrownBy(settings::config).hasMessageContaining("there is no setting x");
  }

  @Test
  void file_ofTheService_isReadAndStandsAlone() throws IOException {
    Path file = folder.resolve("taper.properties");
    Files.writeString(
        file,
        "audience=svc:files\ncatalog=none\nrevocations=none\nroot-keys=" + KEY.replace(":", "\\:"));

    Map<String, Object> named = Map.of("taper.config", file.toString());
    assertThat(read(named, Map.of()).config().audience()).isEqualTo("svc:files");
    assertThatThrownBy(() -> read(named, Map.of("taper.observe-only", "true")))
        .hasMessageContaining("taper.observe-only");
  }
}
