package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.console.view.Turns.Asker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nobody who asks a lot keeps others from being seen. */
class TurnsTest {
  /** An ask: {@code delegator/agent/holder} and a number. */
  private static Asker asker(String ask) {
    String[] names = ask.split("[/ ]", -1);
    return new Asker(names[0], names[1], names[2]);
  }

  private static List<String> turns(List<String> asks) {
    return Turns.of(asks, TurnsTest::asker).stream()
        .map(turn -> turn.item() + " in " + turn.round())
        .toList();
  }

  @Test
  void asks_ofOneAsker_stayInTheirOrder() {
    assertThat(turns(List.of("alice/a/a 1", "alice/a/a 2")))
        .containsExactly("alice/a/a 1 in 0", "alice/a/a 2 in 1");
    assertThat(turns(List.of())).isEmpty();
  }

  @Test
  void asks_ofManyAskers_takeTurnsByDelegatorThenAgentThenHolder() {
    assertThat(
            turns(
                List.of(
                    "alice/loud/loud 1",
                    "alice/loud/loud 2",
                    "alice/loud/helper 3",
                    "alice/loud/loud 4",
                    "bob/b/b 5",
                    "alice/quiet/quiet 6")))
        .containsExactly(
            "alice/loud/loud 1 in 0",
            "bob/b/b 5 in 0",
            "alice/quiet/quiet 6 in 1",
            "alice/loud/helper 3 in 2",
            "alice/loud/loud 2 in 3",
            "alice/loud/loud 4 in 4");
  }

  @Test
  void asks_underInventedNames_takeNoTurnsOfOthers() {
    List<String> asks = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      asks.add("mallory/m/invented" + i + " " + i);
    }
    asks.add("alice/a/a 1000");
    asks.add("mallory/honest/honest 1001");
    assertThat(turns(asks).subList(0, 3))
        .containsExactly(
            "mallory/m/invented0 0 in 0", "alice/a/a 1000 in 0", "mallory/honest/honest 1001 in 1");
  }

  @Test
  void turns_ofAnyAsks_areAllAsksOnceAndInOrderOfTheirRounds() {
    Random random = new Random(17);
    List<String> asks = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      asks.add(
          "d%d/a%d/h%d %d".formatted(random.nextInt(4), random.nextInt(4), random.nextInt(4), i));
    }
    List<Turns.Turn<String>> turns = Turns.of(asks, TurnsTest::asker);
    assertThat(turns.stream().map(Turns.Turn::item)).containsExactlyInAnyOrderElementsOf(asks);
    assertThat(turns.stream().map(Turns.Turn::round)).isSorted();
    for (String delegator : List.of("d0", "d1", "d2", "d3")) {
      List<Integer> rounds = new ArrayList<>();
      turns.stream()
          .filter(turn -> turn.item().startsWith(delegator + "/"))
          .forEach(turn -> rounds.add(turn.round()));
      assertThat(rounds).as("one each round").doesNotHaveDuplicates().isSorted();
      assertThat(Collections.max(rounds)).isEqualTo(rounds.size() - 1);
    }
  }
}
