package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that decide for a service, and that somebody else could change. */
class ConfigExposureTest {
  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  private void permit(String file, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve(file), PosixFilePermissions.fromString(permissions));
  }

  private static Checkup check(TaperConfig config) {
    Checkup checkup = new Checkup();
    config.check(checkup);
    return checkup;
  }

  @Test
  void load_fileThatEverybodyCanChange_isRefused() throws IOException {
    Path file = files.write("service.yaml", files.everything());
    permit("service.yaml", "rw-r--rw-");

    assertThatThrownBy(() -> TaperConfig.load(file, files.clock))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("config_exposed"))
        .hasMessageStartingWith("service.yaml: everybody can change it");
    permit("service.yaml", "rw-r--r--");
    assertThat(TaperConfig.load(file, files.clock).audience()).isEqualTo("svc:jira");
  }

  @Test
  void load_folderThatEverybodyCanChange_isRefused() throws IOException {
    Path file = files.write("service.yaml", files.everything());
    permit(".", "rwxrwxrwx");

    assertThatThrownBy(() -> TaperConfig.load(file, files.clock))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("config_exposed"))
        .hasMessageStartingWith("service.yaml: everybody can replace it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root.pub | service.yaml:2:1: root-keys: root.pub: everybody can change it",
        "catalog.json | service.yaml:3:1: catalog: catalog.json: everybody can change it",
        "open.datalog | service.yaml:7:12: policies[0]: open.datalog: everybody can change it",
        "names.json | service.yaml:8:1: names: names.json: everybody can change it",
        "revoker.pub | service.yaml:5:35: revocations.keys: revoker.pub: everybody can change it",
        "audit.key | service.yaml:6:35: audit.key: audit.key: everybody can change it",
        "service.db | service.db: everybody can change it",
        "revoked.number | revocations.memory: revoked.number: everybody can change it",
      })
  void open_fileThatEverybodyCanChange_isRefusedWithItsPlace(String file, String expected)
      throws IOException {
    TaperConfig config = files.config();
    config.open().close();
    permit(file, "rw-r--rw-");

    assertThatThrownBy(config::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_EXPOSED))
        .hasMessageContaining(expected);
    assertThat(check(config).observations())
        .filteredOn(seen -> "file_exposed".equals(seen.code()))
        .isNotEmpty()
        .allSatisfy(seen -> assertThat(seen.status()).isEqualTo(Observation.Status.WRONG))
        .extracting(Observation::text)
        .allSatisfy(text -> assertThat(text).contains("service.yaml:", "everybody can change it"));
    permit(file, "rw-------");
    config.open().close();
    assertThat(check(config).healthy()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replay-memory: shared | replay-memory: shared: everybody",
        "replay-memory: shared/used | replay-memory: shared/used: everybody",
        "approval-uses: sqlite:shared/a.db | approval-uses: shared/a.db: everybody",
        "budgets: {acme: shared} | budgets.acme: shared: everybody",
        "registry: sqlite:shared/a.db | registry: shared/a.db: everybody",
        "asks: sqlite:shared/a.db | asks: shared/a.db: everybody",
        "audit: {log: shared/a.jsonl, key: audit.key} | audit.log: shared/a.jsonl: everybody",
        "root-keys: shared/root.pub | root-keys: shared/root.pub: everybody can replace it",
        "names: {file: names.json, keys: [shared/root.pub]} | names.keys[0]: shared/root.pub: every",
      })
  void open_folderThatEverybodyCanChange_isRefused(String line, String expected)
      throws IOException {
    Files.createDirectory(folder.resolve("shared"));
    Files.copy(folder.resolve("root.pub"), folder.resolve("shared/root.pub"));
    permit("shared", "rwxrwxrwx");
    TaperConfig config = files.config(line);

    assertThatThrownBy(config::open)
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("service.yaml:")
        .hasMessageContaining(expected);
    assertThat(check(config).observations().toString()).contains(expected, "file_exposed");
    try (var made = Files.list(folder.resolve("shared"))) {
      assertThat(made).hasSize(1);
    }
  }

  @Test
  void open_linkToAFile_isJudgedByTheFile() throws IOException {
    Files.createDirectory(folder.resolve("real"));
    Files.move(folder.resolve("root.pub"), folder.resolve("real/root.pub"));
    Files.createSymbolicLink(folder.resolve("root.pub"), Path.of("real/root.pub"));
    TaperConfig config = files.config();
    config.open().close();

    permit("real/root.pub", "rw-rw-rw-");
    assertThatThrownBy(config::open)
        .hasMessageContaining("root.pub: everybody can change ")
        .hasMessageContaining("real/root.pub");
  }

  @Test
  void reload_fileThatEverybodyCanChange_isNotTaken() throws IOException {
    try (ConfiguredVerifier service = files.config().open()) {
      files.write("open.datalog", "deny if true;");
      files.write("root.pub", files.revoker.publicKey().toString());
      permit("open.datalog", "rw-r--rw-");
      permit("root.pub", "rw-r--rw-");

      assertThat(service.reload()).isFalse();
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
      assertThat(service.health().files())
          .extracting(VerifierHealth.WatchedFile::error)
          .containsExactlyInAnyOrder(ErrorCode.FILE_EXPOSED, ErrorCode.FILE_EXPOSED, null, null);
      permit("open.datalog", "rw-r--r--");
      assertThat(service.reload()).isTrue();
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("policy_denied");
    }
  }

  @Test
  void open_secretsThatOthersCanRead_areRefused() throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    SecretFile.create(
        folder.resolve("closed.key"),
        Pem.writeEncrypted(key, "secret".toCharArray()).getBytes(StandardCharsets.UTF_8));
    SecretFile.create(folder.resolve("passphrase"), "secret".getBytes(StandardCharsets.UTF_8));
    String keys = "key: closed.key, passphrase-file: passphrase";
    TaperConfig config = files.config("audit: {log: a.jsonl, " + keys + "}");
    TaperConfig accepting =
        files.config("audit: {log: a.jsonl, " + keys + ", accept-readable-key: true}");
    config.open().close();

    permit("passphrase", "rw-r-----");
    assertThatThrownBy(config::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_EXPOSED));
    assertThat(check(config).observations().toString()).contains("secret_exposed");
    accepting.open().close();
    // To read it may be meant; to change it is not.
    permit("passphrase", "rw-r--rw-");
    assertThatThrownBy(accepting::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_EXPOSED))
        .hasMessageContaining("audit.passphrase-file: passphrase: everybody can change it");
  }

  @Test
  void open_settingsFromElsewhere_areCheckedToo() throws IOException {
    permit("root.pub", "rw-rw-rw-");
    TaperConfig config =
        TaperConfig.of(
            Map.of(
                "audience", "svc:jira",
                "root-keys", "root.pub",
                "catalog", "none",
                "revocations", "none"),
            new Workplace(folder, files.clock));

    assertThatThrownBy(config::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_EXPOSED))
        .hasMessageStartingWith("configuration: root-keys: root.pub: everybody");
  }
}
