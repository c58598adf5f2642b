package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import dev.taper.store.registry.Registry.Group;
import dev.taper.store.registry.Registry.Order;
import dev.taper.store.registry.Registry.Overview;
import dev.taper.store.registry.Registry.Page;
import dev.taper.testing.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages and numbers say what {@link Registry#find} and {@link Reviews#get} say. */
class ListingTest {
  private static final RegistryQuery ALL = RegistryQuery.living();

  @TempDir Path folder;
  private final Story story = new Story();

  private Registry filled(Database database) {
    Registry registry = new Registry(database, story.clock);
    for (int i = 0; i < 7; i++) {
      AgentToken token = story.atPlanner(i % 2 == 0 ? Story.ALICE : Story.BOB, "T-" + i);
      registry.issued(story.atResearcher(token), story.root.publicKey());
      if (i == 3) {
        story.call(registry, token, story.plannerKey, "jira.search");
      }
      if (i == 4) {
        for (int denied = 0; denied < 5; denied++) {
          story.call(registry, token, story.plannerKey, "jira.delete");
        }
      }
      if (i == 5) {
        for (String tool : List.of("jira.search", "jira.read", "jira.comment")) {
          story.call(registry, token, story.plannerKey, tool);
        }
      }
    }
    new SqlRevocations(database, story.clock)
        .enter(
            List.of(RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-6"))));
    return registry;
  }

  private static List<String> pages(Registry registry, RegistryQuery query, Order order) {
    List<String> ids = new ArrayList<>();
    @Nullable String next = null;
    do {
      Page page = registry.page(query, order, next, 3);
      assertThat(page.delegations()).hasSizeBetween(page.next() == null ? 0 : 3, 3);
      page.delegations().forEach(one -> ids.add(one.id()));
      next = page.next();
    } while (next != null);
    return ids;
  }

  @ParameterizedTest
  @EnumSource
  void pages_ofAnyQuery_areAllThatFindFinds(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = filled(database);
      List<RegistryQuery> queries =
          List.of(
              ALL,
              ALL.withDead(),
              ALL.neverUsed(),
              ALL.notFullyExercised(),
              ALL.deniedOften(),
              ALL.endsWithin(Duration.ofMinutes(15)),
              ALL.delegator(Story.BOB),
              ALL.grantedBy(List.of("agent:planner")),
              ALL.grantedBy(List.of()),
              ALL.task("T-1").holder("agent:planner"));
      for (RegistryQuery query : queries) {
        List<String> found = registry.find(query).stream().map(Delegated::id).toList();
        for (Order order : Order.values()) {
          assertThat(pages(registry, query, order))
              .doesNotHaveDuplicates()
              .containsExactlyInAnyOrderElementsOf(found);
          assertThat(registry.page(query, order, null, 1).total()).isEqualTo(found.size());
        }
      }
      assertThat(registry.find(ALL)).hasSize(12);
      assertThat(registry.find(ALL.deniedOften())).hasSize(1).allMatch(Delegated::isDeniedOften);
      assertThat(registry.find(ALL.notFullyExercised()))
          .hasSize(11)
          .allMatch(one -> !one.unexercised().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void overview_isWhatFindCounts(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = filled(database);
      assertThat(registry.overview(Duration.ofMinutes(15)))
          .isEqualTo(
              new Overview(
                  12,
                  registry.find(ALL.neverUsed()).size(),
                  11,
                  1,
                  registry.find(ALL.endsWithin(Duration.ofMinutes(15))).size()));
      assertThat(registry.groups(Order.DELEGATOR, 9))
          .containsExactly(new Group(Story.ALICE, 6), new Group(Story.BOB, 6));
      assertThat(registry.groups(Order.TASK, 2))
          .containsExactly(new Group("T-0", 2), new Group("T-1", 2));
      assertThat(registry.rootKeys(9))
          .containsExactly(new Group(story.root.publicKey().toString(), 12));
      assertThat(registry.holderKeys(9)).extracting(Group::living).containsExactly(6L, 6L);
      assertThat(registry.groups(Order.HOLDER, 1)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void family_ofADelegation_isItsChainAndWhatCameOfIt(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = filled(database);
      Delegated researchers = registry.find(ALL.task("T-1").holder("agent:researcher")).get(0);
      Registry.Family family = Objects.requireNonNull(registry.family(researchers.id()));
      assertThat(family.chain())
          .extracting(Delegated::holder)
          .containsExactly("agent:planner", "agent:researcher");
      assertThat(family.handedOn()).isEmpty();
      Registry.Family planners =
          Objects.requireNonNull(registry.family(family.chain().get(0).id()));
      assertThat(planners.handedOn()).extracting(Delegated::id).containsExactly(researchers.id());
      assertThat(registry.family("0".repeat(64))).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void page_ofNonsense_isRefused(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      for (String after : List.of("", "x", "!", "AAAA".repeat(30), "' OR 1=1 --")) {
        Refused.with(ErrorCode.INVALID_ARGUMENT, () -> registry.page(ALL, Order.TASK, after, 10));
      }
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> registry.page(ALL, Order.TASK, null, 0));
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> registry.page(ALL, Order.TASK, null, 1001));
    }
  }

  @ParameterizedTest
  @EnumSource
  void reviews_pageByPage_areWhatGetSays(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = filled(database);
      Reviews reviews = new Reviews(database, story.clock);
      Instant due = Story.NOON.plus(Duration.ofMinutes(30));
      reviews.start("Q4", "user:erin", due, ALL);
      reviews.start("Bob's", "user:erin", due.plusSeconds(600), ALL.delegator(Story.BOB));
      reviews.decide(1, ReviewDecision.CERTIFIED, List.of(1, 2), "user:erin", "needed");
      reviews.decide(1, ReviewDecision.REVOKED, List.of(5), "user:erin", null);
      requireSame(reviews);
      story.clock.set(due); // what nobody certified lapses
      requireSame(reviews);
      assertThat(reviews.summaries(Integer.MAX_VALUE, 9).get(1).states()).containsKey("lapsed");
      assertThat(reviews.items(1, true, 0, 100)).isEmpty();
      assertThat(reviews.items(9, false, 0, 100)).isEmpty();
      assertThat(registry.find(ALL)).isNotEmpty();
    }
  }

  private void requireSame(Reviews reviews) {
    Instant now = story.clock.instant();
    List<Reviews.Summary> summaries = reviews.summaries(Integer.MAX_VALUE, 9);
    assertThat(summaries).extracting(Reviews.Summary::id).containsExactly(2, 1);
    for (Reviews.Summary summary : summaries) {
      Review review = reviews.get(summary.id());
      summary
          .states()
          .forEach((state, number) -> assertThat(number).isEqualTo(review.count(state, now)));
      assertThat(summary.states().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(review.items().size());
      List<ReviewItem> paged = new ArrayList<>();
      int after = 0;
      while (after < review.items().size()) {
        List<ReviewItem> page = reviews.items(summary.id(), false, after, 4);
        paged.addAll(page);
        after = page.get(page.size() - 1).number();
      }
      assertThat(paged)
          .extracting(ReviewItem::number, one -> one.state(now), one -> one.delegation().id())
          .isEqualTo(
              review.items().stream()
                  .map(
                      one ->
                          org.assertj.core.groups.Tuple.tuple(
                              one.number(), one.state(now), one.delegation().id()))
                  .toList());
      assertThat(reviews.items(summary.id(), true, 0, 100))
          .extracting(ReviewItem::number)
          .isEqualTo(
              review.items().stream()
                  .filter(one -> one.isOpen(now))
                  .map(ReviewItem::number)
                  .toList());
    }
  }
}
