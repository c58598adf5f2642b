package dev.taper.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup.Probe;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.Database;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of things that do not work, or will not for long. */
class ProbesTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  @TempDir private Path folder;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  private Workplace at(Instant now) {
    return new Workplace(folder, clock(now));
  }

  private static Clock clock(Instant now) {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  /** What is said, and whether all is well in spite of it. */
  private static String said(Probe probe) {
    Checkup checkup = new Checkup();
    checkup.look("it", probe);
    StringBuilder said = new StringBuilder(checkup.healthy() ? "" : "unhealthy\n");
    for (Observation each : checkup.observations()) {
      said.append(each.status()).append(' ').append(each.code()).append(": ").append(each.text());
      said.append('\n');
    }
    return said.toString();
  }

  @Test
  void look_nothingSaid_isRight_andWhatIsThrownIsWrong() {
    assertThat(said(report -> {})).isEqualTo("RIGHT null: nothing is wrong\n");
    assertThat(
            said(
                report -> {
                  report.right("so far");
                  throw OperationException.usage("no further");
                }))
        .isEqualTo("unhealthy\nRIGHT null: so far\nWRONG usage: no further\n");
  }

  @Test
  void clock_beforeThisProgramWasMade_isWrong() {
    assertThat(said(Probes.clock(Instant.EPOCH)))
        .startsWith("unhealthy\nWRONG clock: it is 1970-01-01T00:00:00Z, which cannot be");
  }

  @Test
  void rootKeys_ofASet_tellsWhichHaveEndedOrSoonWill() {
    PrivateKey soon = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey ended = PrivateKey.generate(Algorithm.ED25519);
    RootKey old = new RootKey(ended.publicKey(), 1, null, NOW);
    RootKeySet set =
        RootKeySet.of(
            clock(NOW),
            List.of(
                new RootKey(root.publicKey(), 0, null, NOW.plus(Duration.ofDays(7))),
                old,
                new RootKey(soon.publicKey(), 2, null, NOW.plusSeconds(1)),
                new RootKey(planner.publicKey(), 3, null, null)));
    NamesFile names = NamesFile.builder().issuer("issuer:acme", root.publicKey()).build();

    assertThat(said(Probes.rootKeys(() -> set, names, NOW)))
        .isEqualTo(
            "RIGHT null: trusts key 0, "
                + root.publicKey()
                + ", of issuer:acme\n"
                + "DOUBTFUL expired: key 1 ended at 2030-01-01T12:00:00Z\n"
                + "DOUBTFUL ends_soon: key 2 ends at 2030-01-01T12:00:01Z\n"
                + "RIGHT null: trusts key 3, "
                + planner.publicKey()
                + ", which is not among the names\n");
    assertThat(said(Probes.rootKeys(() -> RootKeySet.of(clock(NOW), List.of(old)), null, NOW)))
        .startsWith("unhealthy\n")
        .contains("WRONG unknown_root_key: no key of the set is good now");
  }

  private void publish(Instant now) throws IOException {
    Files.write(
        folder.resolve("revoked.list"),
        RevocationIssuer.of(root)
            .snapshot(
                1, List.of(), Validity.from(clock(now), Duration.ofHours(1), Duration.ofHours(2))));
  }

  private String revocations(Place place, Instant now) {
    return said(Probes.revocations(place, List.of(root.publicKey()), at(now)));
  }

  @Test
  void revocations_notAsNewAsPromised_areWrong() throws IOException {
    publish(NOW);
    Place list = new Place.File("revoked.list");
    assertThat(revocations(list, NOW))
        .startsWith("RIGHT null: number 1 by " + root.publicKey())
        .endsWith(", the next one is due at 2030-01-01T13:00:00Z\n");
    assertThat(revocations(list, NOW.plus(Duration.ofHours(3))))
        .isEqualTo(
            "unhealthy\nWRONG revocations_stale: the list is stale: every call is refused\n");
  }

  @Test
  void revocations_fromTheFuture_nameTheClock() throws IOException {
    publish(NOW.plusSeconds(20));
    assertThat(revocations(new Place.File("revoked.list"), NOW))
        .contains("DOUBTFUL clock: number 1 by ", "was issued 20 s from now");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("r.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Looking never brings tables up to date, nor reads such as another program may mean. */
  @Test
  void database_ofAnotherVersion_isSaidAndLeftAlone() throws SQLException {
    Place.Sql place = new Place.Sql("sqlite:r.db");
    try (Database database = Database.open(place.address(), folder)) {
      assertThat(database).isNotNull();
    }
    assertThat(said(Probes.database(place, at(NOW)))).startsWith("RIGHT null: sqlite:r.db answers");

    execute(
        "INSERT INTO taper_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'test', 1, 1)");
    assertThat(said(Probes.database(place, at(NOW))))
        .startsWith("unhealthy\nWRONG database_schema: sqlite:r.db was made by a newer program");
    assertThat(revocations(place, NOW)).startsWith("DOUBTFUL database_schema: not read");

    execute("DELETE FROM taper_schema_history WHERE version <> '1'");
    String older = said(Probes.database(place, at(NOW)));
    assertThat(older)
        .startsWith(
            "DOUBTFUL database_schema: sqlite:r.db answers, its tables have version 1; the");
    assertThat(said(Probes.database(place, at(NOW)))).isEqualTo(older);
  }

  @Test
  void placesThatCannotBeWrittenTo_areWrong() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(said(Probes.folder(file))).startsWith("unhealthy\nWRONG io: it is no folder");
    assertThat(said(Probes.folder(folder.resolve("none")))).startsWith("DOUBTFUL missing: ");
    assertThat(said(Probes.folder(folder))).startsWith("RIGHT ");
    assertThat(said(Probes.file(folder))).startsWith("unhealthy\nWRONG io: it is no file");
    assertThat(said(Probes.file(folder.resolve("none/log"))))
        .startsWith("unhealthy\nWRONG io: there is no such file, and its folder");
    assertThat(said(Probes.file(folder.resolve("log")))).startsWith("DOUBTFUL missing: ");
    assertThat(said(Probes.file(file))).startsWith("RIGHT ");
  }

  @Test
  void names_whoseApproversAnybodyCouldWrite_areDoubtful() {
    NamesFile.Builder names = NamesFile.builder().agent("agent:planner", planner.publicKey());
    NamesFile alone = names.build();
    assertThat(said(Probes.names(() -> alone))).startsWith("RIGHT null: 1 agents, 0 approvers");
    NamesFile approving =
        names.approver("user:erin", root.publicKey()).group("security", "user:erin").build();
    assertThat(said(Probes.names(() -> approving)))
        .startsWith("DOUBTFUL unsigned: 1 agents, 1 approvers in 1 groups")
        .contains("whoever can write the file decides whose approvals count");
    NamesFile signed = NamesFile.parseSigned(names.number(7).build().sign(root), root.publicKey());
    assertThat(said(Probes.names(() -> signed)))
        .startsWith("RIGHT ")
        .contains("; number 7 by " + root.publicKey());
  }

  @Test
  void catalog_withoutTools_orOfAnother_isSaid() {
    ToolCatalog empty = ToolCatalog.of("svc:jira").build();
    assertThat(said(Probes.catalog(() -> empty, "svc:jira")))
        .isEqualTo("DOUBTFUL empty: it has no tools: every call is unknown_tool\n");
    assertThat(said(Probes.catalog(() -> empty, "svc:wiki")))
        .isEqualTo("unhealthy\nWRONG audience: it is the catalog of svc:jira, not of svc:wiki\n");
  }

  private Delegation delegation() {
    return Delegation.by("user:alice@acme.com")
        .to(Agent.of("agent:planner", planner.publicKey()))
        .task("T-1")
        .grant("jira.search read");
  }

  private AgentToken mint(Delegation delegation) {
    return Issuer.of(root).clock(clock(NOW)).mint(delegation);
  }

  @Test
  void token_thatNoCallCanSatisfy_isWrong() {
    AgentToken hour = mint(delegation().expiresIn(Duration.ofHours(1)));
    Instant end = NOW.plus(Duration.ofHours(1));
    assertThat(said(Probes.token(() -> hour, planner::publicKey, end.minusSeconds(1))))
        .startsWith("RIGHT ")
        .contains(", which ends at 2030-01-01T13:00:00Z\n", "the private key is its holder's");
    assertThat(said(Probes.token(() -> hour, null, end)))
        .isEqualTo("unhealthy\nWRONG expired: its authority ended at 2030-01-01T13:00:00Z\n");

    AgentToken endless = mint(delegation().withoutExpiry());
    assertThat(said(Probes.token(() -> endless, root::publicKey, NOW)))
        .startsWith("unhealthy\nRIGHT ")
        .contains(", without an end\n", "WRONG not_the_holder: its holder agent:planner has the");
  }
}
