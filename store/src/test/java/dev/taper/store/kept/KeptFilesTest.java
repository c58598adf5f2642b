package dev.taper.store.kept;

import static dev.taper.store.kept.KeptDatabase.ALICE;
import static dev.taper.store.kept.KeptDatabase.APPROVAL;
import static dev.taper.store.kept.KeptDatabase.ASK;
import static dev.taper.store.kept.KeptDatabase.HORIZON;
import static dev.taper.store.kept.KeptDatabase.NOON;
import static dev.taper.store.kept.KeptDatabase.PROOF;
import static dev.taper.store.kept.KeptDatabase.SHARE;
import static dev.taper.store.kept.KeptDatabase.charge;
import static dev.taper.store.kept.KeptDatabase.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.store.Database;
import dev.taper.store.SqlApprovalUses;
import dev.taper.store.SqlAsks;
import dev.taper.store.SqlAuditSink;
import dev.taper.store.SqlBudgets;
import dev.taper.store.SqlReplayMemory;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.Reviews;
import dev.taper.testing.KeptFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases that earlier versions wrote are brought up to this one, and go on. */
class KeptFilesTest {
  @TempDir Path folder;

  @BeforeAll
  static void writeIfAsked() throws Exception {
    KeptFiles.writeIfAsked(KeptDatabase::write);
  }

  static Stream<Arguments> kept() throws IOException {
    return KeptFiles.folders()
        .flatMap(kept -> Stream.of(TestDatabase.values()).map(kind -> Arguments.of(kept, kind)));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void open_keptDatabase_remembersAllAndGoesOn(Path kept, TestDatabase kind) throws Exception {
    KeptFiles.copy(kept, folder);
    KeptDatabase world = new KeptDatabase(folder);
    String address = KeptDatabase.address(kind, folder);
    assertThat(Database.look(address, folder).version())
        .isPositive()
        .isLessThanOrEqualTo(Database.look(address, folder).expected());

    try (Database database = Database.openExisting(address, folder)) {
      memories(database);
      log(world, database);
      revocations(world, database);
      registry(world, database);
    }
    assertThat(Database.look(address, folder).version())
        .isEqualTo(Database.look(address, folder).expected());
  }

  private static void memories(Database database) {
    ReplayMemory proofs = new SqlReplayMemory(database);
    assertThat(proofs.claim(PROOF, SHARE, NOON)).as("a used proof").isFalse();
    ReplayMemory.Use unused = new ReplayMemory.Use("ac".repeat(32), NOON, PROOF.until());
    assertThat(proofs.claim(unused, SHARE, NOON)).isTrue();
    assertThat(proofs.claim(unused, SHARE, NOON)).isFalse();

    ApprovalUses uses = new SqlApprovalUses(database);
    assertThat(uses.claim(List.of(APPROVAL), SHARE, NOON)).as("one use is left").isEmpty();
    assertThat(uses.claim(List.of(APPROVAL), SHARE, NOON)).containsExactly(APPROVAL);

    Budgets budgets = new SqlBudgets(database);
    assertThat(budgets.charge(List.of(charge(3)), SHARE, NOON))
        .isEqualTo(new Budgets.Exhausted(0, 2));
    assertThat(budgets.charge(List.of(charge(2)), SHARE, NOON)).isInstanceOf(Budgets.Charged.class);

    assertThat(Objects.requireNonNull(new SqlAsks(database).find(ASK.name(), NOON)).content())
        .isEqualTo(ASK.content());
  }

  private static void log(KeptDatabase world, Database database) {
    LogVerification before = verify(world, database);
    assertThat(before.intact()).isTrue();
    try (AuditLog log = world.log(database)) {
      log.append(AuditEvent.minted(world.token("T-4"), NOON));
    }
    LogVerification after = verify(world, database);
    assertThat(after.intact()).isTrue();
    assertThat(after.records()).isGreaterThan(before.records());
    assertThat(after.signers()).containsExactly(world.auditor.publicKey());
  }

  private static LogVerification verify(KeptDatabase world, Database database) {
    return AuditVerifier.trusting(List.of(world.auditor.publicKey()))
        .verify(new SqlAuditSink(database));
  }

  private static void revocations(KeptDatabase world, Database database) throws IOException {
    SqlRevocations revocations = new SqlRevocations(database, world.clock);
    RevocationList list =
        RevocationList.trusting(world.revoker.publicKey())
            .clock(world.clock)
            .forgottenAtRestart()
            .build();
    fetch(revocations, list);
    long before = list.highestSequence(world.revoker.publicKey());
    assertThat(list.size()).isEqualTo(2);
    var unused =
        revocations.revoke(RevocationIssuer.of(world.revoker), List.of(task("T-4")), HORIZON);
    fetch(revocations, list);
    assertThat(list.highestSequence(world.revoker.publicKey())).isEqualTo(before + 1);
    assertThat(revocations.entries())
        .extracting(RevocationEntry::fingerprint)
        .contains(task("T-2").fingerprint(), task("T-3").fingerprint(), task("T-4").fingerprint())
        .doesNotContain(task("T-lifted").fingerprint());
  }

  private static void fetch(SqlRevocations revocations, RevocationList list) throws IOException {
    RevocationSource.Content content = Objects.requireNonNull(revocations.fetch(null, 0));
    try (var lists = content.lists()) {
      assertThat(list.apply(lists)).isTrue();
    }
  }

  private static void registry(KeptDatabase world, Database database) {
    Registry registry = new Registry(database, world.clock);
    List<Delegated> living = registry.find(RegistryQuery.living().task("T-1"));
    assertThat(living).extracting(Delegated::delegator).containsOnly(ALICE);
    assertThat(living)
        .extracting(Delegated::holder)
        .containsExactlyInAnyOrder("agent:planner", "agent:researcher");
    long calls = calls(registry, "T-1");
    assertThat(calls).isPositive();

    Reviews reviews = new Reviews(database, world.clock);
    Review review = reviews.all().get(0);
    assertThat(review.title()).isEqualTo("Q4");
    assertThat(review.items().get(0).decision()).isEqualTo(ReviewDecision.CERTIFIED);
    assertThat(review.items().get(1).decision()).isNull();
    Review decided =
        reviews.decide(
            review.id(), ReviewDecision.CERTIFIED, List.of(2), "user:erin@acme.com", "too");
    assertThat(decided.items().get(1).decision()).isEqualTo(ReviewDecision.CERTIFIED);

    AgentToken next = world.token("T-5");
    registry.issued(next, world.root.publicKey());
    assertThat(world.call(database, next).allowed()).isTrue();
    assertThat(calls(registry, "T-5")).isEqualTo(1);
  }

  private static long calls(Registry registry, String task) {
    return registry.find(RegistryQuery.living().task(task)).stream()
        .mapToLong(Delegated::calls)
        .sum();
  }
}
