package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while a service runs, and its revocation list. */
class ConfigReloadTest {
  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  @Test
  void reload_filesChange_areUsed() throws IOException {
    try (ConfiguredVerifier service = files.config().open()) {
      files.write("open.datalog", "deny if operation(\"read\");");
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
      assertThat(service.reload()).isTrue();
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("policy_denied");

      files.write("open.datalog", "allow if true;");
      files.write("catalog.json", ServiceFiles.CATALOG.replace("limit", "count"));
      assertThat(service.reload()).isTrue();
      assertThat(ServiceFiles.catalog(service.verifier()).toJson()).contains("\"count\"");

      files.write("catalog.json", ServiceFiles.CATALOG);
      files.write("root.pub", files.revoker.publicKey().toString());
      assertThat(service.reload()).isTrue();
      Refused.with(ErrorCode.INVALID_SIGNATURE, () -> files.call(service.verifier()));
    }
  }

  @Test
  void reload_fileMakesNoSense_keepsTheOldOneAndSaysSo() throws IOException {
    try (ConfiguredVerifier service = files.config().open()) {
      files.write("catalog.json", ServiceFiles.CATALOG.replace("svc:jira", "svc:wiki"));
      files.write("names.json", files.names(0));
      files.write("open.datalog", "allow");
      Files.delete(folder.resolve("root.pub"));

      assertThat(service.reload()).isFalse();
      assertThat(service.health().files())
          .extracting(VerifierHealth.WatchedFile::error)
          .containsExactlyInAnyOrder(
              ErrorCode.FILE_UNAVAILABLE,
              ErrorCode.INVALID_ARGUMENT,
              ErrorCode.INVALID_NAMES,
              ErrorCode.SYNTAX);
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
    }
  }

  /** Waits until calls are answered so; how soon that is, depends on the machine. */
  private void await(String code, ConfiguredVerifier service, AgentToken token)
      throws InterruptedException {
    while (!ServiceFiles.code(files.call(service.verifier(), token)).equals(code)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  @Timeout(60)
  void reloadEvery_fileChanges_isUsedSoon() throws Exception {
    try (ConfiguredVerifier service = files.config("reload-every: 20ms").open()) {
      files.write("open.datalog", "deny if true;");
      await("policy_denied", service, files.token());
    }
  }

  @Test
  @Timeout(60)
  void revocations_listChanges_isUsedSoon() throws Exception {
    AgentToken token = files.token();
    try (ConfiguredVerifier service = files.config().open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier(), token))).isEqualTo("allowed");
      files.publish(
          2,
          List.of(RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-1"))));
      await("revoked", service, token);
    }
  }

  @Test
  void open_noList_refusesEveryCall() throws IOException {
    Files.delete(folder.resolve("revoked.list"));
    try (ConfiguredVerifier service = files.config().open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier())))
          .isEqualTo("revocation_unavailable");
      assertThat(service.health().ready()).isFalse();
    }
  }
}
