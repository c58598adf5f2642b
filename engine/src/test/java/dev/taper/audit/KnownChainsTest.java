package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a record without its chain says the same of every text as reading it whole. */
class KnownChainsTest {
  private static final String PREVIOUS = "ab".repeat(32);

  private final Trails trails = new Trails();
  private final KnownChains known = new KnownChains();

  /** Calls of one token that differ, one of which describes the chain, and other events of it. */
  private List<String> records() {
    List<DecisionEvent> decisions = new ArrayList<>();
    var verifier = trails.verifier().listener(decisions::add).build();
    trails.call(verifier, Trails.search());
    trails.call(verifier, Trails.search().arg("more", "ü \uD83D\uDE00"));
    trails.call(verifier, ToolCall.of("jira.delete").on("x\",\"hops\":[{\"block\":0"));
    List<AuditContent> contents = new ArrayList<>();
    contents.add(AuditEvent.decided(decisions.get(0)));
    decisions.forEach(event -> contents.add(AuditEvent.decided(event, digest -> false)));
    contents.add(AuditEvent.delegated(trails.atResearcher, Trails.NOON));
    contents.add(AuditEvent.minted(trails.atPlanner, Trails.NOON));
    contents.add(
        AuditEvent.of(AuditKind.FINDING, Trails.NOON)
            .about(decisions.get(0).chain())
            .subject(AuditEvent.Subject.of("finding", "repeated_denials")));
    contents.add(Trails.event("T-4711"));
    contents.add(new AuditContent.LogStart(Trails.NOON, "0123456789abcdef".repeat(2)));
    List<String> lines = new ArrayList<>();
    for (AuditContent content : contents) {
      lines.add(AuditRecord.of(lines.size(), PREVIOUS, content).json());
    }
    return lines;
  }

  private static Object outcome(String json) {
    try {
      AuditRecord record = AuditRecord.parse(json);
      return List.of(record.json(), record.head(), record.content());
    } catch (TaperException e) {
      return e.code() + " " + e.getMessage();
    }
  }

  private Object quickOutcome(String json) {
    try {
      AuditRecord record = known.parse(json);
      return List.of(record.json(), record.head(), record.content());
    } catch (TaperException e) {
      return e.code() + " " + e.getMessage();
    }
  }

  private void assertSame(String json) {
    assertThat(quickOutcome(json)).as(json).isEqualTo(outcome(json));
  }

  @Test
  void guess_chainSeenBefore_isTheRecord() {
    List<String> lines = records();
    assertThat(known.guess(lines.get(1))).as("nothing was read yet").isNull();

    assertSame(lines.get(1));

    for (int i : List.of(1, 2, 3)) {
      AuditRecord guessed = Objects.requireNonNull(known.guess(lines.get(i)), lines.get(i));
      assertThat(List.of(guessed.json(), guessed.head(), guessed.content()))
          .isEqualTo(outcome(lines.get(i)));
    }
    assertThat(known.guess(lines.get(0))).as("it describes the chain").isNull();
  }

  @Test
  void parse_everyRecordInEveryOrder_isTheSame() {
    List<String> lines = records();
    for (String first : lines) {
      for (String second : lines) {
        assertSame(first);
        assertSame(second);
      }
    }
  }

  @Test
  void parse_chainElsewhereOrTwice_isRefusedAlike() {
    String line = records().get(1);
    assertSame(line);
    int start = line.indexOf(",\"hops\":");
    int end = line.indexOf("],\"kind\"") + 1;
    String hops = line.substring(start, end);
    String without = line.substring(0, start) + line.substring(end);

    assertSame(without);
    for (int i = 0; i <= without.length(); i++) {
      assertSame(without.substring(0, i) + hops + without.substring(i));
      assertSame(line.substring(0, i) + hops + line.substring(i));
    }
    assertSame(line.replace("\"hops\"", "\"hops\" "));
    assertSame(line.replace("\"hops\"", "\"h\\u006fps\""));
    assertSame(line.replace("],\"kind\"", ",{}],\"kind\""));
  }

  /** A log can name any number of tokens, each with as long a chain as a record holds. */
  @Test
  void parse_moreChainsThanThereIsRoomFor_forgetsAll() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      AuditRecord large = RecordLimitsTest.ofLength(AuditRecord.Head.NONE, 1_040_000);
      AuditEvent event = (AuditEvent) large.content();
      AuditContent withToken =
          new AuditEventBuilder(AuditKind.MINT, Trails.NOON)
              .by("b")
              .token(String.format(Locale.ROOT, "%064x", i))
              .hops(event.hops())
              .build();
      lines.add(AuditRecord.of(i, PREVIOUS, withToken).json());
    }
    for (String line : lines.subList(0, 16)) {
      assertThat(known.parse(line).json()).isEqualTo(line);
      assertThat(known.parse(line).json()).isEqualTo(line); // takes no more room
    }
    assertThat(guessed(lines)).isEqualTo(16);

    assertThat(known.parse(lines.get(16)).json()).isEqualTo(lines.get(16));

    assertThat(guessed(lines)).isZero();
    assertThat(known.parse(lines.get(3)).json()).isEqualTo(lines.get(3));
    assertThat(guessed(lines)).isEqualTo(1);
  }

  /** A token can come with one chain and another in turn: what goes takes no more room. */
  @Test
  void parse_chainInPlaceOfAnother_takesTheRoomOfThatOne() {
    String other = records().get(1);
    assertThat(known.parse(other).json()).isEqualTo(other);
    List<String> inTurn = new ArrayList<>();
    for (int bytes : new int[] {1_000_000, 1_040_000}) {
      AuditEvent event =
          (AuditEvent) RecordLimitsTest.ofLength(AuditRecord.Head.NONE, bytes).content();
      AuditContent withToken =
          new AuditEventBuilder(AuditKind.MINT, Trails.NOON)
              .by("b")
              .token("ab".repeat(32))
              .hops(event.hops())
              .build();
      inTurn.add(AuditRecord.of(bytes, PREVIOUS, withToken).json());
    }

    for (int i = 0; i < 20; i++) {
      inTurn.forEach(line -> assertThat(known.parse(line).json()).isEqualTo(line));
    }

    assertThat(guessed(List.of(other))).isEqualTo(1);
  }

  private long guessed(List<String> lines) {
    return lines.stream().filter(line -> known.guess(line) != null).count();
  }

  @Test
  void parse_halfASurrogatePair_isRefusedAlike() {
    String line = records().get(2);
    assertSame(line);
    assertSame(line.replace("\uD83D\uDE00", "\uD83D"));
    assertSame(line.replace("jira.search", "jira.\uDE00search"));
    assertSame(line.replace("agent:researcher", "agent:\uD83Dresearcher"));
  }

  /** Pieces of records are changed, left out, repeated and mixed, at random from a seed. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void parse_recordsChangedAtRandom_areRefusedOrTakenAlike(long seed) {
    Random random = new Random(seed);
    List<String> lines = records();
    lines.forEach(this::assertSame);
    for (int i = 0; i < 2000; i++) {
      assertSame(changed(random, lines));
    }
    lines.forEach(this::assertSame);
  }

  private static String changed(Random random, List<String> lines) {
    String line = lines.get(random.nextInt(lines.size()));
    String other = lines.get(random.nextInt(lines.size()));
    int from = random.nextInt(line.length());
    int to = Math.min(line.length(), from + 1 + random.nextInt(random.nextBoolean() ? 3 : 300));
    String before = line.substring(0, from);
    String behind = line.substring(to);
    return switch (random.nextInt(6)) {
      case 0 -> before + behind;
      case 1 -> before + line.substring(from, to) + line.substring(from);
      case 2 -> before + other.charAt(random.nextInt(other.length())) + line.substring(from + 1);
      case 3 -> before + other.substring(Math.min(from, other.length()));
      case 4 -> before + "\",{}[]:0a ".charAt(random.nextInt(10)) + line.substring(from);
      default -> before + line.substring(from, to).replaceAll("[0-9]", "7") + behind;
    };
  }
}
