package dev.taper.operations.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.registry.Endings;
import dev.taper.testing.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogsTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOON);

  private AuditReader log(String name, AuditEvent... events) {
    AuditSink sink = AuditSink.inFileWithoutForcingToDisk(folder.resolve(name), clock);
    try (AuditLog log =
        AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519)).clock(clock).open()) {
      for (AuditEvent event : events) {
        var unused = log.submit(event);
      }
    }
    return new AuditReader(new Workplace(folder, clock), new Place.File(name), List.of(), null);
  }

  private static AuditEvent event(String task, long second) {
    return AuditEvent.of(AuditKind.TASK_END, NOON.plusSeconds(second)).task(task);
  }

  private static List<String> tasks(List<AuditReader> readers) {
    List<String> tasks = new ArrayList<>();
    var unused =
        new AuditLogs(readers)
            .read(
                found -> {
                  if (found.record().content() instanceof AuditEvent event) {
                    tasks.add(event.task());
                  }
                });
    return tasks;
  }

  @Test
  void read_severalLogs_areMergedInTheOrderOfTime() {
    assertThat(
            tasks(
                List.of(
                    log("a", event("a1", 1), event("a4", 4), event("a6", 6)),
                    log("b", event("b2", 2), event("b5", 5)),
                    log("c", event("c3", 3)))))
        .containsExactly("a1", "b2", "c3", "a4", "b5", "a6");
  }

  @Test
  void read_timeThatGoesBack_keepsTheOrderOfItsLog() {
    assertThat(
            tasks(
                List.of(
                    log("a", event("a5", 5), event("a1", 1), event("a6", 6)),
                    log("b", event("b3", 3)))))
        .containsExactly("b3", "a5", "a1", "a6");
  }

  @Test
  void read_sameEventInTwoLogs_isPassedOnOnceForEachTimeItHappened() {
    AuditEvent same = event("same", 2);
    assertThat(
            tasks(
                List.of(
                    log("a", event("a1", 1), same, same),
                    log("b", same, event("b3", 3)),
                    log("c", same, same, event("c4", 4)))))
        .containsExactly("a1", "same", "same", "b3", "c4");
  }

  /** Who takes the records would wait for ever for a thread that is gone. */
  @Test
  void read_aLogEndsByAnError_endsWithIt() {
    Path broken =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (path, method, arguments) -> {
                  throw new StackOverflowError("of a file system");
                });
    AuditReader reader =
        new AuditReader(new Workplace(broken, clock), new Place.File("b"), List.of(), null);

    assertThatThrownBy(() -> tasks(List.of(log("a", event("a1", 1)), reader)))
        .isInstanceOf(StackOverflowError.class)
        .hasMessage("of a file system");
  }

  @Test
  void trace_moreRecordsThanAreKept_countsTheRest() {
    int calls = Trail.MAX_ENTRIES + 10;
    AuditEvent[] events = new AuditEvent[calls];
    for (int i = 0; i < calls; i++) {
      events[i] = event("T-1", i);
    }
    Trail trail =
        new Trail(
            TrailFilter.all().task("T-1"),
            Endings.of((dev.taper.revocation.Revocations) null, NOON));
    List<String> notes = trail.read(new AuditLogs(List.of(log("a", events))));

    assertThat(trail.tasks().get(0).events()).hasSize(Trail.MAX_ENTRIES);
    assertThat(trail.left()).isEqualTo(10);
    assertThat(notes).anySatisfy(note -> assertThat(note).startsWith("10 records more fit"));
  }

  /** However many calls there are, who approved and what ended is told. */
  @Test
  void trace_moreCallsThanAreKept_listsWhatIsNoCall() {
    AuditEvent[] events = new AuditEvent[Trail.MAX_ENTRIES + 11];
    Arrays.fill(events, call("T-1"));
    events[Trail.MAX_ENTRIES + 10] = event("T-1", 9);
    Trail trail =
        new Trail(
            TrailFilter.all().task("T-1"),
            Endings.of((dev.taper.revocation.Revocations) null, NOON));
    List<String> notes = trail.read(new AuditLogs(List.of(log("a", events))));

    Trail.TaskTrail task = trail.tasks().get(0);
    assertThat(task.events()).hasSize(1);
    assertThat(task.tokens().get(0).calls()).hasSize(Trail.MAX_ENTRIES);
    assertThat(task.tokens().get(0).allowed()).isEqualTo(Trail.MAX_ENTRIES + 10);
    assertThat(notes).anySatisfy(note -> assertThat(note).startsWith("10 records more fit"));
  }

  private AuditEvent call(String task) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .clock(clock)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", holder.publicKey()))
                    .task(task)
                    .grant("jira.search")
                    .expiresIn(Duration.ofHours(1)));
    List<DecisionEvent> told = new ArrayList<>();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .clock(clock)
            .listener(told::add)
            .build();
    ToolCall call = ToolCall.of("jira.search");
    Proof proof = token.prove(holder, call.sent(), "svc:jira", SentApprovals.NONE, clock);
    var unused = verifier.decide(Credentials.of(token.encodeBase64(), proof.encodeBase64()), call);
    return AuditEvent.decided(told.get(0), digest -> false);
  }

  /** Every forty-third hash begins like a number. */
  @Test
  void find_hashThatBeginsLikeANumber_isFound() {
    AuditEvent[] events = new AuditEvent[2000];
    Arrays.setAll(events, i -> event("t" + i, i));
    AuditReader log = log("a", events);
    AtomicReference<AuditRecord> wanted = new AtomicReference<>();
    var unused =
        log.read(
            record -> {
              if (record.hash().matches("[0-9]{8}.*")) {
                wanted.set(record);
              }
            });

    String hash = wanted.get().hash();
    assertThat(log.find(hash.substring(0, 8), () -> {}))
        .extracting(hit -> hit.record().hash())
        .contains(hash);
    assertThat(log.find("7", () -> {})).hasSize(1);
  }
}
