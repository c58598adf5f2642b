package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.crypto.PublicKey;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.ok("keygen", "--out", "root.key");
    cli.ok("keygen", "--out", "other.key", "--algorithm", "secp256r1");
  }

  private void mint(String block, String... more) {
    String[] args = {"mint", "-k", "root.key", "--block", block, "--out", "token"};
    cli.ok(Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  @Test
  void inspect_noKey_saysThatNothingIsVerified() {
    mint("right(\"a\");", "--root-key-id", "7", "--context", "task 7");
    cli.ok("attenuate", "token", "--block", "check if right($r)", "--out", "token");

    String out = cli.ok("inspect", "token");

    assertThat(out)
        .contains("2 blocks, ", "can be attenuated", "not verified: no key given", "7 (a hint")
        .contains("block 0  authority", "block 1  attenuation", "task 7", "3.0")
        .contains("    right(\"a\");\n", "    check if right($r);\n")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource({"root.pub", "root.pem", "text"})
  void inspect_rightKey_saysVerified(String form) {
    mint("right(\"a\");");
    cli.ok("keygen", "--from", "root.key", "--only-public", "--format", "pem", "--out", "root.pem");
    String key = cli.read("root.pub").strip();

    String out = cli.ok("inspect", "token", "--public-key", form.equals("text") ? key : form);

    assertThat(out).contains("verified with " + key).doesNotContain("not verified");
  }

  @Test
  void inspect_rawKey_isTakenByItsLength() {
    cli.ok("mint", "-k", "other.key", "--block", "a(1)", "--out", "token");
    cli.ok("keygen", "--from", "other.key", "--only-public", "--format", "raw", "--out", "raw");

    assertThat(cli.ok("inspect", "token", "-p", "raw", "--public-key-format", "raw"))
        .contains("verified with secp256r1/");
  }

  @Test
  void inspect_wrongKey_isForged() {
    mint("right(\"a\");");

    Cli.Result result = cli.run("inspect", "token", "--public-key", "other.pub");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void inspect_keySet_choosesByRootKeyId() {
    mint("right(\"a\");", "--root-key-id", "1");
    cli.file("keys.json", "[" + keySet(0, "other.pub") + "," + keySet(1, "root.pub") + "]");

    assertThat(cli.ok("inspect", "token", "--keys", "keys.json")).contains("verified with");

    mint("right(\"a\");", "--root-key-id", "2");
    assertThat(cli.run("inspect", "token", "--keys", "keys.json").exit()).isEqualTo(3);
    cli.file("keys.json", "{}");
    Cli.Result malformed = cli.run("inspect", "token", "--keys", "keys.json");
    assertThat(malformed.exit()).isEqualTo(2);
    assertThat(malformed.err()).contains("(invalid_key_set)");
    assertThat(cli.run("inspect", "token", "--keys", "keys.json", "-p", "root.pub").exit())
        .isEqualTo(2);
  }

  private String keySet(int id, String file) {
    PublicKey key = PublicKey.parse(cli.read(file).strip());
    return "{\"algorithm\":\"%s\",\"key_bytes\":\"%s\",\"key_id\":%d}"
        .formatted(key.algorithm().text(), HexFormat.of().formatHex(key.bytes()), id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check if time($t), $t < 2030-01-01T13:00:00Z | last valid 2030-01-01T12:59:59Z (in 1"
            + " hour)",
        "check if time($t), $t <= 2030-01-01T13:00:00Z | last valid 2030-01-01T13:00:00Z (in 1"
            + " hour)",
        "check if time($t), 2030-01-03T13:00:00Z >= $t | last valid 2030-01-03T13:00:00Z (in 2"
            + " days)",
        "check if time($t), 2030-01-01T12:00:10Z > $t | last valid 2030-01-01T12:00:09Z (in 9"
            + " seconds)",
        "check if time($t), $t <= 2029-12-25T12:00:00Z | expired, last valid 2029-12-25T12:00:00Z"
            + " (7 days ago)",
        "check all time($t), $t <= 2030-01-01T13:00:00Z | last valid 2030-01-01T13:00:00Z",
        "check if time($t), $t <= 2030-01-01T13:00:00Z or time($t), $t <= 2030-01-01T14:00:00Z |"
            + " last valid 2030-01-01T14:00:00Z",
        "check if time($t), $t <= 2030-01-01T13:00:00Z; check if time($u), $u <="
            + " 2030-01-01T12:30:00Z | last valid 2030-01-01T12:30:00Z"
      })
  void inspect_expiryCheck_isInWords(String block, String words) {
    mint(block);

    assertThat(cli.ok("inspect", "token")).contains("expiry         " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check if time($t), $t >= 2030-01-01T13:00:00Z",
        "check if time($t), $t <= 2030-01-01T13:00:00Z or true",
        "reject if time($t), $t <= 2030-01-01T13:00:00Z",
        "check if time($t), date($d), $d <= 2030-01-01T13:00:00Z",
        "check if time($t), $t <= 2030-01-01T13:00:00Z; time(2000-01-01T00:00:00Z)",
        "check if time($t), $t <= 2030-01-01T13:00:00Z; time($d) <- date($d)"
      })
  void inspect_noBindingExpiry_claimsNone(String block) {
    mint(block);

    assertThat(cli.ok("inspect", "token")).doesNotContain("expiry");
  }

  @Test
  void inspect_json_hasEverything() throws IOException {
    mint("right(\"a\u001b[2J\");", "--root-key-id", "4294967295", "--ttl", "1h");
    cli.ok("seal", "token", "--out", "token");

    JsonNode json =
        new ObjectMapper().readTree(cli.ok("inspect", "token", "--json", "-p", "root.pub"));

    assertThat(json.get("verified").booleanValue()).isTrue();
    assertThat(json.get("root_key").textValue()).isEqualTo(cli.read("root.pub").strip());
    assertThat(json.get("root_key_id").longValue()).isEqualTo(4294967295L);
    assertThat(json.get("kind").textValue()).isEqualTo("sealed");
    assertThat(json.get("last_valid").textValue()).isEqualTo("2030-01-01T12:59:59Z");
    UnverifiedToken token = UnverifiedToken.decode(cli.read("token").strip());
    assertThat(json.get("size").intValue()).isEqualTo(token.encode().length);
    JsonNode block = json.get("blocks").get(0);
    assertThat(block.get("kind").textValue()).isEqualTo("authority");
    assertThat(block.get("version").intValue()).isEqualTo(3);
    assertThat(block.get("code").textValue()).isEqualTo(token.blocks().get(0).block().toString());
    assertThat(block.get("revocation_id").textValue())
        .isEqualTo(HexFormat.of().formatHex(token.revocationIds().get(0)));
    assertThat(block.get("external_key").isNull()).isTrue();
  }

  @Test
  void inspect_jsonFailure_isJsonToo() throws IOException {
    Cli.Result result = cli.stdin("hello").run("inspect", "-", "--json");

    JsonNode error = new ObjectMapper().readTree(result.out()).get("error");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(error.get("code").textValue()).isEqualTo("invalid_base64");
    assertThat(result.err()).contains(error.get("message").textValue());
  }

  @Test
  void inspect_controlCharacters_areEscaped() throws IOException {
    String evil = "\u001b]52;c;aGk=\u0007\r\nblock 1  attenuation\u202e\u009b31m";
    Files.writeString(folder.resolve("block"), "right(\"" + evil + "\");");
    cli.ok("mint", "-k", "root.key", "block", "--context", evil, "--out", "token");

    String out = cli.terminals(true, true, true).ok("inspect", "token");

    assertThat(out).doesNotContain("\u001b]", "\u0007", "\r", "\u202e", "\u009b");
    assertThat(out.lines().filter(line -> line.contains("block 1"))).hasSize(2);
    assertThat(out.lines().filter(line -> line.startsWith("block 1"))).isEmpty();
    assertThat(out).contains("\\u{202e}");
  }

  @Test
  void inspect_thirdPartyBlock_namesItsKey() {
    mint("right(\"a\");");
    cli.ok("third-party", "request", "token", "--out", "request");
    cli.ok(
        "third-party", "sign", "request", "-k", "other.key", "-b", "group(\"x\")", "-o", "signed");
    cli.ok("third-party", "append", "token", "--contents", "signed", "-o", "token");

    assertThat(cli.ok("inspect", "token"))
        .contains("block 1  third-party", "third party  " + cli.read("other.pub").strip());
  }
}
