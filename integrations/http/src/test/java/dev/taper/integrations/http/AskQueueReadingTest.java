package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.SettableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a queue reads from its store, and what it remembers of that. */
class AskQueueReadingTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final String CONTENT =
      "{\"audience\":\"svc:jira\",\"state\":\"refused\",\"sent\":{\"method\":\"GET\","
          + "\"origin\":\"https://jira.example.com\",\"target\":\"/issues/7\","
          + "\"content\":\"\"},\"request\":{},\"approvals\":[],\"refusal\":\"not today\"}";

  private final Verifier verifier = new World().verifier("https://jira.example.com").build();
  private final Listed asks = new Listed();
  private final AskQueue queue = AskQueue.of(() -> verifier, asks, new SettableClock(NOW));

  /** Asks of one content. */
  private static final class Listed extends NoAsks {
    private final List<Ask.Head> heads = new ArrayList<>();
    private String content = CONTENT;
    private int reads;

    @Override
    public List<Ask.Head> heads(Instant now) {
      return List.copyOf(heads);
    }

    @Override
    public @Nullable Ask find(String name, Instant now) {
      reads++;
      MemoryShare share = MemoryShare.of("user:alice@acme.com", new byte[] {1});
      return heads.stream()
          .filter(head -> head.name().equals(name))
          .map(head -> new Ask(name, share, head.until(), content, head.revision()))
          .findFirst()
          .orElse(null);
    }
  }

  private void list(int revision, String... names) {
    asks.heads.clear();
    for (String name : names) {
      asks.heads.add(new Ask.Head(name, NOW.plusSeconds(60), revision));
    }
  }

  private List<String> names() {
    return queue.asks().stream().map(KeptAsk::name).toList();
  }

  @Test
  void asks_ofMoreThanAreReadAtOnce_areReadWithLaterLists() {
    list(0, Stream.iterate(0, i -> i < 501, i -> i + 1).map(i -> "ask" + i).toArray(String[]::new));
    assertThat(queue.asks()).hasSize(500);
    assertThat(asks.reads).isEqualTo(500);
    assertThat(queue.asks()).hasSize(501);
    assertThat(asks.reads).isEqualTo(501);
  }

  @Test
  void asks_thatDidNotChange_areNotReadAgain() {
    list(0, "a", "b");
    assertThat(names()).containsExactly("a", "b");
    assertThat(names()).containsExactly("a", "b");
    assertThat(asks.reads).isEqualTo(2);
    list(1, "a");
    assertThat(names()).containsExactly("a");
    assertThat(asks.reads).isEqualTo(3);
  }

  @Test
  void asks_thatAreBroken_areReadOnce() {
    list(0, "a");
    asks.content = "[]";
    assertThat(queue.asks()).isEmpty();
    assertThat(queue.asks()).isEmpty();
    assertThat(asks.reads).isEqualTo(1);
  }

  @Test
  void ask_ofOneAsk_isThatAsk() {
    list(0, "a", "b");
    KeptAsk ask = Objects.requireNonNull(queue.ask("b"));
    assertThat(ask).hasToString("KeptAsk(b, refused)");
    assertThat(ask.until()).isEqualTo(NOW.plusSeconds(60));
    assertThat(ask.status().refusal()).isEqualTo("not today");
    assertThat(queue.ask("c")).isNull();
  }

  @Test
  void ask_ofAnotherService_isNone() {
    list(0, "a");
    asks.content = CONTENT.replace("svc:jira", "svc:wiki");
    assertThat(queue.ask("a")).isNull();
    assertThat(queue.asks()).isEmpty();
  }
}
