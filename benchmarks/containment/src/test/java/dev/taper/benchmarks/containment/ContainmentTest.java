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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Replays three suites whole, and of the largest the tasks that leave most open; compares the
 * figures with those that were seen, with the plain evaluation, and with the page.
 */
@NeedsSharedData("agentdojo")
class ContainmentTest {
  private static final Path PAGE = Path.of("../../docs/containment.md");
  private static final Set<String> OF_WORKSPACE =
      Set.of("user_task_4", "user_task_25", "user_task_33", "user_task_35");

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
  void travel_replayed_isAsPublished() throws Exception {
    replays(
        "travel",
        new Row("travel", BY_TOOL, 20, 20, 120, 111, 111, 0, 0, 0, 0),
        new Row("travel", BY_ARGUMENT, 20, 19, 120, 120, 120, 0, 0, 0, 0),
        new Row("travel", WITH_APPROVALS, 20, 19, 120, 120, 120, 0, 0, 0, 0));
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
  void slack_replayed_isAsPublished() throws Exception {
    replays(
        "slack",
        new Row("slack", BY_TOOL, 21, 20, 105, 73, 73, 0, 0, 0, 0),
        new Row("slack", BY_ARGUMENT, 21, 19, 105, 92, 92, 0, 0, 0, 0),
        new Row("slack", WITH_APPROVALS, 21, 19, 105, 104, 104, 29, 13, 12, 30));
  }

  @Test
  void workspace_tasksThatLeaveMostOpen_areAsSeen() {
    Suite whole = suite("workspace");
    Suite some =
        new Suite(
            whole.name(),
            whole.tools(),
            whole.userTasks().stream().filter(task -> OF_WORKSPACE.contains(task.id())).toList(),
            whole.attacks());

    assertThat(rows(replay(some)))
        .containsExactly(
            new Row("workspace", BY_TOOL, 4, 4, 56, 28, 28, 0, 0, 0, 0),
            new Row("workspace", BY_ARGUMENT, 4, 4, 56, 35, 35, 0, 0, 0, 0),
            new Row("workspace", WITH_APPROVALS, 4, 4, 56, 54, 54, 5, 37, 21, 54));
  }
}
