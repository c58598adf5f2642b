package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.SecretFile;
import dev.taper.agent.Agent;
import dev.taper.agent.AgentClient;
import dev.taper.agent.AgentToken;
import dev.taper.agent.CallDecision;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.agent.NamesFile;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierHealth;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.OperationException;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Observation;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A verifier made by a configuration, with real files and a real SQLite database. */
class TaperConfigTest {
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {"jira.search": {
       "operation": "read", "arguments": {"limit": {"type": "integer"}}}}}
      """;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final Clock clock = Clock.systemUTC();

  @TempDir private Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    write("root.pub", root.publicKey().toString());
    write("revoker.pub", revoker.publicKey().toString());
    write("catalog.json", CATALOG);
    write("open.datalog", "allow if true;");
    write("names.json", names(1));
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    publish(1, List.of());
  }

  private String names(long number) {
    return NamesFile.builder()
        .number(number)
        .agent("agent:planner", planner.publicKey())
        .issuer("issuer:acme", root.publicKey())
        .build()
        .write();
  }

  private void publish(long number, List<RevocationEntry> entries) throws IOException {
    Files.write(
        folder.resolve("revoked.list"),
        RevocationIssuer.of(revoker)
            .snapshot(
                number, entries, Validity.from(clock, Duration.ofHours(1), Duration.ofHours(1))));
  }

  private Path write(String name, String text) throws IOException {
    Path beside = Files.writeString(folder.resolve(name + ".new"), text);
    return Files.move(
        beside,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A configuration with everything, and other lines instead of those that it has. */
  private String everything(String... others) {
    StringBuilder text = new StringBuilder();
    String lines =
        """
        audience: svc:jira
        root-keys: root.pub
        catalog: catalog.json
        origins: [https://jira.example]
        revocations: {list: revoked.list, keys: revoker.pub, memory: revoked.number, every: 50ms}
        audit: {log: "sqlite:service.db", key: audit.key}
        policies: [open.datalog]
        names: names.json
        replay-memory: sqlite:service.db
        approval-uses: sqlite:service.db
        budgets: {acme: sqlite:service.db}
        reload-every: never
        """;
    for (String line : lines.lines().toList()) {
      String key = line.substring(0, line.indexOf(':') + 1);
      String chosen = line;
      for (String other : others) {
        chosen = other.startsWith(key) ? other : chosen;
      }
      text.append(chosen).append('\n');
    }
    for (String other : others) {
      if (!text.toString().contains(other)) {
        text.append(other).append('\n');
      }
    }
    return text.toString();
  }

  private TaperConfig config(String... others) throws IOException {
    return TaperConfig.load(write("service.yaml", everything(others)), clock);
  }

  private AgentToken token() {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-1")
                .grant("jira.*")
                .expiresIn(Duration.ofMinutes(10)));
  }

  private CallDecision call(Verifier verifier) {
    return call(verifier, token());
  }

  private CallDecision call(Verifier verifier, AgentToken token) {
    ToolCall call =
        verifier.catalog() == null
            ? ToolCall.of("jira.search").operation("read").arg("limit", 5)
            : catalog(verifier).call("jira.search", "{\"limit\": 5}");
    AgentClient.Credentials sent = AgentClient.of(token, planner, "svc:jira").prove(call.sent());
    return verifier.decide(sent.token(), call, sent.proof());
  }

  private static ToolCatalog catalog(Verifier verifier) {
    return Objects.requireNonNull(verifier.catalog());
  }

  private static String code(CallDecision decision) {
    return decision instanceof CallDecision.Denied denied ? denied.code().text() : "allowed";
  }

  @Test
  void open_everything_decidesRecordsAndRemembers() throws IOException {
    try (ConfiguredVerifier service = config().open()) {
      Verifier verifier = service.verifier();
      assertThat(catalog(verifier).origin("https://jira.example")).isNotNull();
      ToolCall call = catalog(verifier).call("jira.search", "{\"limit\": 5}");
      AgentClient.Credentials sent =
          AgentClient.of(token(), planner, "svc:jira").prove(call.sent());

      assertThat(code(verifier.decide(sent.token(), call, sent.proof()))).isEqualTo("allowed");
      assertThat(code(verifier.decide(sent.token(), call, sent.proof())))
          .isEqualTo("proof_replayed");
      VerifierHealth health = service.health();
      assertThat(health.ready()).isTrue();
      assertThat(health.files()).extracting(VerifierHealth.WatchedFile::error).containsOnlyNulls();
      assertThat(health.files()).hasSize(4);
      assertThat(health.budgets()).hasSize(1);
    }
    assertThat(folder.resolve("service.db")).exists();
    assertThat(folder.resolve("revoked.number")).exists();
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("service.db")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void open_again_replaysAreKnown() throws IOException {
    ToolCall call = ToolCall.of("jira.search").operation("read");
    AgentClient.Credentials sent = AgentClient.of(token(), planner, "svc:jira").prove(call.sent());
    String[] plain = {"catalog: none", "origins: []", "policies: [open.datalog]"};
    for (String expected : List.of("allowed", "proof_replayed")) {
      try (ConfiguredVerifier service =
          TaperConfig.load(
                  write("service.yaml", everything(plain).replace("origins: []\n", "")), clock)
              .open()) {
        assertThat(code(service.verifier().decide(sent.token(), call, sent.proof())))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void open_foldersAndFiles_remember() throws IOException {
    try (ConfiguredVerifier service =
        config(
                "audit: {log: decisions.jsonl, key: audit.key}",
                "replay-memory: used",
                "approval-uses: used",
                "budgets: {acme: budgets}")
            .open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
    }
    assertThat(folder.resolve("decisions.jsonl")).isNotEmptyFile();
    assertThat(folder.resolve("used")).isNotEmptyDirectory();
    assertThat(folder.resolve("service.db")).doesNotExist();
  }

  @Test
  void open_inProcess_remembersThere() throws IOException {
    try (ConfiguredVerifier service =
        config("replay-memory: memory", "approval-uses: memory", "budgets: {acme: memory}")
            .open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
      assertThat(service.health().approvalUses()).isNotNull();
    }
  }

  @Test
  void close_whatCameWithIt_isClosed() throws IOException {
    ConfiguredVerifier service = config().open();
    service.close();
    service.close();

    assertThat(code(call(service.verifier()))).isNotEqualTo("allowed");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("taper-files"));
    // The log's lock is free again.
    try (ConfiguredVerifier again = config().open()) {
      assertThat(code(call(again.verifier()))).isEqualTo("allowed");
    }
  }

  @Test
  void reload_filesChange_areUsed() throws IOException {
    try (ConfiguredVerifier service = config().open()) {
      write("open.datalog", "deny if operation(\"read\");");
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
      assertThat(service.reload()).isTrue();
      assertThat(code(call(service.verifier()))).isEqualTo("policy_denied");

      write("open.datalog", "allow if true;");
      write("catalog.json", CATALOG.replace("limit", "count"));
      assertThat(service.reload()).isTrue();
      assertThat(catalog(service.verifier()).toJson()).contains("\"count\"");

      write("catalog.json", CATALOG);
      write("root.pub", revoker.publicKey().toString());
      assertThat(service.reload()).isTrue();
      Refused.with(ErrorCode.INVALID_SIGNATURE, () -> call(service.verifier()));
    }
  }

  @Test
  void reload_fileMakesNoSense_keepsTheOldOneAndSaysSo() throws IOException {
    try (ConfiguredVerifier service = config().open()) {
      write("catalog.json", CATALOG.replace("svc:jira", "svc:wiki"));
      write("names.json", names(0));
      write("open.datalog", "allow");
      Files.delete(folder.resolve("root.pub"));

      assertThat(service.reload()).isFalse();
      assertThat(service.health().files())
          .extracting(VerifierHealth.WatchedFile::error)
          .containsExactlyInAnyOrder(
              ErrorCode.FILE_UNAVAILABLE,
              ErrorCode.INVALID_ARGUMENT,
              ErrorCode.INVALID_NAMES,
              ErrorCode.SYNTAX);
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
    }
  }

  @Test
  void reloadEvery_fileChanges_isUsedSoon() throws Exception {
    try (ConfiguredVerifier service = config("reload-every: 20ms").open()) {
      write("open.datalog", "deny if true;");
      String found = "";
      for (int i = 0; i < 500 && !found.equals("policy_denied"); i++) {
        Thread.sleep(10);
        found = code(call(service.verifier()));
      }
      assertThat(found).isEqualTo("policy_denied");
    }
  }

  @Test
  void revocations_listChanges_isUsedSoon() throws Exception {
    AgentToken token = token();
    try (ConfiguredVerifier service = config().open()) {
      assertThat(code(call(service.verifier(), token))).isEqualTo("allowed");
      publish(
          2,
          List.of(RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-1"))));
      String found = "";
      for (int i = 0; i < 500 && !found.equals("revoked"); i++) {
        Thread.sleep(10);
        found = code(call(service.verifier(), token));
      }
      assertThat(found).isEqualTo("revoked");
    }
  }

  @Test
  void open_noList_refusesEveryCall() throws IOException {
    Files.delete(folder.resolve("revoked.list"));
    try (ConfiguredVerifier service = config().open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("revocation_unavailable");
      assertThat(service.health().ready()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root-keys: none.pub | cannot read none.pub: there is no such file",
        "root-keys: catalog.json | catalog.json:",
        "catalog: names.json | names.json:",
        "policies: [open.datalog, none.datalog] | cannot read none.datalog",
        "policies: [catalog.json] | is no policy",
        "names: catalog.json | catalog.json:",
        "names: {file: names.json, keys: revoker.pub} | names.json:",
        "revocations: {list: l, keys: none.pub, memory: none} | cannot read none.pub",
        "audit: {log: a.jsonl, key: root.pub} | ",
        "replay-memory: postgres://x/y | a database is sqlite:FILE",
        "audience: svc:wiki | ",
      })
  void open_somethingWrong_opensNothing(String line, String expected) throws IOException {
    TaperConfig config = config(line);

    assertThatThrownBy(config::open)
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining(expected == null ? "" : expected);
    Checkup checkup = new Checkup();
    config.check(checkup);
    assertThat(checkup.healthy()).as(checkup.observations().toString()).isFalse();
    // Nothing is locked or held open.
    try (ConfiguredVerifier right = config().open()) {
      assertThat(code(call(right.verifier()))).isEqualTo("allowed");
    }
  }

  @Test
  void open_readableAuditKey_isRefusedUnlessAccepted() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("audit.key"), PosixFilePermissions.fromString("rw-r--r--"));

    Refused.with(ErrorCode.SECRET_EXPOSED, () -> config().open().close());
    config("audit: {log: a.jsonl, key: audit.key, accept-readable-key: true}").open().close();
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

    config("audit: {log: a.jsonl, key: closed.key, passphrase-file: passphrase}").open().close();
    TaperConfig config = config("audit: {log: b.jsonl, key: closed.key, passphrase-env: PATH}");
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

    TaperConfig config = config("audit: {log: a.jsonl, " + audit + "}");
    assertThatThrownBy(config::open)
        .isInstanceOf(RuntimeException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .doesNotContain("correct horse")
                    .contains(expected.equals("no encryption") ? "passphrase" : expected));
  }

  @Test
  void open_registry_isToldOfCalls() throws IOException {
    try (ConfiguredVerifier service = config("registry: sqlite:registry.db").open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
    }

    try (Database database = Database.openExisting("sqlite:registry.db", folder)) {
      assertThat(new Registry(database, clock).find(RegistryQuery.living()))
          .singleElement()
          .satisfies(found -> assertThat(found.holder()).isEqualTo("agent:planner"));
    }
  }

  @Test
  void load_fileThatEverybodyCanChange_isRefused() throws IOException {
    Path file = write("service.yaml", everything());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));

    assertThatThrownBy(() -> TaperConfig.load(file, clock))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("config_exposed"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThat(TaperConfig.load(file, clock).audience()).isEqualTo("svc:jira");
  }

  @Test
  void load_noFile_isRefused() {
    assertThatThrownBy(() -> TaperConfig.load(folder.resolve("none.yaml"), clock))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> TaperConfig.load(folder, clock))
        .isInstanceOf(OperationException.class);
  }

  @Test
  void check_everything_changesNothing() throws IOException {
    TaperConfig config = config();
    List<Path> before = list();
    Checkup checkup = new Checkup();
    config.check(checkup);

    assertThat(checkup.healthy()).as(checkup.observations().toString()).isTrue();
    assertThat(checkup.observations())
        .extracting(Observation::subject)
        .contains("root keys", "catalog", "names", "policies", "revocations", "audit key")
        .contains("revocation memory", "audit log", "replay memory", "approval uses")
        .contains("budgets acme");
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void check_policiesThatNeverAllow_saysSo() throws IOException {
    write("open.datalog", "deny if true;");
    Checkup checkup = new Checkup();
    config().check(checkup);

    assertThat(checkup.observations().toString()).contains("never_allows");
  }

  private List<Path> list() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void open_originsInBoth_isRefused() throws IOException {
    write(
        "catalog.json",
        CATALOG.replace(
            "\"tools\"", "\"origins\": [{\"origin\": \"https://a.example\"}], \"tools\""));

    assertThatThrownBy(() -> config().open()).hasMessageContaining("the catalog has origins too");
  }

  @Test
  void open_policyOfTheLibrary_isFoundByName() throws IOException {
    TaperConfig config =
        config("policies: [closed, open.datalog]")
            .with(
                new TaperConfig.Library() {
                  @Override
                  public Collection<String> names() {
                    return List.of("closed");
                  }

                  @Override
                  public PolicySet.Part part(String name) {
                    return new PolicySet.Part(name, Datalog.authorizer("deny if true;"));
                  }
                });
    try (ConfiguredVerifier service = config.open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("policy_denied");
    }
    TaperConfig misspelt = config("policies: [close]");
    assertThatThrownBy(misspelt::open).hasMessageContaining("cannot read close");
  }

  @Test
  void open_severalRootKeys_trustsEach() throws IOException {
    String keys = revoker.publicKey() + ", " + root.publicKey();
    try (ConfiguredVerifier service = config("root-keys: [" + keys + "]").open()) {
      assertThat(code(call(service.verifier()))).isEqualTo("allowed");
    }
  }
}
