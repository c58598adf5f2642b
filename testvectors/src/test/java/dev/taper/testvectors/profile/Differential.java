package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.testvectors.profile.Comparison.Relation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/**
 * Gives generated cases to the engine and to other implementations, and says where they differ. For
 * one thread.
 */
final class Differential {
  private static final int AHEAD = 128;

  /** How many differences are enough. */
  static final int ENOUGH = 10;

  /**
   * A case of which two did not make the same.
   *
   * @param seed the seed that makes it again
   * @param ours what the engine made of it
   * @param theirs what the other implementation made of it
   */
  record Found(long seed, RandomCases.Case one, JsonNode ours, JsonNode theirs) {
    String text() {
      return "seed "
          + seed
          + ", "
          + one.group()
          + "\n  engine "
          + ours
          + "\n  other  "
          + theirs
          + "\n  case   "
          + one.inputs();
    }
  }

  private record Asked(long seed, RandomCases.Case one, PipedProcess to) {}

  private final LongFunction<RandomCases.Case> cases;
  private final Map<Planted, Answers> answers = new EnumMap<>(Planted.class);
  private final int enough;
  private final Tally tally = new Tally();
  private final Map<Planted, List<Found>> found = new EnumMap<>(Planted.class);
  private int otherCodes;

  /**
   * Prepares a comparison.
   *
   * @param cases the case of a seed
   * @param planted what the engine's verifiers forget: each of these is compared for itself
   * @param enough after how many differences it ends
   */
  Differential(LongFunction<RandomCases.Case> cases, Set<Planted> planted, int enough) {
    this.cases = cases;
    this.enough = enough;
    for (Planted one : planted) {
      answers.put(one, new Answers(one));
      found.put(one, new ArrayList<>());
    }
  }

  private boolean hasEnough() {
    return found.values().stream().allMatch(those -> those.size() >= enough);
  }

  /** Compares the cases of every so many seeds, until enough of them differ for each fault. */
  void run(long first, long count, long step) throws IOException {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Deque<Asked> sent = new ArrayDeque<>();
    try (PipedProcess node = PipedProcess.of(List.of("bash", "node/run", "--pipe"));
        PipedProcess official = PipedProcess.of(List.of("bash", "wasm/run", "--pipe"))) {
      for (long made = 0, taken = 0; taken < count && !hasEnough(); taken++) {
        while (made < count && sent.size() < AHEAD) {
          long seed = first + made++ * step;
          RandomCases.Case one = cases.apply(seed);
          Asked next = new Asked(seed, one, one.isOfficial() ? official : node);
          sent.add(next);
          next.to.start();
          writer.execute(() -> next.to.write(next.one.line().toString()));
        }
        compare(sent.remove());
      }
    } finally {
      writer.shutdownNow();
    }
  }

  private void compare(Asked next) throws IOException {
    JsonNode theirs = Json.read(RandomText.utf8(next.to.read()));
    for (Map.Entry<Planted, Answers> verifier : answers.entrySet()) {
      List<Found> those = found(verifier.getKey());
      if (those.size() < enough) {
        compare(next, verifier.getValue().of(next.one.kind(), next.one.inputs()), theirs, those);
      }
    }
  }

  private void compare(Asked next, JsonNode ours, JsonNode theirs, List<Found> those) {
    tally.add(next.one.group(), ours);
    Relation relation =
        next.one.isOfficial()
            ? Comparison.ofOfficial(ours, theirs)
            : Comparison.ofBoth(ours, theirs);
    if (relation == Relation.DIFFERENT) {
      those.add(new Found(next.seed, next.one, ours, theirs));
    } else if (relation == Relation.ANOTHER_CODE) {
      otherCodes++;
    }
  }

  /** What came out, as the engine sees it. */
  Tally tally() {
    return tally;
  }

  /** In how many cases the code was another one of the same step. */
  int otherCodes() {
    return otherCodes;
  }

  /** Where two differ, with a fault of the engine's verifiers. */
  List<Found> found(Planted planted) {
    return Objects.requireNonNull(found.get(planted));
  }
}
