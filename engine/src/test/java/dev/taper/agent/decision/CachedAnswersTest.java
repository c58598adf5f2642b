package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.FullSize;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A cache can never change an answer: random pairs of a token and a call, among them tokens that
 * were tampered with, are decided without a cache, with an empty and with a full one, on one thread
 * and on eight, and every answer must be the same to the letter.
 */
@FullSize
class CachedAnswersTest {
  private static final int TOKENS = FullSize.Cases.of(100, 1_250);
  private static final int CALLS = 8;
  private static final int PAIRS = TOKENS * CALLS;

  /** Too small a cache for all of them. */
  private static final long SMALL = TOKENS * 200L;

  private final Story story = new Story();
  private final RandomDelegation random = new RandomDelegation(4_711, story);
  private final AgentDirectory directory =
      AgentDirectory.of(
          Map.of(
              story.planner.name(), List.of(story.planner.key()),
              story.researcher.name(), List.of(story.researcher.key())));

  /** A call with what comes with it; every way of deciding gets the same proof, once. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(byte[] token, ToolCall call, @Nullable Proof proof, boolean directory) {}

  /** Two verifiers that share what they remember, and nothing with those of other ways. */
  private final class Way {
    private final @Nullable TokenCache cache;
    private final boolean forgetful;
    private final Verifier plain;
    private final Verifier withDirectory;

    Way(@Nullable TokenCache cache, boolean forgetful) {
      this.cache = cache;
      this.forgetful = forgetful;
      VerifierBuilder builder = story.verifier().acceptBearer().acceptSealed();
      builder = cache == null ? builder.withoutTokenCache() : builder.tokenCache(cache);
      this.plain = builder.build();
      this.withDirectory = builder.directory(directory).build();
    }

    String answer(Pair pair) {
      if (cache != null && forgetful) {
        cache.clear();
      }
      try {
        Verifier verifier = pair.directory() ? withDirectory : plain;
        CallDecision decision =
            verifier.decide(
                UnverifiedToken.decode(pair.token()),
                pair.call(),
                pair.proof(),
                SentApprovals.NONE);
        return codeOf(decision) + "\n" + decision.explanation() + "\n" + decision.toJson();
      } catch (TaperException e) {
        return "refused " + e.code() + ": " + e.getMessage();
      }
    }

    List<String> answers(List<Pair> pairs) {
      return pairs.stream().map(this::answer).toList();
    }

    List<String> answersOnEightThreads(List<Pair> pairs) throws Exception {
      String[] answers = new String[pairs.size()];
      AtomicInteger next = new AtomicInteger();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
          running.add(
              threads.submit(
                  () -> {
                    for (int i = next.getAndIncrement(); i < answers.length; ) {
                      answers[i] = answer(pairs.get(i));
                      i = next.getAndIncrement();
                    }
                  }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      } finally {
        threads.shutdownNow();
      }
      return Arrays.asList(answers);
    }
  }

  @Test
  void decide_randomPairs_answersAreTheSameWithAndWithoutCaches() throws Exception {
    List<Pair> pairs = pairs();
    assertThat(pairs).hasSize(PAIRS);

    List<String> expected = new Way(null, false).answers(pairs);

    assertMixed(expected);
    assertSame(new Way(null, false).answersOnEightThreads(pairs), expected, pairs);
    assertSame(new Way(TokenCache.of(1 << 26), true).answers(pairs), expected, pairs);
    TokenCache empty = TokenCache.of(1 << 26);
    assertSame(new Way(empty, false).answersOnEightThreads(pairs), expected, pairs);
    assertThat(empty.statistics().prefixHits()).isPositive();
    // Full from here on: the tokens are known, the verifiers are new.
    long hits = empty.statistics().hits();
    assertSame(new Way(empty, false).answers(pairs), expected, pairs);
    assertSame(new Way(empty, false).answersOnEightThreads(pairs), expected, pairs);
    assertThat(empty.statistics().hits() - hits).isGreaterThan(PAIRS);
    // Too small for all of them: entries come and go all the time.
    TokenCache small = TokenCache.of(SMALL);
    assertSame(new Way(small, false).answersOnEightThreads(pairs), expected, pairs);
    assertThat(small.statistics().evictions()).isPositive();
    assertThat(small.statistics().bytes()).isLessThanOrEqualTo(SMALL);
  }

  private static void assertSame(List<String> answers, List<String> expected, List<Pair> pairs) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(answers.get(i))
          .as("pair %d, %s", i, pairs.get(i).call())
          .isEqualTo(expected.get(i));
    }
  }

  /** Allowed, denied and refused are all frequent, or the test would say little. */
  private static void assertMixed(List<String> answers) {
    long allowed = answers.stream().filter(a -> a.startsWith("null\n")).count();
    long refused = answers.stream().filter(a -> a.startsWith("refused ")).count();
    assertThat(allowed).isGreaterThan(PAIRS / 10);
    assertThat(refused).isGreaterThan(PAIRS / 20);
    assertThat(PAIRS - allowed - refused).isGreaterThan(PAIRS / 10);
    assertThat(answers.stream().map(a -> a.lines().findFirst().orElse("")).distinct().count())
        .as("different codes")
        .isGreaterThan(8);
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    while (pairs.size() < PAIRS) {
      AgentToken token = story.issuer.mint(random.delegation());
      int hops = random.below(4);
      // Every holder along the chain calls: tokens that carry on known ones are the usual case.
      for (int hop = 0; hop <= hops && pairs.size() < PAIRS; hop++) {
        PrivateKey holder = holder(token);
        byte[] bytes = ending(token, holder);
        for (int i = 0; i < CALLS && pairs.size() < PAIRS; i++) {
          ToolCall call = random.call();
          Proof proof =
              random.below(20) == 0 ? null : token.prove(holder, call, Story.JIRA, story.clock);
          pairs.add(new Pair(tampered(bytes), call, proof, random.below(2) == 0));
        }
        Agent next = List.of(story.planner, story.researcher, story.scraper).get(next());
        token = token.delegate(holder, random.hop(next), story.clock);
      }
    }
    return pairs;
  }

  /** P-256 signatures take longer: the scraper holds a token less often. */
  private int next() {
    return random.below(8) == 0 ? 2 : random.below(2);
  }

  private PrivateKey holder(AgentToken token) {
    for (PrivateKey key : List.of(story.plannerKey, story.researcherKey, story.scraperKey)) {
      if (key.publicKey().equals(token.token().holderKey())) {
        return key;
      }
    }
    throw new AssertionError("nobody holds the token");
  }

  private byte[] ending(AgentToken token, PrivateKey holder) {
    return switch (random.below(8)) {
      case 0 -> token.seal(holder).encode();
      case 1 -> token.delegate(holder, Hop.toBearer(), story.clock).encode();
      case 2 -> token.delegate(holder, Hop.toBearer(), story.clock).token().seal().encode();
      default -> token.encode();
    };
  }

  /** Mostly the same bytes; else one bit, the end or the root key's id is another. */
  private byte[] tampered(byte[] bytes) {
    byte[] copy = bytes.clone();
    switch (random.below(24)) {
      case 0, 1 -> copy[random.below(copy.length)] ^= (byte) (1 << random.below(8));
      case 2 -> copy = Arrays.copyOf(copy, copy.length - 1 - random.below(40));
      case 3 -> {
        copy = new byte[bytes.length + 2];
        copy[0] = 8;
        copy[1] = (byte) random.below(3);
        System.arraycopy(bytes, 0, copy, 2, bytes.length);
      }
      case 4 -> {
        byte[] other = UnverifiedToken.decode(story.atPlanner().encode()).encode();
        System.arraycopy(other, 0, copy, 0, Math.min(other.length, copy.length) / 2);
      }
      default -> {}
    }
    return copy;
  }
}
