package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.SecretFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.doctor.Checkup;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The secrets that a configuration names: the audit key, and what opens it. */
class ConfigSecretsTest {
  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  @Test
  void open_readableAuditKey_isRefusedUnlessAccepted() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("audit.key"), PosixFilePermissions.fromString("rw-r--r--"));

    Refused.with(ErrorCode.SECRET_EXPOSED, () -> files.config().open().close());
    files.config("audit: {log: a.jsonl, key: audit.key, accept-readable-key: true}").open().close();
  }

  /** Makes an encrypted key, and the file with its passphrase. */
  private void encrypt(String passphrase) throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    SecretFile.create(
        folder.resolve("closed.key"),
        Pem.writeEncrypted(key, passphrase.toCharArray()).getBytes(StandardCharsets.UTF_8));
    SecretFile.create(
        folder.resolve("passphrase"), (passphrase + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void open_encryptedAuditKey_isOpenedByAFileOrAVariable() throws IOException {
    encrypt(System.getenv("PATH"));

    files
        .config("audit: {log: a.jsonl, key: closed.key, passphrase-file: passphrase}")
        .open()
        .close();
    TaperConfig config =
        files.config("audit: {log: b.jsonl, key: closed.key, passphrase-env: PATH}");
    config.open().close();
    assertThat(config.explain().toString()).contains("the environment variable PATH");
    Checkup checkup = new Checkup();
    config.check(checkup);
    assertThat(checkup.healthy()).as(checkup.observations().toString()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key: closed.key | no encryption",
        "key: closed.key, passphrase-file: none | none",
        "key: closed.key, passphrase-file: root.pub | root.pub",
        "key: closed.key, passphrase-env: TAPER_NOT_SET | variable TAPER_NOT_SET",
        "key: closed.key, passphrase-env: PATH | passphrase",
        "key: audit.key, passphrase-file: passphrase | is not an encrypted key",
      })
  void open_keyThatTheSettingDoesNotOpen_isRefused(String audit, String expected)
      throws IOException {
    encrypt("correct horse");

    TaperConfig config = files.config("audit: {log: a.jsonl, " + audit + "}");
    assertThatThrownBy(config::open)
        .isInstanceOf(RuntimeException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .doesNotContain("correct horse")
                    .contains(expected.equals("no encryption") ? "passphrase" : expected));
  }
}
