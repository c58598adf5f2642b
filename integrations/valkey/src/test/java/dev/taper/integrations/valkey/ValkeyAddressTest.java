package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValkeyAddressTest {
  @TempDir Path folder;

  @Test
  void parse_everything_isRead() {
    ValkeyAddress address =
        ValkeyAddress.parse(
            "rediss://taper@valkey.acme.com:7000?name=jira&password-file=secret&ca=ca.pem", folder);

    assertThat(address)
        .isEqualTo(
            new ValkeyAddress(
                "rediss://valkey.acme.com:7000 (jira)",
                "valkey.acme.com",
                7000,
                true,
                "taper",
                "jira",
                folder.resolve("secret"),
                null,
                folder.resolve("ca.pem")));
  }

  @Test
  void parse_littleOnThisMachine_hasDefaults() {
    ValkeyAddress address = ValkeyAddress.parse("valkey://localhost", folder);

    assertThat(address.port()).isEqualTo(6379);
    assertThat(address.name()).isEqualTo("default");
    assertThat(address.tls()).isFalse();
    assertThat(address.password()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "valkey",
        "valkey:",
        "valkey://",
        "valkey:localhost",
        "http://localhost",
        "valkey://localhost/0",
        "valkey://localhost#a",
        "valkey://taper:hunter2@localhost",
        "valkey://:hunter2@localhost",
        "valkey://hunter2 @localhost",
        "valkey://localhost?hunter2",
        "valkey://localhost?password=hunter2",
        "valkey://localhost?name=",
        "valkey://localhost?name=a&name=b",
        "valkey://localhost?name=a{b}",
        "valkey://localhost?name=hunter2%00",
        "valkey://localhost?tls=on",
        "valkey://localhost?password-file=a&password-env=B",
        "valkey://localhost?password-file=%00hunter2",
        "valkey://valkey.acme.com",
        "redis://10.0.0.1"
      })
  void parse_anythingElse_isRefusedWithoutItsText(String text) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> ValkeyAddress.parse(text, folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .satisfies(e -> assertThat(e).hasNoCause())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void parse_anotherMachineWithoutTls_hasToBeSpelledOut() {
    assertThat(ValkeyAddress.parse("valkey://10.0.0.1?tls=off", folder).tls()).isFalse();
    assertThat(ValkeyAddress.parse("valkeys://10.0.0.1", folder).tls()).isTrue();
  }

  @Test
  void password_ofAFile_isItsTextWithoutTheLineBreak() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    ValkeyAddress address = ValkeyAddress.parse("valkey://localhost?password-file=secret", folder);

    assertThat(address.password()).isEqualTo("hunter2".toCharArray());
  }

  @Test
  void password_ofAFileThatOthersCanRead_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    ValkeyAddress address = ValkeyAddress.parse("valkey://localhost?password-file=secret", folder);

    Refused.with(ErrorCode.SECRET_EXPOSED, address::password);
  }

  @Test
  void password_notThere_isUnavailable() {
    Refused.with(
        ErrorCode.FILE_UNAVAILABLE,
        () -> ValkeyAddress.parse("valkey://localhost?password-file=none", folder).password());
    Refused.with(
        ErrorCode.FILE_UNAVAILABLE,
        () ->
            ValkeyAddress.parse("valkey://localhost?password-env=TAPER_NO_SUCH", folder)
                .password());
  }
}
