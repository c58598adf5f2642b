package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Observation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at everything that a configuration names. */
class ConfigCheckTest {
  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  @Test
  void check_everything_changesNothing() throws IOException {
    TaperConfig config = files.config();
    List<Path> before = list();
    Checkup checkup = new Checkup();
    config.check(checkup);

    assertThat(checkup.healthy()).as(checkup.observations().toString()).isTrue();
    assertThat(checkup.observations())
        .extracting(Observation::subject)
        .contains("root keys", "catalog", "names", "policies", "revocations", "audit key")
        .contains("revocation memory", "audit log", "replay memory", "approval uses")
        .contains("budgets acme");
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void check_descriptors_areLookedAt() throws IOException {
    Checkup checkup = new Checkup();
    files.config().check(checkup);

    assertThat(checkup.observations())
        .extracting(Observation::subject)
        .contains("descriptors", "heap");
  }

  /** Two replicas with the memory of a process take a proof twice. */
  @Test
  void check_memoryOfOneProcess_saysThatReplicasDoNotShareIt() throws IOException {
    files.write(
        "own.yaml",
        """
        audience: svc:jira
        root-keys: root.pub
        catalog: catalog.json
        revocations: none
        """);
    Checkup checkup = new Checkup();
    TaperConfig.load(folder.resolve("own.yaml"), Clock.systemUTC()).check(checkup);

    assertThat(checkup.observations())
        .anySatisfy(
            found -> {
              assertThat(found.code()).isEqualTo("not_shared");
              assertThat(found.text()).contains("a proof is taken once by each");
            });
    Checkup shared = new Checkup();
    files.config().check(shared);
    assertThat(shared.observations().toString()).doesNotContain("not_shared");
  }

  @Test
  void check_policiesThatNeverAllow_saysSo() throws IOException {
    files.write("open.datalog", "deny if true;");
    Checkup checkup = new Checkup();
    files.config().check(checkup);

    assertThat(checkup.observations().toString()).contains("never_allows");
  }

  @Test
  void check_policyThatNeedsMoreApproversThanThereAre_saysSo() throws IOException {
    PublicKey boss = PrivateKey.generate(Algorithm.ED25519).publicKey();
    files.write(
        "names.json",
        NamesFile.builder()
            .number(2)
            .approver("user:boss@acme.com", boss)
            .group("finance", "user:boss@acme.com")
            .build()
            .write());
    files.write(
        "open.datalog",
        """
        check if approved_by("finance", $p), $p.length() >= 9;
        allow if true;
        """);
    Checkup checkup = new Checkup();
    files.config().check(checkup);

    assertThat(checkup.observations().toString())
        .contains("approval_never_met", "of the group finance 9 have to approve");
  }

  private List<Path> list() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
