package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper config check}, and {@code taper doctor --config}. */
class ConfigCommandTest {
  private static final String SERVICE =
      """
      audience: svc:jira
      root-keys: root.pub
      catalog: none
      revocations: {list: revoked.list, keys: revoker.pub, memory: revoked.number}
      policies: [read-only, default]
      replay-memory: sqlite:service.db
      """;

  @TempDir Path folder;

  private Cli cli;

  @BeforeEach
  void makeEverything() {
    cli = new Cli(folder);
    new Agents(cli).signRevocations();
    cli.file("service.yaml", SERVICE);
  }

  @Test
  void check_right_explainsAndIsHealthy() {
    Cli.Result result = cli.run("config", "check", "service.yaml");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("audience               proofs and tokens call this service svc:jira")
        .contains("a call has to be allowed by read-only, then default")
        .contains("only held tokens, whose holder proves each call (default)")
        .contains("for all that share sqlite:service.db")
        .contains("right     root keys")
        .contains("right     policies           2 policies read")
        .contains("doubtful  replay memory");
    assertThat(folder.resolve("service.db")).doesNotExist();
  }

  /** The heap is that of the server that starts in the same environment, not of this command. */
  @Test
  void check_heapOfTheServerIsTooSmall_isDenied() {
    cli.file(
        "service.yaml",
        SERVICE.replace("sqlite:service.db", "memory") + "replay-bytes: 134217728\n");

    Cli.Result result = cli.run("config", "check", "service.yaml");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("wrong +heap +.*half of the heap has 129743796.*\\(heap_too_small\\)")
        .containsPattern("doubtful +memories +.*\\(not_shared\\)");
    assertThat(cli.run("doctor", "--config", "service.yaml").out())
        .contains("(heap_too_small)", "(not_shared)", "descriptors");

    cli.env("TAPER_HEAP", "512m");
    assertThat(cli.run("config", "check", "service.yaml").exit()).isZero();
    cli.env("TAPER_HEAP", "1G");
    assertThat(cli.run("config", "check", "service.yaml").out()).contains("of 990 MiB at most");
  }

  @Test
  void check_namesWhatIsNotThere_isDenied() {
    cli.file("service.yaml", SERVICE.replace("root.pub", "none.pub"));
    Cli.Result result = cli.run("config", "check", "service.yaml");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("wrong     root keys          cannot read none.pub");
  }

  @Test
  void check_mistake_hasItsPlace() {
    cli.file("service.yaml", SERVICE.replace("policies", "polices"));
    Cli.Result result = cli.run("config", "check", "service.yaml");
    Cli.Result json = cli.run("config", "check", "service.yaml", "--json");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("service.yaml:5:1: there is no setting polices; did you mean policies?");
    assertThat(json.exit()).isEqualTo(2);
    assertThat(json.out() + json.err()).contains("invalid_config");
  }

  @Test
  void check_misspeltPolicy_isFoundInTheLibrary() {
    cli.file("service.yaml", SERVICE.replace("read-only", "read-onli"));
    Cli.Result result = cli.run("config", "check", "service.yaml");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("did you mean read-only?");
  }

  @Test
  void check_noFile_cannotBeRead() {
    assertThat(cli.run("config", "check", "none.yaml").exit()).isEqualTo(5);
    assertThat(cli.run("config", "check").exit()).isEqualTo(2);
  }

  @Test
  void check_json_hasItsSchema() throws IOException {
    Cli.Result result = cli.run("config", "check", "service.yaml", "--json");

    assertThat(result.exit()).isZero();
    JsonNode document =
        new PublishedSchema("config.schema.json").read(result.out(), "settings", "observations");
    assertThat(document.path("audience").asText()).isEqualTo("svc:jira");
  }

  @Test
  void check_fileThatEverybodyCanChange_saysWhichSettingNamesIt() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("root.pub"), PosixFilePermissions.fromString("rw-r--rw-"));
    Cli.Result result = cli.run("config", "check", "service.yaml");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains(
            "wrong     root keys          service.yaml:2:1: root-keys: root.pub: everybody can")
        .contains("change it, it has the permissions rw-r--rw-: chmod o-w", "(file_exposed)");
  }

  @Test
  void doctor_config_looksAtAllThatItNames() {
    Cli.Result right = cli.run("doctor", "--config", "service.yaml");
    cli.file("broken.yaml", "audience: [");
    Cli.Result broken = cli.run("doctor", "--config", "broken.yaml");

    assertThat(right.exit()).as(right.out()).isZero();
    assertThat(right.out()).contains("right     configuration", "right     revocations");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.out()).contains("wrong     configuration", "(invalid_config)");
  }
}
