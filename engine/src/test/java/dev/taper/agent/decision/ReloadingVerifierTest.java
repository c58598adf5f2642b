package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.agent.names.IssuerNames;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changes when something is reloaded, and what stays. */
class ReloadingVerifierTest {
  private static final String CATALOG =
      "{\"format\":\"taper/1 catalog\",\"audience\":\"AUDIENCE\",\"tools\":"
          + "{\"jira.search\":{\"operation\":\"OPERATION\"}}}";

  @TempDir private Path folder;

  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private Path write(String name, String text) throws IOException {
    Path beside = Files.writeString(folder.resolve(name + ".new"), text);
    return Files.move(
        beside,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static PolicySet policies(String text) {
    return PolicySet.of(Datalog.authorizer(text));
  }

  private static RootKeys rootKeys(String text) {
    return RootKeys.of(PublicKey.parse(text.strip()));
  }

  private CallDecision search(Verifier verifier) {
    return story.decide(verifier, story.atPlanner(), story.plannerKey, Story.search());
  }

  // with(…)

  @Test
  void with_anything_sharesMemoriesListenersAndCounts() {
    List<DecisionEvent> told = new ArrayList<>();
    Verifier first =
        story
            .verifier()
            .listener(
                event -> {
                  told.add(event);
                  throw new IllegalStateException("disk full");
                },
                DecisionListener.AuditFailure.ALLOW_AND_COUNT)
            .build();
    Escalated.Approved once =
        e.approved(
            e.ifBossApproves(),
            e.boss,
            Escalated.call(),
            Approval.Terms.lasting(Escalated.QUARTER).once());
    Proof proof = e.proof(once, story.plannerKey, Escalated.call());
    assertAllowed(first.decide(once.token().token(), Escalated.call(), proof, once.sent()));

    VerifierRules rules = first.rules();
    for (Verifier next :
        List.of(
            first.with(rules.withRootKeys(RootKeys.of(story.root.publicKey()))),
            first.with(rules.withPolicies(policies("allow if true;"))),
            first.with(rules.withApproverNames(ApproverNames.NONE)),
            first.with(rules.withIssuerNames(IssuerNames.none())),
            first.with(rules.withDirectory(AgentDirectory.of(Map.of()))))) {
      assertDenied(
          next.decide(once.token().token(), Escalated.call(), proof, once.sent()),
          DenialCode.PROOF_REPLAYED);
      assertDenied(
          e.decide(next, once, story.plannerKey, Escalated.call()), DenialCode.APPROVAL_USED);
      assertThat(next.unrecordedDecisions()).isEqualTo(told.size());
      assertThat(next.tokenCacheStatistics()).isEqualTo(first.tokenCacheStatistics());
      assertThat(next.health().replays()).isEqualTo(first.health().replays());
      assertThat(next.health().stores()).isEqualTo(first.health().stores());
    }
    assertThat(told).hasSize(11);
    assertThat(first.unrecordedDecisions()).isEqualTo(11);
  }

  @Test
  void with_rootKeys_trustsOnlyThese() {
    Verifier first = story.verifier().build();
    RootKeys others = RootKeys.of(PrivateKey.generate(Algorithm.ED25519).publicKey());
    Verifier next = first.with(first.rules().withRootKeys(others));

    assertAllowed(search(first));
    Refused.with(ErrorCode.INVALID_SIGNATURE, () -> search(next));
    assertAllowed(search(first));
  }

  @Test
  void with_policies_decidesByTheseAndRecordsTheirDigest() {
    AtomicReference<DecisionEvent> told = new AtomicReference<>();
    Verifier first = story.verifier().sharedPredicates("open").listener(told::set).build();
    assertAllowed(search(first));
    byte[] before = Objects.requireNonNull(told.get()).policyDigest();

    Verifier next = first.with(first.rules().withPolicies(policies("open(true); deny if true;")));

    assertDenied(search(next), DenialCode.POLICY_DENIED);
    assertThat(Objects.requireNonNull(told.get()).policyDigest()).isNotEqualTo(before);
    assertAllowed(search(first));
  }

  @Test
  void with_directory_knowsTheseNames() {
    PolicySet verified = policies("check if holder_verified($name); allow if true;");
    Verifier first = story.verifier().policies(verified).build();

    assertThat(search(first).allowed()).isFalse();
    assertAllowed(
        search(
            first.with(
                first
                    .rules()
                    .withDirectory(
                        AgentDirectory.of(
                            Map.of("agent:planner", List.of(story.plannerKey.publicKey())))))));
  }

  @Test
  void with_approverNames_countsThesePersons() {
    Escalated.Approved approved =
        e.approved(
            e.granted(Escalated.delete().ifApprovedByGroup(1, "finance")),
            e.boss,
            Escalated.call());
    Verifier first = story.verifier().build();
    ApproverNames names =
        ApproverNames.builder()
            .person("user:boss", e.boss.publicKey())
            .group("finance", "user:boss")
            .build();

    assertThat(e.decide(first, approved, story.plannerKey, Escalated.call()).allowed()).isFalse();
    assertAllowed(
        e.decide(
            first.with(first.rules().withApproverNames(names)),
            approved,
            story.plannerKey,
            Escalated.call()));
  }

  @Test
  void with_catalog_takesItsOwnCallsOnly() {
    ToolCatalog read = catalog("svc:jira", "read");
    ToolCatalog write = catalog("svc:jira", "write");
    Verifier first = story.verifier().catalog(read).build();
    Verifier next = first.with(first.rules().withCatalog(write));
    AgentToken token = e.granted();
    ToolCall readCall = read.call("jira.search", "{}");
    ToolCall writeCall = write.call("jira.search", "{}");

    assertThat(next.catalog()).isSameAs(write);
    assertAllowed(story.decide(first, token, story.plannerKey, readCall));
    assertAllowed(story.decide(next, token, story.plannerKey, writeCall));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> story.decide(next, token, story.plannerKey, readCall));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "the catalog is of svc:crm, and the verifier is svc:jira",
        () -> first.with(first.rules().withCatalog(catalog("svc:crm", "read"))));
  }

  private static ToolCatalog catalog(String audience, String operation) {
    return ToolCatalog.parse(CATALOG.replace("AUDIENCE", audience).replace("OPERATION", operation));
  }

  // Files

  @Test
  void check_filesChanged_goesOnWithThem() throws IOException {
    Path keys = write("keys", story.root.publicKey().toString());
    Path policy = write("policy", "allow if true;");
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .rootKeys(keys, ReloadingVerifierTest::rootKeys)
            .policies(policy, ReloadingVerifierTest::policies)
            .build();
    Verifier first = reloading.verifier();
    assertAllowed(search(first));
    assertThat(reloading.check()).isFalse();
    assertThat(reloading.verifier()).isSameAs(first);

    write("policy", "deny if true;");
    assertThat(reloading.check()).isTrue();

    assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
    assertAllowed(search(first));
    write("keys", PrivateKey.generate(Algorithm.ED25519).publicKey().toString());
    assertThat(reloading.check()).isTrue();
    Refused.with(ErrorCode.INVALID_SIGNATURE, () -> search(reloading.verifier()));
  }

  @Test
  void check_directoryAndCatalogChanged_goesOnWithThem() throws IOException {
    Path names = write("names", "nobody");
    Path catalog =
        write("catalog", CATALOG.replace("AUDIENCE", "svc:jira").replace("OPERATION", "read"));
    ReloadingVerifier reloading =
        ReloadingVerifier.of(
                story
                    .verifier()
                    .catalog(catalog("svc:jira", "write"))
                    .policies(policies("check if holder_verified($name); allow if true;"))
                    .build())
            .directory(names, ReloadingVerifierTest::everybodyBut)
            .catalog(catalog, ToolCatalog::parse)
            .build();
    ToolCall call =
        Objects.requireNonNull(reloading.verifier().catalog()).call("jira.search", "{}");
    assertAllowed(story.decide(reloading.verifier(), e.granted(), story.plannerKey, call));

    write("names", "agent:planner");
    write("catalog", CATALOG.replace("AUDIENCE", "svc:jira").replace("OPERATION", "write"));
    assertThat(reloading.check()).isTrue();

    ToolCall next =
        Objects.requireNonNull(reloading.verifier().catalog()).call("jira.search", "{}");
    assertThat(next.operation()).isEqualTo("write");
    assertThat(story.decide(reloading.verifier(), e.granted(), story.plannerKey, next).allowed())
        .isFalse();
  }

  private static AgentDirectory everybodyBut(String text) {
    return (name, key) -> !name.equals(text.strip());
  }

  /** Or a holder whose token is renewed with the new root key has a second budget. */
  @Test
  void check_issuerHasANewRootKey_goesOnWithItsBudgets() throws IOException {
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    NamesFile.Builder issuer = NamesFile.builder().issuer("issuer:acme", story.root.publicKey());
    Path names = write("names", issuer.build().write());
    ReloadingVerifier reloading =
        ReloadingVerifier.of(
                story
                    .verifier(id -> List.of(story.root.publicKey(), next.publicKey()))
                    .budgets("acme", Budgets.forThisProcessOnly())
                    .build())
            .issuerNames(names, text -> NamesFile.parse(text).issuerNames())
            .build();
    Delegation delegation = story.delegation().budget("at most 1 calls from acme as trip");
    AgentToken old = story.issuer.mint(delegation);
    AgentToken renewed = Issuer.of(next).clock(story.clock).mint(delegation);
    assertAllowed(story.decide(reloading.verifier(), old, story.plannerKey, Story.search()));

    write("names", issuer.issuer("issuer:acme", next.publicKey()).build().write());
    assertThat(reloading.check()).isTrue();

    assertDenied(
        story.decide(reloading.verifier(), renewed, story.plannerKey, Story.search()),
        DenialCode.BUDGET_EXHAUSTED);
  }

  @Test
  void check_badFile_keepsTheOldOneAndSaysSoUntilItIsGood() throws IOException {
    Path policy = write("policy", "allow if true;");
    Instant written = story.clock.instant().minus(Duration.ofHours(5));
    Files.setLastModifiedTime(policy, FileTime.from(written));
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .policies(policy, ReloadingVerifierTest::policies)
            .build();
    Verifier first = reloading.verifier();
    VerifierHealth.WatchedFile good = file(reloading);
    assertThat(good.error()).isNull();
    assertThat(good.lastFailure()).isNull();
    assertThat(good.age(story.clock.instant())).isEqualTo(Duration.ofHours(5));

    write("policy", "allow if tru(;");
    assertThat(reloading.check()).isFalse();
    assertThat(reloading.verifier()).isSameAs(first);
    VerifierHealth.WatchedFile bad = file(reloading);
    assertThat(bad.error()).isEqualTo(ErrorCode.SYNTAX);
    assertThat(Objects.requireNonNull(bad.lastFailure()).reason())
        .contains("the file of policies", policy.toString(), "cannot be used");
    assertThat(bad.modified()).isEqualTo(written);

    Files.delete(policy);
    assertThat(reloading.check()).isFalse();
    assertThat(file(reloading).error()).isEqualTo(ErrorCode.FILE_UNAVAILABLE);

    Files.write(policy, new byte[] {(byte) 0xff});
    assertThat(reloading.check()).isFalse();
    assertThat(file(reloading).error()).isEqualTo(ErrorCode.FILE_UNAVAILABLE);

    write("policy", "allow if true;");
    assertThat(reloading.check()).isFalse();
    assertThat(file(reloading).error()).isNull();
    assertThat(file(reloading).lastFailure()).isNotNull();
    assertAllowed(search(reloading.verifier()));
  }

  private static VerifierHealth.WatchedFile file(ReloadingVerifier reloading) {
    return reloading.health().files().get(0);
  }

  @Test
  void check_catalogOfAnotherAudience_keepsTheOldOne() throws IOException {
    Path catalog =
        write("catalog", CATALOG.replace("AUDIENCE", "svc:jira").replace("OPERATION", "read"));
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().catalog(catalog("svc:jira", "read")).build())
            .catalog(catalog, ToolCatalog::parse)
            .build();
    write("catalog", CATALOG.replace("AUDIENCE", "svc:crm").replace("OPERATION", "read"));

    assertThat(reloading.check()).isFalse();
    assertThat(file(reloading).error()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void check_oneFileIsBad_theOthersChange() throws IOException {
    Path keys = write("keys", story.root.publicKey().toString());
    Path policy = write("policy", "allow if true;");
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .rootKeys(keys, ReloadingVerifierTest::rootKeys)
            .policies(policy, ReloadingVerifierTest::policies)
            .build();
    write("keys", "none");
    write("policy", "deny if true;");

    assertThat(reloading.check()).isTrue();
    assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
    assertThat(reloading.health().files())
        .extracting(VerifierHealth.WatchedFile::error)
        .containsExactly(ErrorCode.INVALID_KEY, null);
  }

  /** A file that was read is not read again: what it said would be lost. */
  @Test
  void check_readerThrowsAnError_theOthersChangeAllTheSame() throws IOException {
    Path policy = write("policy", "allow if true;");
    Path keys = write("keys", story.root.publicKey().toString());
    AtomicReference<@Nullable Error> next = new AtomicReference<>();
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .policies(policy, ReloadingVerifierTest::policies)
            .rootKeys(
                keys,
                text -> {
                  Error error = next.get();
                  if (error != null) {
                    throw error;
                  }
                  return rootKeys(text);
                })
            .build();
    write("policy", "deny if true;");
    write("keys", story.root.publicKey() + "\n");
    next.set(new StackOverflowError("a test's"));

    assertThat(reloading.check()).isTrue();
    assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
    assertThat(reloading.health().files())
        .extracting(VerifierHealth.WatchedFile::error)
        .containsExactly(null, ErrorCode.INVALID_ARGUMENT);
    next.set(null);
    assertThat(reloading.check()).isTrue();
  }

  /** Whoever was taken out of a file would count for ever if one look could be the last. */
  @Test
  @Timeout(60)
  void checkEvery_errorAtOneLook_isNotTheLast() throws Exception {
    Path policy = write("policy", "allow if true;");
    AtomicReference<@Nullable Error> next = new AtomicReference<>();
    try (ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .policies(
                policy,
                text -> {
                  Error error = next.getAndSet(null);
                  if (error != null) {
                    throw error;
                  }
                  return policies(text);
                })
            .build()) {
      write("policy", "deny if true;");
      next.set(new StackOverflowError("a test's"));
      Verifier first = reloading.verifier();
      reloading.checkEvery(Duration.ofMillis(1));
      while (reloading.verifier() == first) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
    }
  }

  @Test
  void build_badFile_throws() throws IOException {
    Path policy = write("policy", "allow if tru(;");
    ReloadingVerifier.Builder builder =
        ReloadingVerifier.of(story.verifier().build())
            .policies(policy, ReloadingVerifierTest::policies);

    assertThatThrownBy(builder::build).hasMessageContaining("line 1");
    Files.delete(policy);
    Refused.with(ErrorCode.FILE_UNAVAILABLE, builder::build);
  }

  @Test
  @Timeout(60)
  void checkEvery_fileChanged_isSeenWithoutACall() throws Exception {
    Path policy = write("policy", "allow if true;");
    CountDownLatch read = new CountDownLatch(2);
    try (ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .policies(
                policy,
                text -> {
                  read.countDown();
                  return policies(text);
                })
            .build()) {
      Verifier first = reloading.verifier();
      reloading.checkEvery(Duration.ofMillis(1));
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          "looked at already",
          () -> reloading.checkEvery(Duration.ofMillis(1)));
      write("policy", "deny if true;");
      read.await();
      while (reloading.verifier() == first) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
    }
  }

  @Test
  void checkEvery_noPause_isRefused() {
    ReloadingVerifier reloading = ReloadingVerifier.of(story.verifier().build()).build();

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "a millisecond at least",
        () -> reloading.checkEvery(Duration.ZERO));
    assertThat(reloading.health().files()).isEmpty();
    reloading.close(); // of what was never started
  }

  /** Or a service that ends waits for it, and one that is closed goes on changing. */
  @Test
  @Timeout(60)
  void close_lookingAtFiles_endsTheDaemonThatDoes() throws Exception {
    Path policy = write("policy", "allow if true;");
    AtomicReference<Thread> reads = new AtomicReference<>();
    ReloadingVerifier reloading =
        ReloadingVerifier.of(story.verifier().build())
            .policies(
                policy,
                text -> {
                  reads.set(Thread.currentThread());
                  return policies(text);
                })
            .build();
    reloading.checkEvery(Duration.ofMillis(1));
    write("policy", "deny if true;");
    while (reads.get() == Thread.currentThread()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(reads.get().isDaemon()).isTrue();

    reloading.close();

    reads.get().join();
    write("policy", "allow if true;");
    assertDenied(search(reloading.verifier()), DenialCode.POLICY_DENIED);
  }

  // names

  private String names(long number, PublicKey planner) {
    return NamesFile.builder().number(number).agent("agent:planner", planner).build().write();
  }

  @Test
  void names_newFile_isUsedAndNoOlderOne() throws IOException {
    Path file = write("names.json", names(2, story.researcherKey.publicKey()));
    ReloadingVerifier reloading =
        ReloadingVerifier.of(
                story
                    .verifier()
                    .policies(policies("allow if invoker($i), holder_verified($i);"))
                    .build())
            .names(file, NamesFile::parse)
            .build();
    assertDenied(search(reloading.verifier()), DenialCode.NO_MATCHING_POLICY);

    write("names.json", names(1, story.plannerKey.publicKey()));
    assertThat(reloading.check()).isFalse();
    assertThat(reloading.health().files().get(0).error()).isEqualTo(ErrorCode.INVALID_NAMES);
    assertThat(reloading.health().warnings())
        .singleElement()
        .asString()
        .contains(
            "the file of names is not used as it is now, but as it was at ",
            ": the file of names, ");
    write("names.json", names(3, story.plannerKey.publicKey()));
    assertThat(reloading.check()).isTrue();
    assertThat(reloading.health().warnings()).isEmpty();
    assertAllowed(search(reloading.verifier()));
    write("names.json", names(2, story.researcherKey.publicKey()));
    assertThat(reloading.check()).isFalse();
  }

  @Test
  void names_unsignedApprovers_countOnlyIfThatIsMeant() throws IOException {
    Path file =
        write(
            "names.json",
            NamesFile.builder().approver("user:boss", e.boss.publicKey()).build().write());
    Verifier first = story.verifier().build();

    Refused.with(
        ErrorCode.INVALID_NAMES,
        () -> ReloadingVerifier.of(first).names(file, NamesFile::parse).build());
    assertThat(
            ReloadingVerifier.of(first)
                .namesWithoutSignature(file, NamesFile::parse)
                .build()
                .verifier())
        .isNotSameAs(first);
  }
}
