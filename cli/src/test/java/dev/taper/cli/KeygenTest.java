package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeygenTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
  }

  @Test
  void keygen_nothing_printsAPair() {
    String[] lines = cli.ok("keygen").split("\n", -1);

    PrivateKey key = PrivateKey.parse(lines[0].substring("Private key: ".length()));
    assertThat(lines[1]).isEqualTo("Public key: " + key.publicKey());
    assertThat(key.algorithm()).isEqualTo(Algorithm.ED25519);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--json", "--only-private", "--format pem", "--format raw --only-private"})
  void keygen_onATerminal_printsNoPrivateKey(String options) {
    cli.terminals(true, true, true);

    Cli.Result result = cli.run(("keygen " + options).strip().split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out() + result.err())
        .contains("--out FILE")
        .doesNotContain("ed25519-private/", "PRIVATE KEY");
  }

  @Test
  void keygen_onATerminal_printsWhatIsNoSecret() {
    cli.file("passphrase", "correct horse");
    cli.terminals(true, true, true);

    assertThat(cli.ok("keygen", "--only-public")).startsWith("ed25519/");
    assertThat(
            cli.ok(
                "keygen",
                "--format",
                "pem",
                "--passphrase-file",
                "passphrase",
                "--accept-readable-key"))
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  }

  @Test
  void keygen_out_writesBothFiles() throws IOException {
    String out = cli.ok("keygen", "--algorithm", "secp256r1", "--out", "root.key");

    PrivateKey key = PrivateKey.parse(cli.read("root.key").strip());
    assertThat(PublicKey.parse(cli.read("root.pub").strip())).isEqualTo(key.publicKey());
    assertThat(key.algorithm()).isEqualTo(Algorithm.SECP256R1);
    assertThat(out).contains("root.key", "root.pub").doesNotContain(key.exposeText());
    assertThat(Files.getPosixFilePermissions(folder.resolve("root.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(folder).isDirectoryContaining("glob:**/root.pub").isNotEmptyDirectory();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("root.key", "root.pub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root.key", "root.pub"})
  void keygen_existingFile_isKept(String name) {
    cli.file(name, "precious");

    Cli.Result result = cli.run("keygen", "--out", "root.key");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains(name, "--force");
    assertThat(folder.toFile().list()).containsExactly(name);
    assertThat(cli.read(name)).isEqualTo("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "pem"})
  void otherCommands_outOverAPrivateKey_areRefused(String format) {
    cli.ok("keygen", "--format", format, "--out", "root.key");
    String key = cli.read("root.key");

    Cli.Result result =
        cli.run(
            ("mint --key root.key --delegator user:a@acme.com --holder agent:p=root.pub --task T-1"
                    + " --grant x.y --expires 1h --out root.key")
                .split(" "));

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("root.key holds a private key and is not overwritten");
    assertThat(cli.read("root.key")).isEqualTo(key);
  }

  @Test
  void keygen_force_replacesAndTightensPermissions() throws IOException {
    cli.file("root.key", "old");
    Files.setPosixFilePermissions(
        folder.resolve("root.key"), PosixFilePermissions.fromString("rw-r--r--"));

    cli.ok("keygen", "--out", "root.key", "--force");

    assertThat(cli.read("root.key")).startsWith("ed25519-private/");
    assertThat(Files.getPosixFilePermissions(folder.resolve("root.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void keygen_danglingLink_isNotFollowed() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Files.createSymbolicLink(folder.resolve("root.key"), elsewhere);

    assertThat(cli.run("keygen", "--out", "root.key").exit()).isEqualTo(5);
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void keygen_missingFolder_isIo() {
    Cli.Result result = cli.run("keygen", "--out", "nowhere/root.key");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err())
        .isEqualTo("taper: cannot write nowhere/root.key: there is no such folder (io)\n");
  }

  @ParameterizedTest
  @CsvSource({"text,text", "text,pem", "pem,raw", "raw,text", "pem,pem"})
  void keygen_from_convertsBetweenFormats(String from, String to) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    cli.secret("text", key.exposeText() + "\n");
    cli.ok("keygen", "--from", "text", "--format", from, "--out", "a.key");

    cli.ok("keygen", "--from", "a.key", "--from-format", from, "--format", to, "--out", "b.key");
    cli.ok("keygen", "--from", "b.key", "--from-format", to, "--out", "c.key");

    assertThat(cli.read("c.key")).isEqualTo(key.exposeText() + "\n");
    assertThat(cli.read("c.pub")).isEqualTo(key.publicKey() + "\n");
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void keygen_fromStdinOnlyPublic_printsThePublicKey(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);

    cli.stdin(key.exposeText());
    assertThat(cli.ok("keygen", "--from", "-", "--only-public")).isEqualTo(key.publicKey() + "\n");

    cli.stdin(key.secret().exposeCopy());
    String raw =
        cli.ok(
            "keygen",
            "--from",
            "-",
            "--from-format",
            "raw",
            "--algorithm",
            algorithm.text(),
            "--only-public");
    assertThat(raw).isEqualTo(key.publicKey() + "\n");
  }

  @Test
  void keygen_rawOnStandardOutput_isTheBytes() {
    PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
    cli.env("KEY", key.exposeText());

    Cli.Result result = cli.run("keygen", "--from-env", "KEY", "--format", "raw", "--only-public");

    assertThat(result.bytes()).isEqualTo(key.publicKey().bytes());
  }

  @Test
  void keygen_rawToATerminal_isRefused() {
    cli.terminals(true, true, true);

    Cli.Result result = cli.run("keygen", "--format", "raw", "--only-private");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.bytes()).isEmpty();
  }

  @Test
  void keygen_passphrase_encrypts() {
    cli.secret("words", "correct horse\nsecond line\n");
    cli.ok("keygen", "--format", "pem", "--passphrase-file", "words", "--out", "root.key");

    String pem = cli.read("root.key");
    assertThat(Pem.isEncrypted(pem)).isTrue();
    String text =
        cli.env("WORDS", "correct horse")
            .ok("keygen", "--from", "root.key", "--from-passphrase-env", "WORDS", "--only-private");
    assertThat(PrivateKey.parse(text.strip()).publicKey())
        .isEqualTo(Pem.readPublicKey(cli.read("root.pub")));
  }

  @Test
  void keygen_wrongOrMissingPassphrase_isUsage() {
    cli.env("WORDS", "right").env("WRONG", "wrong");
    cli.ok("keygen", "--format", "pem", "--passphrase-env", "WORDS", "--out", "root.key");

    Cli.Result wrong =
        cli.run("keygen", "--from", "root.key", "--from-passphrase-env", "WRONG", "--only-public");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("(invalid_pem)");
    Cli.Result missing = cli.run("keygen", "--from", "root.key", "--only-public");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("passphrase");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--only-public --only-private",
        "--format raw",
        "--format hex",
        "--algorithm rsa",
        "--passphrase-env NAME",
        "--passphrase-env NAME --passphrase-file f --format pem",
        "--from a --from-env B",
        "--from a --algorithm ed25519",
        "--unknown",
        "extra"
      })
  void keygen_contradiction_isUsage(String options) {
    String[] args = ("keygen " + options).split(" ", -1);

    Cli.Result result = cli.run(args);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("taper: ").contains("(usage)");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "ed25519-private/00", "ed25519/00", "-----BEGIN PRIVATE KEY-----"})
  void keygen_notAKey_isUsage(String text) {
    Cli.Result result = cli.stdin(text).run("keygen", "--from", "-");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).containsAnyOf("(invalid_key)", "(invalid_pem)");
  }

  @Test
  void keygen_hugeInput_isRefused() {
    Cli.Result result = cli.stdin("a".repeat(70_000)).run("keygen", "--from", "-");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("(too_large)");
  }
}
