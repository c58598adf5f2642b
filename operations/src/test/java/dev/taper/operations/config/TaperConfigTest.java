package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A verifier made by a configuration, with real files and a real SQLite database. */
class TaperConfigTest {
  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  @Test
  void open_everything_decidesRecordsAndRemembers() throws IOException {
    try (ConfiguredVerifier service = files.config().open()) {
      Verifier verifier = service.verifier();
      assertThat(ServiceFiles.catalog(verifier).origin("https://jira.example")).isNotNull();
      ToolCall call = ServiceFiles.catalog(verifier).call("jira.search", "{\"limit\": 5}");
      Credentials sent =
          AgentClient.of(files.token(), files.planner, "svc:jira").prove(call.sent());

      assertThat(
              ServiceFiles.code(verifier.decide(Credentials.of(sent.token(), sent.proof()), call)))
          .isEqualTo("allowed");
      assertThat(
              ServiceFiles.code(verifier.decide(Credentials.of(sent.token(), sent.proof()), call)))
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
    Credentials sent = AgentClient.of(files.token(), files.planner, "svc:jira").prove(call.sent());
    String[] plain = {"catalog: none", "origins: []", "policies: [open.datalog]"};
    for (String expected : List.of("allowed", "proof_replayed")) {
      try (ConfiguredVerifier service =
          TaperConfig.load(
                  files.write("service.yaml", files.everything(plain).replace("origins: []\n", "")),
                  files.clock)
              .open()) {
        assertThat(
                ServiceFiles.code(
                    service.verifier().decide(Credentials.of(sent.token(), sent.proof()), call)))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void open_foldersAndFiles_remember() throws IOException {
    try (ConfiguredVerifier service =
        files
            .config(
                "audit: {log: decisions.jsonl, key: audit.key}",
                "replay-memory: used",
                "approval-uses: used",
                "budgets: {acme: budgets}")
            .open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
    }
    assertThat(folder.resolve("decisions.jsonl")).isNotEmptyFile();
    assertThat(folder.resolve("used")).isNotEmptyDirectory();
    assertThat(folder.resolve("service.db")).doesNotExist();
  }

  @Test
  void open_inProcess_remembersThere() throws IOException {
    try (ConfiguredVerifier service =
        files
            .config("replay-memory: memory", "approval-uses: memory", "budgets: {acme: memory}")
            .open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
      assertThat(service.health().approvalUses()).isNotNull();
    }
  }

  @Test
  void open_replayBytes_areWhatUsedProofsTake() throws IOException {
    try (ConfiguredVerifier service =
        files.config("replay-memory: memory", "replay-bytes: 1000000").open()) {
      assertThat(service.health().replays().capacity()).isEqualTo(20_000);
      assertThat(service.callsPerSecond()).isEqualTo(20_000 * 7 / 8 / 91);
    }
    try (ConfiguredVerifier service =
        files
            .config(
                "replay-memory: memory",
                "replay-bytes: 1000000",
                "proof-window: {back: 5s, ahead: 4s}")
            .open()) {
      assertThat(service.callsPerSecond()).isEqualTo(1750);
    }
    for (String wrong : new String[] {"0", "-1", "a lot", "65535", "10000000000000000"}) {
      assertThatThrownBy(() -> files.config("replay-memory: memory", "replay-bytes: " + wrong))
          .hasMessageContaining("not a number of bytes from 65536 on");
    }
    TaperConfig more = files.config("replay-memory: memory", "replay-bytes: 999999999999999");
    assertThatThrownBy(more::open).hasMessageContaining("but half of the heap has ");
    assertThatThrownBy(() -> files.config("replay-bytes: 100000"))
        .hasMessageContaining("a database has no replay-bytes");
    try (ConfiguredVerifier service =
        files.config("replay-memory: used", "replay-bytes: 65536").open()) {
      AgentToken token = files.token();
      for (int i = 0; i < 65536 / 76 * 7 / 8; i++) {
        assertThat(ServiceFiles.code(files.call(service.verifier(), token))).isEqualTo("allowed");
      }
      assertThat(ServiceFiles.code(files.call(service.verifier(), token)))
          .isEqualTo("replay_cache_full");
    }
  }

  @Test
  void calls_setBounds_areThoseOfTheVerifierThatIsReloaded() throws IOException {
    try (ConfiguredVerifier service = files.config("calls-at-once: 8", "calls-waiting: 2").open()) {
      assertThat(service.health().calls()).isEqualTo(new VerifierHealth.Calls(0, 8, 0, 2, 0));
    }
    try (ConfiguredVerifier service = files.config().open()) {
      assertThat(service.health().calls()).isNull();
    }
  }

  @Test
  void with_listenerThatFails_deniesUnlessItIsSaidOtherwise() throws IOException {
    DecisionListener failing =
        event -> {
          throw new IllegalStateException("full");
        };
    try (ConfiguredVerifier denies = files.config().with(failing).open()) {
      assertThat(ServiceFiles.code(files.call(denies.verifier()))).isEqualTo("audit_unavailable");
    }
    try (ConfiguredVerifier goesOn =
        files.config().with(failing, DecisionListener.AuditFailure.ALLOW_AND_COUNT).open()) {
      assertThat(ServiceFiles.code(files.call(goesOn.verifier()))).isEqualTo("allowed");
      assertThat(goesOn.verifier().unrecordedDecisions()).isEqualTo(1);
    }
  }

  /** The threads that look at files, also those of other tests, which may have to end yet. */
  private static Set<Thread> filesThreads() {
    Set<Thread> all = new HashSet<>(Thread.getAllStackTraces().keySet());
    all.removeIf(thread -> !thread.getName().startsWith("taper-files"));
    return all;
  }

  @Test
  void close_whatCameWithIt_isClosed() throws Exception {
    Set<Thread> before = filesThreads();
    ConfiguredVerifier service = files.config("reload-every: 1h").open();
    Set<Thread> own = filesThreads();
    own.removeAll(before);
    assertThat(own).hasSize(1);
    service.close();
    service.close();

    assertThat(ServiceFiles.code(files.call(service.verifier()))).isNotEqualTo("allowed");
    for (Thread thread : own) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
    // The log's lock is free again.
    try (ConfiguredVerifier again = files.config().open()) {
      assertThat(ServiceFiles.code(files.call(again.verifier()))).isEqualTo("allowed");
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
    TaperConfig config = files.config(line);

    assertThatThrownBy(config::open)
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining(expected == null ? "" : expected);
    Checkup checkup = new Checkup();
    config.check(checkup);
    assertThat(checkup.healthy()).as(checkup.observations().toString()).isFalse();
    // Nothing is locked or held open.
    try (ConfiguredVerifier right = files.config().open()) {
      assertThat(ServiceFiles.code(files.call(right.verifier()))).isEqualTo("allowed");
    }
  }

  @Test
  void open_registry_isToldOfCalls() throws IOException {
    try (ConfiguredVerifier service = files.config("registry: sqlite:registry.db").open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
    }

    try (Database database = Database.openExisting("sqlite:registry.db", folder)) {
      assertThat(new Registry(database, files.clock).find(RegistryQuery.living()))
          .singleElement()
          .satisfies(found -> assertThat(found.holder()).isEqualTo("agent:planner"));
    }
  }

  @Test
  void load_noFile_isRefused() {
    assertThatThrownBy(() -> TaperConfig.load(folder.resolve("none.yaml"), files.clock))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> TaperConfig.load(folder, files.clock))
        .isInstanceOf(OperationException.class);
  }

  @Test
  void open_originsInBoth_isRefused() throws IOException {
    files.write(
        "catalog.json",
        ServiceFiles.CATALOG.replace(
            "\"tools\"", "\"origins\": [{\"origin\": \"https://a.example\"}], \"tools\""));

    assertThatThrownBy(() -> files.config().open())
        .hasMessageContaining("the catalog has origins too");
  }

  @Test
  void open_policyOfTheLibrary_isFoundByName() throws IOException {
    TaperConfig config =
        files
            .config("policies: [closed, open.datalog]")
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
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("policy_denied");
    }
    TaperConfig misspelt = files.config("policies: [close]");
    assertThatThrownBy(misspelt::open).hasMessageContaining("cannot read close");
  }

  @Test
  void load_yamlWithoutItsLibrary_saysWhatToAdd() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("snakeyaml-engine")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method parse =
          without
              .loadClass(TaperConfig.class.getName())
              .getMethod(
                  "parse",
                  String.class,
                  String.class,
                  without.loadClass(Workplace.class.getName()));
      assertThatThrownBy(() -> parse.invoke(null, "service.yaml", "audience: svc:jira", null))
          .cause()
          .hasMessage(
              "service.yaml: YAML is read by org.snakeyaml:snakeyaml-engine, which is not there:"
                  + " add it to the class path, or write the configuration as .properties");
    }
  }

  @Test
  void open_severalRootKeys_trustsEach() throws IOException {
    String keys = files.revoker.publicKey() + ", " + files.root.publicKey();
    try (ConfiguredVerifier service = files.config("root-keys: [" + keys + "]").open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
    }
  }
}
