package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.FullSize;
import dev.taper.testing.UsedHeap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cache says that it weighs, against the heap that it takes, and what it can hold. */
@FullSize
class TokenCacheWeightTest {
  private static final PolicySet POLICIES = PolicySet.of(Datalog.authorizer("allow if true;"));
  private static final int ROOM = 16;
  private static final int TRIES = 3;
  private static final int BLOCKS = FullSize.Cases.of(480, 960);

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final RootKeys keys = RootKeys.of(root.publicKey());

  @ParameterizedTest
  @CsvSource({
    "1, false, false",
    "3, false, false",
    "8, false, false",
    "16, false, false",
    "32, false, false",
    "1, false, true",
    "3, false, true",
    "8, false, true",
    "32, false, true",
    "1, true, true",
    "3, true, true",
    "8, true, true",
    "16, true, true",
    "32, true, true"
  })
  void bytes_tokensOfSoManyBlocks_areNearTheHeap(int blocks, boolean patterns, boolean asked) {
    List<byte[]> tokens = new ArrayList<>();
    for (int i = 0; i < BLOCKS / blocks; i++) {
      tokens.add(token(i, blocks, patterns));
    }
    run(TokenCache.of(ROOM << 20), tokens, asked); // classes, and tables that grow with use

    double heap = 0;
    double weight = 0;
    // What earlier tests left goes at any time, and must not go in between.
    for (int tries = 0; tries < TRIES && (heap >= 1.5 * weight || weight >= 2 * heap); tries++) {
      TokenCache cache = TokenCache.of(ROOM << 20);
      long before = UsedHeap.bytes();
      run(cache, tokens, asked);
      heap = UsedHeap.bytes() - before;
      weight = cache.statistics().bytes();
      assertThat(cache.statistics().evictions()).isZero();
    }

    assertThat(heap).isLessThan(1.5 * weight);
    assertThat(weight).isLessThan(2 * heap);
  }

  @ParameterizedTest
  @CsvSource({"3, 2000", "8, 800", "32, 200"})
  void verifyAny_defaultBound_holdsSoManyTokens(int blocks, int count) {
    TokenCache cache = TokenCache.of(TokenCache.DEFAULT_BYTES);
    for (int i = 0; i < count; i++) {
      HeldToken held = (HeldToken) cache.verifyAny(token(i, blocks, false), keys);
      if (i % 4 == 0) {
        ask(held);
      }
    }
    assertThat(cache.statistics().evictions()).isZero();
    assertThat(cache.statistics().entries()).isEqualTo((long) blocks * count);
  }

  /** As after a rotation of root keys: what was kept before is not kept beside it. */
  @Test
  void bytes_enteredAgainForOtherRootKeys_areNearTheHeap() {
    List<byte[]> tokens = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tokens.add(token(i, 8, false));
    }
    TokenCache cache = TokenCache.of(ROOM << 20);
    PublicKey newer = PrivateKey.generate(Algorithm.ED25519).publicKey();
    RootKeys both = id -> List.of(newer, root.publicKey());
    cache.verifyAny(tokens.get(0), both); // classes and tables
    long before = UsedHeap.bytes();
    tokens.forEach(token -> cache.verifyAny(token, keys));
    tokens.forEach(token -> cache.verifyAny(token, both));

    double heap = UsedHeap.bytes() - before;
    assertThat(cache.statistics().entries()).isEqualTo(800);
    assertThat(heap).isLessThan(1.5 * cache.statistics().bytes());
  }

  /** The entries of short prefixes go, the blocks stay with the long one: they go on counting. */
  @Test
  void bytes_prefixesDroppedBeforeTheToken_blocksStillCount() {
    TokenCache cache = TokenCache.of(1 << 20);
    List<byte[]> tokens = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      tokens.add(token(i, 8, false));
    }
    for (int round = 0; round < 50; round++) {
      for (byte[] token : tokens) {
        cache.verifyAny(token, keys);
      }
      assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(1 << 20);
      assertThat(cache.statistics().bytes()).isGreaterThanOrEqualTo(held(cache));
    }
    assertThat(cache.statistics().evictions()).isPositive();
    cache.clear();
    assertThat(cache.statistics().bytes()).isZero();
  }

  /** What the blocks weigh that any entry holds, each once. */
  private static long held(TokenCache cache) {
    Set<VerifiedBlock> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    cache.entries().values().forEach(entry -> blocks.addAll(List.of(entry.blocks())));
    return blocks.stream().mapToLong(VerifiedBlock::weight).sum();
  }

  private void run(TokenCache cache, List<byte[]> tokens, boolean asked) {
    for (byte[] token : tokens) {
      HeldToken held = (HeldToken) cache.verifyAny(token, keys);
      if (asked) {
        ask(held);
      }
    }
  }

  private static void ask(HeldToken held) {
    POLICIES
        .authorizerAfterProof(held)
        .facts(List.of(Fact.of("arg", new Term.Str("path"), new Term.Str("/acme/q3"))))
        .authorize();
  }

  private byte[] token(int number, int blocks, boolean patterns) {
    UnverifiedToken token =
        HeldToken.mint(root, block(number, 0, patterns), holder.publicKey(), OptionalInt.empty())
            .unverified();
    for (int i = 1; i < blocks; i++) {
      token = token.delegate(block(number, i, patterns), holder, holder.publicKey());
    }
    return token.encode();
  }

  private static Block block(int number, int index, boolean patterns) {
    String name = "agent:worker-" + number + "-" + index;
    return Datalog.block(
        "holder(\""
            + name
            + "\");"
            + "check if time($t), $t <= 2030-01-01T00:00:00Z;"
            + "check if tool($tool), [\"jira.get\", \"jira.list\", \"wiki.read\"].contains($tool);"
            + (patterns
                ? "check if arg(\"path\", $p), $p.matches(\"^/acme/(q[1-4]|" + name + ")/?$\");"
                : "check if resource($r), $r.starts_with(\"/acme/" + name + "/\");"));
  }
}
