package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import dev.taper.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How little a configured service asks the stores that it shares. */
class AwaySettingTest {
  private static final String VALKEY = "\"valkey://127.0.0.1?name=jira\"";
  private static final String[] ALONE = {
    "replay-memory: sqlite:proofs.db", "proofs-alone: {longest: 5m, calls: 2}"
  };

  @TempDir Path folder;

  private TaperConfig read(String... lines) {
    String text =
        "audience: svc:jira\nroot-keys: "
            + PrivateKey.generate(Algorithm.ED25519).publicKey()
            + "\nrevocations: none\ncatalog: none\n"
            + String.join("\n", lines);
    return TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()));
  }

  private TaperConfig config(ServiceFiles files, String... lines) throws IOException {
    String[] all = {
      "audit: {log: audit.jsonl, key: audit.key}", "deadline: 2s", lines[0], lines[1]
    };
    return files.config(all);
  }

  /** Files of a service whose first call need not make a database as well within its deadline. */
  private ServiceFiles files() throws IOException {
    Database.open("sqlite:proofs.db", folder).close();
    return new ServiceFiles(folder);
  }

  /** Whoever holds the database's lock is what keeps it from answering. */
  private Connection lock() throws Exception {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("proofs.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
    }
    return connection;
  }

  @Test
  void proofsAlone_memoryIsLocked_goesOnAsLongAsItMay() throws Exception {
    ServiceFiles files = files();
    try (ConfiguredVerifier service = config(files, ALONE).open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
      try (Connection other = lock()) {
        assertThat(other.isClosed()).isFalse();
        assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
        assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
        assertThat(ServiceFiles.code(files.call(service.verifier())))
            .isEqualTo("replay_cache_unavailable");
      }
      VerifierHealth.Alone alone = Objects.requireNonNull(service.health().alone());
      assertThat(alone.calls()).isEqualTo(2);
      assertThat(alone.warning()).contains("it does not know 2 of them");
    }
  }

  @Test
  void proofsAlone_notSaid_refusesCalls() throws Exception {
    ServiceFiles files = files();
    try (ConfiguredVerifier service = config(files, ALONE[0], "policies: [open.datalog]").open()) {
      assertThat(ServiceFiles.code(files.call(service.verifier()))).isEqualTo("allowed");
      try (Connection other = lock()) {
        assertThat(other.isClosed()).isFalse();
        assertThat(ServiceFiles.code(files.call(service.verifier())))
            .isEqualTo("replay_cache_unavailable");
      }
      assertThat(service.health().alone()).isNull();
    }
  }

  @Test
  void leases_areTakenAndGivenBackAtTheEnd() throws Exception {
    ServiceFiles files = new ServiceFiles(folder);
    AgentToken token =
        Issuer.of(files.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", files.planner.publicKey()))
                    .task("T-1")
                    .grant("jira.*")
                    .budget("at most 10 calls from acme as trip")
                    .expiresIn(Duration.ofMinutes(10)));
    try (ConfiguredVerifier plain = files.config().open()) {
      try (ConfiguredVerifier leasing = files.config("leases: {acme: {parts: 5}}").open()) {
        for (int i = 0; i < 3; i++) { // the third call takes a lease for two
          assertThat(ServiceFiles.code(files.call(leasing.verifier(), token))).isEqualTo("allowed");
        }
        for (int i = 0; i < 6; i++) {
          assertThat(ServiceFiles.code(files.call(plain.verifier(), token))).isEqualTo("allowed");
        }
        assertThat(ServiceFiles.code(files.call(plain.verifier(), token)))
            .isEqualTo("budget_exhausted");
      }
      assertThat(ServiceFiles.code(files.call(plain.verifier(), token))).isEqualTo("allowed");
      assertThat(ServiceFiles.code(files.call(plain.verifier(), token)))
          .isEqualTo("budget_exhausted");
    }
  }

  @Test
  void explain_saysWhatIsGivenUp() {
    assertThat(read().explain().toString())
        .contains("does not answer, every call is refused", "every call that has a budget asks");
    assertThat(
            read(
                    "replay-memory: " + VALKEY,
                    "proofs-alone: {longest: 90s, calls: 10000}",
                    "budgets: {acme: " + VALKEY + "}",
                    "leases: {acme: {parts: 100, longest: 30s}}")
                .explain()
                .toString())
        .contains("are taken for 1m30s and 10000 calls: each process may then take each proof once")
        .contains("of acme a limit's 100th part is taken at a time", "for 30s");
  }

  @Test
  void check_warnsOfWhatIsGivenUp() {
    Checkup checkup = new Checkup();
    read(
            ALONE[0],
            ALONE[1],
            "budgets: {acme: sqlite:proofs.db, other: " + VALKEY + "}",
            "leases: {acme: {parts: 100}}")
        .check(checkup);
    assertThat(checkup.observations().toString())
        .contains("proofs_alone", "leases_lost")
        .doesNotContain("leases_save_nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"valkey://127.0.0.1?name=jira\"",
        "sqlite:kept.db",
        "\"jdbc:postgresql://127.0.0.1:1/taper?user=taper\""
      })
  void check_whereOneStepTakesAll_warnsThatLeasesSaveNothing(String store) {
    String[] all = {
      "replay-memory: " + store, "budgets: {acme: " + store + "}", "leases: {acme: {parts: 100}}"
    };
    assertThat(check(all)).contains("leases_save_nothing");
    assertThat(check(with(all, "approval-uses: " + store))).contains("leases_save_nothing");
    assertThat(check(with(all, "approval-uses: memory"))).doesNotContain("leases_save_nothing");
    assertThat(check(all[0], "budgets: {acme: " + store + ", other: sqlite:other.db}", all[2]))
        .as("what two stores count is not taken in one step")
        .doesNotContain("leases_save_nothing");
    assertThat(check("replay-memory: used", all[1], all[2])).doesNotContain("leases_save_nothing");
  }

  private String check(String... lines) {
    Checkup checkup = new Checkup();
    read(lines).check(checkup);
    return checkup.observations().toString();
  }

  private static String[] with(String[] lines, String more) {
    return Stream.concat(Stream.of(lines), Stream.of(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "proofs-alone: 5m;5:1: proofs-alone has names with values below it",
        "proofs-alone: {calls: 1};longest is missing",
        "proofs-alone: {longest: 1h};calls is missing",
        "proofs-alone: {longest: 1h, call: 1};calls is missing, and there is call, which is no"
            + " setting",
        "proofs-alone: {longest: 61m, calls: 1};longest: not between 1s and 1h: 61m",
        "proofs-alone: {longest: 999ms, calls: 1};not between 1s and 1h",
        "proofs-alone: {longest: 1h, calls: 0};calls: not a number of calls from 1 to 65536: 0",
        "proofs-alone: {longest: 1h, calls: 65537};not a number of calls",
        "proofs-alone: {longest: 1h, calls: 1};the replay-memory is of this process alone",
        "leases: {acme: {parts: 2}};there is no store of budgets of that name",
        "leases: {acme: 2};5:10: acme has names with values below it",
        "leases: {acme: {parts: 1}};not a number of leases from 2 to 10000: 1",
        "leases: {acme: {parts: 2, longest: 2h}};not between 1s and 1h",
        "leases: {acme: {longest: 1m}};parts is missing",
      })
  void read_whatMakesNoSense_hasItsPlace(String line, String message) {
    assertThatThrownBy(() -> read(line))
        .hasMessageContaining("service.yaml:5:")
        .hasMessageContaining(message);
  }

  @Test
  void read_storeThatNobodyShares_hasNoLeases() {
    assertThatThrownBy(() -> read("budgets: {acme: memory}", "leases: {acme: {parts: 100}}"))
        .hasMessageContaining("service.yaml:6:")
        .hasMessageContaining("the budgets of acme are counted in this process anyway");
  }
}
