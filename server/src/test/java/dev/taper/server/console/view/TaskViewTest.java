package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.trail.AuditLogs;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.Endings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskViewTest {
  private static final String JIRA = "svc:jira";

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  @TempDir Path folder;

  /** Who makes very many calls hides none of the others'. */
  @ParameterizedTest
  @CsvSource({
    "100, '', 100",
    "100, 40 60, 100",
    "100, 5000, 100",
    "100, 20000 3 1, 96",
    "100, 5000 5000 10, 45",
    "100, 60 60, 50",
    "2, 9 9 9, 0",
  })
  void part_ofSomeLists_isAllOfTheShortOnes(int most, String sizes, int part) {
    int[] lists = Arrays.stream(sizes.split(" ")).mapToInt(TaskViewTest::size).toArray();

    assertThat(TaskView.part(most, IntStream.of(lists))).isEqualTo(part);
    assertThat(IntStream.of(lists).map(size -> Math.min(size, part)).sum())
        .isLessThanOrEqualTo(most);
  }

  /** Who hands on very often hides nobody. */
  @Test
  void tokens_ofATaskWithTooMany_areSomeOfEach() {
    AgentToken token =
        Issuer.of(key)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("planner", key.publicKey()))
                    .task("T-1")
                    .grant("jira.search")
                    .expiresIn(Duration.ofHours(1)));
    Held planner = new Held(token, key);
    Held busy = planner.handOn("busy");
    List<Held> used = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      used.add(busy.handOn("b" + i));
    }
    used.add(planner.handOn("quiet").handOn("q"));

    Trail.TaskTrail task = traced(used).tasks().get(0);

    assertThat(shown(task, 20)).hasSize(13).endsWith("2 b8", "1 quiet", "2 q");
    assertThat(shown(task, 6))
        .containsExactly("0 planner", "1 busy", "2 b0", "2 b1", "1 quiet", "2 q");
    assertThat(shown(task, 2)).containsExactly("0 planner", "1 busy");
  }

  /** A token with its holder's key. */
  private record Held(AgentToken token, PrivateKey key) {
    Held handOn(String name) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      Hop hop = Hop.to(Agent.of(name, next.publicKey()));
      return new Held(token.delegate(key, hop, Clock.systemUTC()), next);
    }
  }

  private Trail traced(List<Held> used) {
    Clock clock = Clock.systemUTC();
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(folder.resolve("audit.jsonl"), clock), key).open()) {
      Verifier verifier =
          Verifier.trusting(RootKeys.of(key.publicKey()))
              .callerStatesMeaning()
              .audience(JIRA)
              .withoutRevocation()
              .deadline(Duration.ofMinutes(1))
              .listener(log)
              .build();
      ToolCall call = ToolCall.of("jira.search");
      for (Held one : used) {
        AgentToken token = one.token();
        var unused =
            verifier.decide(
                token.token(), call, token.prove(one.key(), call, JIRA), SentApprovals.NONE);
      }
    }
    Place place = new Place.File("audit.jsonl");
    Trail trail = new Trail(TrailFilter.all(), Endings.of((Revocations) null, clock.instant()));
    AuditReader reader =
        new AuditReader(new Workplace(folder, clock), place, List.of(key.publicKey()), null);
    assertThat(trail.read(new AuditLogs(List.of(reader)))).isEmpty();
    return trail;
  }

  private static List<String> shown(Trail.TaskTrail task, int most) {
    return TaskTokens.of(task, most).stream()
        .map(one -> one.depth() + " " + one.token().holder())
        .toList();
  }

  private static int size(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }
}
