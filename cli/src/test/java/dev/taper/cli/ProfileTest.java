package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ProfileDefaults;
import dev.taper.operations.config.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** A profile gives options their values, on every command that has them. */
class ProfileTest {
  private static final String PROFILES =
      """
      profiles:
        acme:
          registry: sqlite:taper.db
          audit: audit.jsonl
          audit-key: audit.key
          audit-public-key: audit.pub
          revocations: revoked.list
          revocation-key: [list.pub]
          keys: keys.json
        other: {public-key: root.pub}
      """;

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--out", "audit.key");
    cli.ok("keygen", "--out", "list.key");
    cli.ok("revocations", "sign", "--revocations", "revoked.list", "--key", "list.key");
    String root = cli.read("root.pub").strip().substring("ed25519/".length());
    cli.file(
        "keys.json",
        "[{\"algorithm\":\"ed25519\",\"key_bytes\":\"%s\",\"key_id\":0}]".formatted(root));
    cli.secret("config.yaml", PROFILES);
    cli.env("TAPER_CONFIG", "config.yaml");
  }

  @Test
  void profile_everyCommand_takesEachOfItsOptions() {
    Map<String, List<Profiles.Value>> values = new TreeMap<>();
    for (String setting : Profiles.settings()) {
      values.put(setting, List.of(new Profiles.Value("/x/" + setting, "c.yaml:1:1")));
    }
    Profiles.Profile profile = new Profiles.Profile("all", new TreeMap<>(values));
    List<String> taken = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> command :
        new Hints(Console.system()).commands().entrySet()) {
      CommandLine line = new CommandLine(command.getValue());
      command.getValue().parser().collectErrors(true);
      var unused = ProfileDefaults.of(line, profile, List.of());
      line.parseArgs();
      for (ArgSpec argument : command.getValue().args()) {
        String setting = ProfileDefaults.setting(argument);
        if (Profiles.settings().contains(setting)) {
          Object value = argument.getValue();
          assertThat(value instanceof List<?> list ? list.get(0) : value)
              .as(command.getKey() + " " + argument)
              .isEqualTo("/x/" + setting);
          taken.add(command.getKey() + " " + setting);
        }
      }
    }

    assertThat(taken)
        .contains("mint audit", "mint registry", "authorize revocations", "authorize names")
        .contains("audit verify audit", "policy suggest audit", "inspect keys", "rotate start keys")
        .contains("revoke revocations", "doctor audit", "registry publish audit-key")
        .hasSizeGreaterThan(60);
  }

  @Test
  void profile_named_savesTheOptions() {
    agents.mint("T-1.token", "--profile", "acme");

    assertThat(cli.ok("--profile", "acme", "audit", "verify")).contains("INTACT");
    assertThat(cli.ok("registry", "list", "--profile=acme")).contains("1 living delegation.");
    cli.env("TAPER_PROFILE", "acme");
    assertThat(cli.ok("inspect", "T-1.token")).contains("verified");
    assertThat(cli.ok("audit", "trace", "--task", "T-4711")).contains("Task T-4711");
    assertThat(cli.run("registry", "list", "--no-profile").err()).contains("a registry is needed");
  }

  @Test
  void option_onTheCommandLine_wins() {
    cli.env("TAPER_PROFILE", "acme");
    cli.ok("keygen", "--out", "wrong.key");

    Cli.Result result = cli.run("inspect", "planner.token", "--public-key", "wrong.pub");

    assertThat(result.err()).doesNotContain("exclude each other");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(cli.ok("audit", "verify", "--help"))
        .isEqualTo(cli.env("TAPER_PROFILE", "").ok("audit", "verify", "--help"));
  }

  /** One profile serves every command of somebody on call, also those that need less of it. */
  @Test
  void revoke_profileWithMoreThanItNeeds_leavesTheRest() {
    agents.mint("T-1.token", "--profile", "acme");
    String planner = cli.read("planner.pub").strip();
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"agents\": {\"agent:planner\": \"" + planner + "\"}}");
    cli.ok("names", "sign", "names.json", "--key", "root.key", "--out", "names.json");
    cli.secret(
        "config.yaml",
        PROFILES.replace(
            "keys: keys.json", "keys: keys.json\n    names: names.json\n    names-key: root.pub"));
    cli.env("TAPER_PROFILE", "acme");
    cli.file("keys.txt", planner + "\n");

    cli.ok("revoke", "holder", "--from-file", "keys.txt", "--key", "list.key");
    assertThat(cli.ok("revoke", "holder", "planner.pub", "--key", "list.key"))
        .contains("revoked before");
    cli.ok("revoke", "agent", "agent:planner", "--key", "list.key");
    assertThat(cli.run("revocations", "check", "holder", "planner.pub").exit()).isEqualTo(1);
    assertThat(cli.run("revoke", "task", "T-1", "--key", "list.key", "--names", "names.json").err())
        .contains("--names is for revoking an agent");
    assertThat(cli.run("revoke", "task", "T-1", "--key", "list.key", "-p", "root.pub").err())
        .contains("a root key is for revoking a block");
  }

  @Test
  void passphrase_ofTheProfilesKey_isNotThatOfAnother() {
    cli.secret("phrase", "open sesame\n");
    cli.ok("keygen", "--out", "locked.key", "--format", "pem", "--passphrase-file", "phrase");
    cli.secret(
        "config.yaml",
        "profiles: {a: {audit: a.jsonl, audit-key: locked.key, audit-passphrase-file: phrase}}\n");

    agents.mint("x.token", "--profile", "a");
    agents.mint("y.token", "--profile", "a", "--audit", "b.jsonl", "--audit-key", "audit.key");

    assertThat(cli.ok("audit", "verify", "b.jsonl", "--audit-public-key", "audit.pub"))
        .contains("INTACT");
    assertThat(cli.ok("audit", "verify", "a.jsonl", "--audit-public-key", "locked.pub"))
        .contains("INTACT");
  }

  @Test
  void trust_ofTheProfile_countsForOtherPlacesToo() {
    cli.env("TAPER_PROFILE", "acme");
    cli.ok("keygen", "--out", "stranger.key");
    cli.ok("revocations", "sign", "--revocations", "other.list", "--key", "stranger.key");

    assertThat(cli.run("revocations", "verify", "--revocations", "other.list").err())
        .contains("(unknown_revocation_key)");
  }

  @Test
  void use_thatWouldIgnoreTheProfile_isRefusedWithAHint() {
    cli.env("TAPER_PROFILE", "acme");
    cli.ok("mint", "--no-profile", "--key", "root.key", "--block", "right(1)", "--out", "plain");

    Cli.Result plain = cli.run("authorize", "plain", "--authorizer", "allow if true");
    Cli.Result minted = cli.run("mint", "--key", "root.key", "--block", "right(1)");

    assertThat(plain.exit()).isEqualTo(2);
    assertThat(plain.err()).contains("--revocations", "the profile acme gives", "--no-profile");
    assertThat(minted.err()).contains("--audit records delegation tokens only", "--no-profile");
  }

  @Test
  void file_othersCanWrite_isRefused() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("config.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));

    Cli.Result result = cli.run("registry", "list", "--profile", "acme", "--json");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("(config_exposed)");
    assertThat(result.out()).contains("\"code\" : \"config_exposed\"");
  }

  @Test
  void profile_thatIsNotThere_isRefused() {
    assertThat(cli.run("registry", "list", "--profile", "acne").err())
        .contains("there is no profile acne; did you mean acme? (unknown_profile)");
    assertThat(cli.run("--config", "none.yaml", "registry", "list", "--profile", "acme").err())
        .contains("cannot read", "none.yaml", "(io)");
    assertThat(cli.run("registry", "list", "--profile", "acme", "--no-profile").err())
        .contains("exclude each other (usage)");
    assertThat(cli.env("TAPER_PROFILE", "acne").run("registry", "list").exit()).isEqualTo(2);
  }

  @Test
  void show_values_sayWhereTheyComeFrom() {
    String text = cli.ok("--profile", "acme", "config", "show");

    assertThat(text)
        .contains("($TAPER_CONFIG)", "acme, other", "acme  (--profile)")
        .containsPattern("--revocation-key +/.*list\\.pub  \\(config\\.yaml:8:22\\)");
    assertThat(cli.ok("config", "show", "--json"))
        .contains("\"profile_from\" : \"nothing names one\"")
        .doesNotContain("\"profile\" :");
    cli.env("TAPER_PROFILE", "other").env("TAPER_TOKEN", "secret-token");
    assertThat(cli.ok("config", "show"))
        .contains("other  ($TAPER_PROFILE)", "--public-key", "$TAPER_TOKEN")
        .doesNotContain("secret-token");
  }

  @Test
  void show_usualPlace_isThatOfOtherPrograms() {
    cli.env("TAPER_CONFIG", "").env("HOME", "/nowhere");
    assertThat(cli.ok("config", "show")).contains("/nowhere/.config/taper/config.yaml");
    cli.env("XDG_CONFIG_HOME", "/elsewhere");
    assertThat(cli.ok("config", "show")).contains("/elsewhere/taper/config.yaml, which is not");
  }

  @Test
  void check_profiles_looksForTheirFiles() {
    Cli.Result result = cli.run("config", "check", "config.yaml");

    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("profiles.acme.audit", "(config.yaml:4:5)");
    cli.secret("bad.yaml", "profiles: {a: {names: none.json}, b: {nmes: x}}\n");
    assertThat(cli.run("config", "check", "bad.yaml").err())
        .contains("bad.yaml:1:39: there is no setting nmes; did you mean names?");
    cli.secret("gone.yaml", "profiles: {a: {names: none.json}}\n");
    assertThat(cli.run("config", "check", "gone.yaml").exit()).isEqualTo(1);
  }

  @Test
  void check_namesOfAnyLength_leaveTextsBelowEachOther() {
    cli.secret("two.yaml", "profiles: {a: {audit: log, audit-passphrase-file: secret}}\n");

    assertThat(cli.run("config", "check", "two.yaml").out().lines().map(String::stripTrailing))
        .contains(
            "profiles.a.audit                  " + folder.resolve("log") + " (two.yaml:1:16)",
            "profiles.a.audit-passphrase-file  " + folder.resolve("secret") + " (two.yaml:1:28)")
        .anyMatch(line -> line.startsWith("doubtful  a audit                  "))
        .anyMatch(line -> line.startsWith("wrong     a audit-passphrase-file  "));
  }
}
