package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Workplace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands of the server take from a profile what the command line takes. */
class ProfileDefaultsTest {
  private static final String KEY = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();

  private static final String PROFILES =
      """
      profiles:
        acme:
          registry: sqlite:taper.db
          audit: audit.jsonl
          audit-key: audit.key
          audit-passphrase-file: phrase
          audit-public-key: [audit.pub, old.pub]
          revocations: revoked.list
          revocation-key: KEY
          names: names.json
          names-key: [names.pub, KEY]
          keys: keys.json
        text: {public-key: KEY, names: names.json, names-key: names.pub}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    Path file = Files.writeString(folder.resolve("config.yaml"), PROFILES.replace("KEY", KEY));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Workplace here() {
    return new Workplace(folder, Clock.systemUTC());
  }

  /** What an option has once a command line is parsed. */
  private Object value(String line, String option) {
    List<String> args = Arrays.asList(line.split(" ", -1));
    CommandLine program = Main.commandLine();
    Main.addProfile(program, args, Map.of("TAPER_CONFIG", "config.yaml"), here());
    CommandLine.ParseResult parsed = program.parseArgs(args.toArray(new String[0]));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return String.valueOf(
        Objects.requireNonNull(parsed.commandSpec().findOption(option), option).<Object>getValue());
  }

  @ParameterizedTest
  @CsvSource({
    "console, --registry, sqlite:/taper.db",
    "console, --audit, /audit.jsonl",
    "console, --audit-key, /audit.key",
    "console, --passphrase-file, /phrase",
    "console, --audit-public-key, '[/audit.pub, /old.pub]'",
    "console, --revocations, /revoked.list",
    "console, --revocation-public-key, [KEY]",
    "console, --names, /names.json",
    "console, --names-key, '[/names.pub, KEY]'",
    "console, --root-keys, [/keys.json]",
    "serve --role lists, --revocations, /revoked.list",
    "'serve --role asks,console', --revocation-public-key, [KEY]",
    "serve --role=lists --revocation-key x, --audit, /audit.jsonl",
    "serve --role lists --revocation-key=x, --audit-key, /audit.key",
    "keeper, --names, /names.json",
    "keeper run -- sh --no-profile, --names, /names.json",
    "keeper run -- sh, --names-key, '[/names.pub, KEY]'",
    "mcp connect --audience svc:x --key k --, --names, /names.json",
    "mcp connect --audience svc:x --key k --, --names-key, '[/names.pub, KEY]'"
  })
  void profile_option_takesItsSetting(String line, String option, String expected) {
    String value = expected.replace("KEY", KEY).replaceAll("(^|[\\[ :])/", "$1" + folder + "/");

    assertThat(value("--profile acme " + line, option)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "console --audit own.jsonl, --audit, own.jsonl",
    "console --names-key a.pub --names-key b.pub, --names-key, '[a.pub, b.pub]'",
    "console, --revocation-key, null", // it signs, and the setting of that name trusts
    "console --audit-key own.key, --passphrase-file, null",
    "console --relay https://x --relay-secret-file y, --registry, null",
    "serve --role decide, --revocations, null",
    "serve --role decide --config lists, --revocations, null",
    "serve --role lists, --audit, null",
    "serve --role lists, --root-keys, null", // those are published
    "serve --role lists, --revocation-key, null",
    "console --no-profile, --registry, null"
  })
  void option_givenOrNotOfTheProfile_isLeftAlone(String line, String option, String expected) {
    String profile = line.contains("--no-profile") ? "" : "--profile acme ";

    assertThat(value(profile + line, option)).isEqualTo(expected);
  }

  @Test
  void publicKey_asText_isTrusted() {
    assertThat(value("--profile text console", "--root-keys")).isEqualTo("[" + KEY + "]");
    assertThat(value("--config=config.yaml --profile=text console", "--names"))
        .isEqualTo(folder.resolve("names.json").toString());
  }

  private String failure(int status, Map<String, String> environment, String... args) {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    assertThat(Main.run(line, List.of(args), environment, here())).isEqualTo(status);
    return err.toString();
  }

  @Test
  void start_thatMakesNoSense_saysWhatTheProfileGave() {
    Map<String, String> variables = Map.of("TAPER_CONFIG", "config.yaml", "TAPER_PROFILE", "text");

    assertThat(failure(2, variables, "console"))
        .contains("there is nothing to show", "(usage)")
        .contains("the profile text gives --names, --names-key, --root-keys; --no-profile leaves");
    assertThat(failure(2, variables, "console", "--no-profile"))
        .contains("there is nothing to show")
        .doesNotContain("the profile");
  }

  @Test
  void profile_thatIsNotThereOrExposed_isRefused() throws Exception {
    Map<String, String> variables = Map.of("TAPER_CONFIG", "config.yaml");

    assertThat(failure(2, variables, "--profile", "acne", "console"))
        .contains("did you mean acme? (unknown_profile)");
    assertThat(failure(2, variables, "console", "--profile", "acme", "--no-profile"))
        .contains("exclude each other (usage)");
    Files.setPosixFilePermissions(
        folder.resolve("config.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(failure(2, variables, "--profile", "acme", "keeper")).contains("(config_exposed)");
  }
}
