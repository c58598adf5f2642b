package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.PrivateKey;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCommandsTest {
  @TempDir Path folder;
  private Cli cli;
  private PrivateKey root;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.ok("keygen", "--out", "root.key");
    root = PrivateKey.parse(cli.read("root.key").strip());
  }

  @Test
  void mint_file_makesAVerifiableToken() {
    cli.file("authority.datalog", "user(\"alice\");\n");

    String token =
        cli.ok(
            "mint",
            "-k",
            "root.key",
            "--ttl",
            "1h",
            "--context",
            "task 7",
            "--root-key-id",
            "4294967295",
            "authority.datalog");

    Token verified = UnverifiedToken.decode(token.strip()).verify(root.publicKey());
    assertThat(verified.blocks().get(0).block().toString())
        .isEqualTo("user(\"alice\");\ncheck if time($time), $time < 2030-01-01T13:00:00Z;\n");
    assertThat(verified.blocks().get(0).block().context()).isEqualTo("task 7");
    assertThat(verified.rootKeyId()).hasValue(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "15m, 2030-01-01T12:15:00Z",
    "1d, 2030-01-02T12:00:00Z",
    "2031-05-06T07:08:09+01:00, 2031-05-06T06:08:09Z"
  })
  void mint_ttlAlone_isABlock(String ttl, String date) {
    String token = cli.ok("mint", "-k", "root.key", "--ttl", ttl);

    assertThat(code(token, 0)).isEqualTo("check if time($time), $time < " + date + ";\n");
  }

  @Test
  void mint_params_takeTheirTypes() {
    String token =
        cli.ok(
            "mint",
            "-k",
            "root.key",
            "--block",
            "a({name}, {age}, {day}, {raw}, {yes}); check if b($x) trusting {key}",
            "--param",
            "name=jo\"hn=x",
            "--param",
            "age:integer=-42",
            "--param",
            "day:date=2030-01-02T03:04:05Z",
            "--param",
            "raw:bytes=hex:00ff",
            "--param",
            "yes:bool=true",
            "--param",
            "key:pubkey=" + root.publicKey());

    assertThat(code(token, 0))
        .isEqualTo(
            "a(\"jo\\\"hn=x\", -42, 2030-01-02T03:04:05Z, hex:00ff, true);\n"
                + "check if b($x) trusting "
                + root.publicKey()
                + ";\n");
  }

  @ParameterizedTest
  @CsvSource({
    "a, 2",
    "a:integer=x, 2",
    "a:integer=9223372036854775808, 2",
    "a:float=1, 2",
    "a:bool=yes, 2",
    "a:bytes=00, 2",
    "a:bytes=hex:0, 2",
    "a:date=today, 2",
    "a:pubkey=ed25519/00, 2",
    "b=unused, 4",
    "1a=name, 4"
  })
  void mint_badParam_isRefused(String param, int exit) {
    Cli.Result result = cli.run("mint", "-k", "root.key", "--block", "f(1)", "--param", param);

    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.err()).startsWith("taper: ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void mint_syntaxError_pointsAtIt() {
    Cli.Result result = cli.stdin("user(\"alice\");\nrigth(").run("mint", "-k", "root.key", "-");

    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.err()).startsWith("taper: line 2").contains("(syntax)", "rigth(", "^");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void mint_keyFromEnvironment_works() {
    cli.env("TAPER_PRIVATE_KEY", root.exposeText()).env("OTHER", root.exposeText());

    String first = cli.ok("mint", "--block", "a(1)");
    String second = cli.ok("mint", "--key-env", "OTHER", "--block", "a(1)");

    assertThat(UnverifiedToken.decode(first.strip()).verify(root.publicKey()).kind()).isNotNull();
    assertThat(UnverifiedToken.decode(second.strip()).verify(root.publicKey()).kind()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--block a(1)",
        "-k root.key --key-env X --block a(1)",
        "--key-env UNSET --block a(1)",
        "-k root.key --block a(1) file",
        "-k root.key",
        "-k - -",
        "-k root.key --block a(1) --ttl soon",
        "-k root.key --block a(1) --ttl 2030-99-01T00:00:00Z",
        "-k root.key --block a(1) --ttl 999999999w",
        "-k root.key --block a(1) --ttl 9000000d",
        "-k root.key --block a(1) --ttl +10000-01-01T00:00:00Z",
        "-k root.key --block a(1) --root-key-id -1",
        "-k root.key --block a(1) --root-key-id 4294967296",
        "-k root.key --block a(1) --key-algorithm ed25519"
      })
  void mint_badCommandLine_isUsage(String options) {
    String[] args = ("mint " + options).split(" ", -1);

    Cli.Result result = cli.stdin(root.exposeText()).run(args);

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("(usage)");
  }

  @Test
  void mint_dateBefore1970_isUsage() {
    Cli.Result result =
        cli.run("mint", "-k", "root.key", "--block", "a(1)", "--ttl", "1969-12-31T23:59:59Z");

    assertThat(result.exit()).isEqualTo(2);
  }

  @Test
  void mint_out_isForItsOwnerOnly() throws IOException {
    cli.file("token", "an older one, readable by all");

    String out = cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "token");

    assertThat(out).isEmpty();
    assertThat(cli.read("token")).endsWith("\n");
    assertThat(Files.getPosixFilePermissions(folder.resolve("token")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("root.key", "root.pub", "token");
  }

  @Test
  void rawForms_gothroughEveryCommand_unchanged() {
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--raw", "--out", "a.bc");
    byte[] narrowed =
        cli.stdin(cli.readBytes("a.bc"))
            .run("attenuate", "--raw-input", "-", "--raw", "--block", "check if b(1)")
            .bytes();
    byte[] sealed = cli.stdin(narrowed).run("seal", "--raw-input", "-", "--raw").bytes();

    Token token = UnverifiedToken.decode(sealed).verify(root.publicKey());
    assertThat(token.blocks()).hasSize(2);
    assertThat(token.kind()).hasToString("SEALED");
  }

  @Test
  void attenuate_tokenFromEnvironment_works() {
    cli.file("block.datalog", "check if operation({op});");
    String token = cli.ok("mint", "-k", "root.key", "--block", "a(1)");

    String narrowed =
        cli.env("TAPER_TOKEN", token)
            .ok("attenuate", "--block-file", "block.datalog", "--param", "op=read", "--ttl", "5m");

    assertThat(code(narrowed, 1))
        .isEqualTo(
            """
            check if operation("read");
            check if time($time), $time < 2030-01-01T12:05:00Z;
            """);
  }

  @Test
  void sealed_cannotBeExtendedOrSealedAgain() {
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "token");
    cli.ok("seal", "token", "--out", "sealed");

    for (String[] args :
        new String[][] {
          {"seal", "sealed"},
          {"attenuate", "sealed", "--block", "check if true"},
          {"third-party", "request", "sealed"}
        }) {
      Cli.Result result = cli.run(args);
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).contains("(sealed)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "hello", "====", "EnQK"})
  void anyCommand_notAToken_isInvalidToken(String text) {
    for (String[] args :
        new String[][] {
          {"inspect", "-"},
          {"seal", "-"},
          {"attenuate", "-", "--block", "check if true"},
          {"third-party", "request", "-"},
          {"snapshot", "inspect", "-"},
          {"authorize", "-", "-p", root.publicKey().toString(), "--authorizer", "allow if true"}
        }) {
      Cli.Result result = cli.stdin(text).run(args);
      assertThat(result.exit()).as(String.join(" ", args) + result.err()).isEqualTo(3);
      assertThat(result.err().lines()).hasSize(1);
    }
  }

  @Test
  void anyCommand_bytesWithoutRawInput_saysSo() {
    Cli.Result result = cli.stdin(new byte[] {(byte) 0xff}).run("inspect", "-");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("--raw-input", "(not_text)");
  }

  @Test
  void anyCommand_hugeToken_isInvalidToken() {
    Cli.Result result = cli.stdin("a".repeat((4 << 20) + 1)).run("inspect", "-");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(too_large)");
  }

  @Test
  void anyCommand_tokenInsteadOfFile_isNotRepeated() {
    String token = cli.ok("mint", "-k", "root.key", "--block", "a(1)").strip();

    Cli.Result result = cli.run("inspect", token);

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).doesNotContain(token).contains("characters");
  }

  @Test
  void anyCommand_directory_isIo() {
    assertThat(cli.run("inspect", ".").err()).contains("it is a directory (io)");
  }

  @Test
  void anyCommand_noToken_isUsage() {
    assertThat(cli.run("inspect").exit()).isEqualTo(2);
    assertThat(cli.run("inspect").err()).contains("TAPER_TOKEN");
  }

  private static String code(String token, int block) {
    return UnverifiedToken.decode(token.strip()).blocks().get(block).block().toString();
  }
}
