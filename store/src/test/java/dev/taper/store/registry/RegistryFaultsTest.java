package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.store.Database;
import dev.taper.store.FaultyDatabase;
import dev.taper.testing.TearDown;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry in a database of which a statement fails. */
class RegistryFaultsTest {
  @TempDir private Path folder;
  private final Story story = new Story();
  private FaultyDatabase database;

  @BeforeEach
  void open() {
    database = new FaultyDatabase(folder);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(database);
  }

  private List<Delegated> find(Database in, int run) {
    return new Registry(in, story.clock).find(RegistryQuery.living().task("T-" + run));
  }

  private void issue(Database in, int run) {
    new Registry(in, story.clock)
        .issued(
            story.atResearcher(story.atPlanner(Story.ALICE, "T-" + run)), story.root.publicKey());
  }

  @Test
  void issued_whileAStatementFails_recordsTheWholeChainOrNothing() throws SQLException {
    int runs =
        database.enumerate(
            new FaultyDatabase.Writer() {
              @Override
              public void write(Database in, int run, Acknowledged acknowledged) {
                issue(in, run);
                acknowledged.step();
              }

              @Override
              public void check(Database in, int run, int acknowledged) {
                List<Delegated> found = find(in, run);
                assertThat(found).hasSize(acknowledged == 1 || !found.isEmpty() ? 2 : 0);
                for (Delegated one : found) {
                  assertThat(one.tools()).isNotEmpty();
                }
              }
            });
    assertThat(runs).isGreaterThan(20);
  }

  @Test
  void review_whileAStatementFails_isDecidedOrNot() throws SQLException {
    int runs =
        database.enumerate(
            new FaultyDatabase.Writer() {
              @Override
              public void write(Database in, int run, Acknowledged acknowledged) {
                new Registry(in, story.clock)
                    .issued(story.atPlanner(Story.ALICE, "T-" + run), story.root.publicKey());
                acknowledged.step();
                Reviews reviews = new Reviews(in, story.clock);
                Review review =
                    reviews.start(
                        "review " + run,
                        "user:carol",
                        story.clock.instant().plus(Duration.ofDays(1)),
                        RegistryQuery.living().task("T-" + run));
                acknowledged.step();
                Review decided =
                    reviews.decide(
                        review.id(), ReviewDecision.REVOKED, List.of(1), "user:carol", "unused");
                assertThat(decided.id()).isEqualTo(review.id());
                acknowledged.step();
              }

              @Override
              public void check(Database in, int run, int acknowledged) {
                Reviews reviews = new Reviews(in, story.clock);
                List<Review> found =
                    reviews.summaries(Integer.MAX_VALUE, 1).stream()
                        .filter(newest -> newest.title().equals("review " + run))
                        .map(newest -> reviews.get(newest.id()))
                        .toList();
                assertThat(found).hasSizeBetween(acknowledged > 1 ? 1 : 0, 1);
                for (Review review : found) {
                  assertThat(review.items()).hasSize(1);
                  long revoked =
                      review.items().stream()
                          .filter(item -> item.decision() == ReviewDecision.REVOKED)
                          .count();
                  assertThat(revoked).isIn(1L, acknowledged == 3 ? 1L : 0L);
                  long left = find(in, run).size();
                  assertThat(left).isEqualTo(1 - revoked);
                }
              }
            });
    assertThat(runs).isGreaterThan(40);
  }
}
