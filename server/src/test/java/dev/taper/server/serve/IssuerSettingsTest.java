package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.policies.cases.PolicyReport;
import dev.taper.policies.cases.PolicyTests;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.serve.issuer.IssuerSettings;
import dev.taper.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an issuer is configured to be, and what of that is refused. */
class IssuerSettingsTest {
  private static final String ISSUER = "http://127.0.0.1:8480";
  private static final Path EXAMPLE = RunningIssuer.EXAMPLE;

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    RunningIssuer.write(
        folder,
        PrivateKey.generate(Algorithm.ED25519),
        PrivateKey.generate(Algorithm.ED25519),
        ISSUER,
        "http://127.0.0.1:8580/acme");
  }

  private Served start(String config) {
    return RunningIssuer.start(folder, 0, config, new SettableClock(Instant.now()));
  }

  @Test
  void start_withoutARecord_fails() throws Exception {
    Path config = folder.resolve("bare.yaml");
    Files.writeString(
        config,
        Files.readString(folder.resolve("service.yaml")).replaceAll("(?m)^(audit|registry).*", ""));
    assertThatThrownBy(() -> start("bare.yaml"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("audit and registry");
  }

  @Test
  void start_withAKeyThatNobodyTrusts_fails() throws Exception {
    Files.writeString(
        folder.resolve("root.pub"), PrivateKey.generate(Algorithm.ED25519).publicKey().toString());
    assertThatThrownBy(() -> start("service.yaml"))
        .hasMessageContaining("none of its configuration's root-keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--role issuer --config service.yaml|--issuer go together",
        "--role decide --issuer issuer.yaml --config service.yaml|--issuer go together",
        "--role issuer,decide --issuer issuer.yaml --config service.yaml|a process of its own",
        "--role issuer --issuer issuer.yaml|has one --config"
      })
  void start_withOptionsThatDoNotFit_fails(String line, String why) {
    assertThatThrownBy(() -> Served.start((Object[]) line.split(" "))).hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "issuer: http|issuer: ftp|issuer: ",
        "key: root.key|kee: root.key|there is no setting kee; did you mean key?",
        "issuer: http|isuer: http|there is no setting isuer; did you mean issuer?",
        "key: root.key|colour: red|there is no setting colour; there are issuer, key, ",
        "    expires: 1h|    expire: 1h|there is no setting expire; did you mean expires?",
        "    expires: 1m|    audience: [svc:x]|expires is missing",
        "issuer: http://127.0.0.1:8480|issuer: http://127.0.0.1:8480/|leave the / at its end out",
        "    roles: roles|    role: roles|there is no setting role; did you mean",
        "agents:|agent:|there is no setting",
        "policies: [issuing.datalog]|policies: []|policies is an empty list",
        "    expires: 1h|    expires: soon|expires: ",
        "    expires: 1h|    expires: 1h0|expires: ",
        "    renewable-for: 8h|    renewable-for: 1m|renewals take at least as long",
        "as closing]|]|needs an id of its own",
        "    roles: roles|    delegator: 'user:{email}'|a rule makes the delegator of {sub}",
        "    roles: roles|    algorithms: [HS256]|the algorithms of a provider",
        "    roles: roles|    algorithms: [none]|the algorithms of a provider",
        "subject: '248289761001'|subject: ''|a provider and its name",
        "suspended|suspended|",
      })
  void settings_thatMakeNoSense_areRefused(String from, String to, String why) throws Exception {
    Path file = folder.resolve("issuer.yaml");
    String text = Files.readString(file).replace("\"248289761001\"", "'248289761001'");
    if (why == null) {
      assertThat(IssuerSettings.parse("issuer.yaml", text, folder).issuer()).isEqualTo(ISSUER);
      return;
    }
    assertThat(text).contains(from);
    assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", text.replace(from, to), folder))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("invalid_config"))
        .hasMessageMatching("x\\.yaml:[0-9]+:[0-9]+: (?s:.*)")
        .hasMessageContaining(why);
  }

  @Test
  void settings_withClientsOfSeveralProviders_sayWhoseEachIs() throws Exception {
    String text = Files.readString(folder.resolve("issuer.yaml"));
    String two = text.replace("providers:\n", "providers:\n  - issuer: https://idp.example.com\n");
    assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", two, folder))
        .hasMessageContaining("clients: a client is one provider's");
    for (String issuer : List.of("https://idp.example.com", "http://127.0.0.1:8580/acme")) {
      String named = two.replace("[planner-app]", "[\"" + issuer + " planner-app\"]");
      assertThat(IssuerSettings.parse("x.yaml", named, folder).agents().get(0).clients())
          .containsExactly(new EnrolledAgent.Client(issuer, "planner-app"));
    }
    String unknown = two.replace("[planner-app]", "[\"https://evil.example.com planner-app\"]");
    assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", unknown, folder))
        .hasMessageContaining("a client is one provider's");
  }

  @Test
  void settings_thatOthersCanChange_areRefused() throws Exception {
    for (String name : List.of("issuer.yaml", "issuing.datalog", "planner.pub")) {
      Path file = folder.resolve(name);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThatThrownBy(() -> IssuerSettings.load(folder.resolve("issuer.yaml")))
          .as(name)
          .isInstanceOfSatisfying(
              OperationException.class, e -> assertThat(e.code()).isEqualTo("config_exposed"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertThat(IssuerSettings.load(folder.resolve("issuer.yaml")).issuer()).isEqualTo(ISSUER);
  }

  @Test
  void settings_withAFolderOfPeopleThatOthersCanWrite_areRefused() throws Exception {
    String text = Files.readString(folder.resolve("issuer.yaml"));
    Path people = Files.createDirectory(folder.resolve("people"));
    String more = text + "memory: {people: people}\n";
    assertThat(IssuerSettings.parse("x.yaml", more, folder).agents()).hasSize(1);
    Files.setPosixFilePermissions(people, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", more, folder))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("config_exposed"));
    Files.delete(people);
    assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", more, folder))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("io"));
  }

  @Test
  void examplePolicy_hasCasesThatComeOutAndReachEverything() {
    PolicyReport report = PolicyTests.run(List.of(EXAMPLE));
    assertThat(report.orphans()).isEmpty();
    assertThat(report.policies())
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.failures()).isEmpty();
              assertThat(policy.coverage()).filteredOn(reached -> !reached.fully()).isEmpty();
            });
  }

  @Test
  void parse_deeplyNested_isRefused() {
    String deep = "issuer: " + "[".repeat(50_000);
    assertThatThrownBy(() -> IssuerSettings.parse("deep.yaml", deep, folder))
        .isInstanceOf(OperationException.class)
        .hasMessage("deep.yaml:1:16: this is nested deeper than 8 levels");
  }

  @Test
  void parse_tags_areRefused() {
    for (String text : List.of("issuer: !!int 1", "issuer: !a {}", "!!java.net.URL [a]")) {
      String at = "tags.yaml:1:" + (text.indexOf('!') + 1);
      assertThatThrownBy(() -> IssuerSettings.parse("tags.yaml", text, folder))
          .isInstanceOf(OperationException.class)
          .hasMessageStartingWith(at + ": there are no tags here, such as ");
    }
  }

  @Test
  void parse_emptyFile_isRefused() {
    for (String text : List.of("", "# nothing yet\n", "---\n")) {
      assertThatThrownBy(() -> IssuerSettings.parse("empty.yaml", text, folder))
          .isInstanceOf(OperationException.class)
          .hasMessageMatching("empty\\.yaml.*: (it says nothing: names .*|there is no value)");
    }
  }

  @Test
  void parse_privateKeyInAComment_isRefused() throws Exception {
    String text = Files.readString(folder.resolve("issuer.yaml"));
    for (String secret : List.of("Ed25519-Private/ab", "-----BEGIN EC PRIVATE KEY-----")) {
      assertThatThrownBy(() -> IssuerSettings.parse("x.yaml", text + "# " + secret, folder))
          .isInstanceOf(OperationException.class)
          .hasMessage("x.yaml: a private key is in it: name the file that holds the key");
    }
    String told = text + "# our private key is kept elsewhere, in /srv/acme-private/keys";
    assertThat(IssuerSettings.parse("x.yaml", told, folder).agents()).hasSize(1);
  }
}
