package dev.taper.benchmarks.containment;

import static dev.taper.benchmarks.containment.GrantStyle.BY_ARGUMENT;
import static dev.taper.benchmarks.containment.GrantStyle.BY_TOOL;
import static dev.taper.benchmarks.containment.GrantStyle.WITH_APPROVALS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.benchmarks.containment.corpus.Corpus;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Replays one suite whole, and some tasks of the larger ones; compares the figures with those that
 * were seen, and those of the whole suite with the plain evaluation and with the page.
 */
@NeedsSharedData("agentdojo")
class ContainmentTest {
  private static final Path PAGE = Path.of("../../docs/containment.md");

  private final Corpus corpus = Corpus.read(SharedData.path("agentdojo"));

  private List<Tally> replay(Suite suite) {
    return new Experiment(Clock.systemUTC(), line -> {}).run(suite);
  }

  private Suite suite(String name) {
    return corpus.suites().stream()
        .filter(any -> any.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Row> rows(List<Tally> tallies) {
    return tallies.stream().map(Row::of).toList();
  }

  private void replays(String name, Row... rows) throws Exception {
    List<Tally> tallies = replay(suite(name));

    assertThat(rows(tallies)).containsExactly(rows);
    assertThat(new Report(tallies, corpus).differences()).isEmpty();
    String page = Files.readString(PAGE);
    for (Row row : rows) {
      assertThat(page).contains(Publication.line(row));
    }
  }

  @Test
  void banking_replayed_isAsPublished() throws Exception {
    replays(
        "banking",
        new Row("banking", BY_TOOL, 16, 16, 144, 90, 90, 0, 0, 0, 0),
        new Row("banking", BY_ARGUMENT, 16, 16, 144, 122, 124, 0, 0, 0, 0),
        new Row("banking", WITH_APPROVALS, 16, 16, 144, 144, 144, 12, 28, 22, 93));
  }

  @Test
  void slack_tasksThatMessagesSteer_areAsSeen() {
    assertThat(rows(replay(some("slack", 1, 11, 18))))
        .containsExactly(
            new Row("slack", BY_TOOL, 3, 2, 15, 9, 9, 0, 0, 0, 0),
            new Row("slack", BY_ARGUMENT, 3, 2, 15, 9, 9, 0, 0, 0, 0),
            new Row("slack", WITH_APPROVALS, 3, 2, 15, 14, 14, 7, 6, 5, 10));
  }

  @Test
  void workspace_tasksThatLeaveMostOpen_areAsSeen() {
    assertThat(rows(replay(some("workspace", 25, 33, 35))))
        .containsExactly(
            new Row("workspace", BY_TOOL, 3, 3, 42, 15, 15, 0, 0, 0, 0),
            new Row("workspace", BY_ARGUMENT, 3, 3, 42, 21, 21, 0, 0, 0, 0),
            new Row("workspace", WITH_APPROVALS, 3, 3, 42, 40, 40, 5, 37, 21, 54));
  }

  @Test
  void travel_tasksThatBookAndWrite_areAsSeen() {
    assertThat(rows(replay(some("travel", 0, 3, 4))))
        .containsExactly(
            new Row("travel", BY_TOOL, 3, 3, 18, 12, 12, 0, 0, 0, 0),
            new Row("travel", BY_ARGUMENT, 3, 2, 18, 18, 18, 0, 0, 0, 0),
            new Row("travel", WITH_APPROVALS, 3, 2, 18, 18, 18, 0, 0, 0, 0));
  }

  /** A suite with some of its tasks. */
  private Suite some(String name, int... numbers) {
    Suite whole = suite(name);
    Set<String> ids =
        Arrays.stream(numbers)
            .mapToObj(number -> "user_task_" + number)
            .collect(Collectors.toUnmodifiableSet());
    return new Suite(
        name,
        whole.tools(),
        whole.userTasks().stream().filter(task -> ids.contains(task.id())).toList(),
        whole.attacks());
  }
}
