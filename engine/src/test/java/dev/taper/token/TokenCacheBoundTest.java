package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.FullSize;
import dev.taper.testing.UsedHeap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody can do to a cache who may make tokens: nothing beyond its bound. */
@FullSize
class TokenCacheBoundTest {
  private static final int HOSTILE = FullSize.Cases.of(8_000, 100_000);
  private static final long BOUND = 1 << 20;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final RootKeys keys = RootKeys.of(root.publicKey());

  /** A holder narrows its own token again and again; each is valid, and none comes twice. */
  @Test
  void verifyAny_manyHostileTokens_stayWithinTheBoundAndAHotTokenStays() {
    TokenCache cache = TokenCache.of(BOUND);
    HeldToken hot = mint("hot");
    UnverifiedToken hostile = mint("hostile").unverified();
    byte[] hotBytes = hot.encode();
    for (int i = 0; i < 10; i++) {
      cache.verifyAny(hotBytes, keys);
    }
    long hotHits = 0;
    for (int i = 0; i < HOSTILE; i++) {
      Block block = Block.builder().fact("n", new Term.Int(i)).build();
      cache.verifyAny(hostile.delegate(block, holder, holder.publicKey()).encode(), keys);
      if (i % 50 == 0) {
        long before = cache.statistics().hits();
        cache.verifyAny(hotBytes, keys);
        hotHits += cache.statistics().hits() - before;
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(BOUND);
      }
    }

    TokenCache.Statistics after = cache.statistics();
    assertThat(hotHits).as("of %d", HOSTILE / 50).isGreaterThan(HOSTILE / 50 * 99 / 100);
    assertThat(after.entries()).isLessThan(BOUND / 1_024);
    assertThat(after.evictions()).isGreaterThan(HOSTILE - after.entries() - 10);
    // The hostile holder pays a signature for each, the verifier one verification.
    assertThat(after.prefixHits()).isGreaterThan(HOSTILE * 99 / 100);
  }

  private HeldToken mint(String name) {
    Block authority = Datalog.block("name(\"" + name + "\"); check if time($t), $t > 5;");
    return HeldToken.mint(root, authority, holder.publicKey(), OptionalInt.empty());
  }

  /** Blocks that are small on the wire and large in memory: what they weigh is no less. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4000 | a(#);",
        "3000 | s#(1);",
        "2000 | check if a(#);",
        "1500 | b#($x) <- a#($x);",
        "1000 | a({1:{2:3}});",
        "1500 | a([[[[]]]]);"
      })
  void weight_blockMadeToBeLarge_isNoLessThanTheHeapItTakes(int times, String element) {
    PolicySet policies = PolicySet.of(Datalog.authorizer("allow if true;"));
    RunLimits limits = new RunLimits(1_000_000, 100, Long.MAX_VALUE, Duration.ofMinutes(1));
    List<byte[]> tokens = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      StringBuilder text = new StringBuilder("id(" + i + ");");
      for (int n = 0; n < times; n++) {
        text.append(element.replace("#", Integer.toString(n)));
      }
      tokens.add(Token.mint(root, Datalog.block(text.toString())).encode());
    }
    TokenCache cache = TokenCache.of(1 << 30);
    long before = UsedHeap.bytes();

    for (byte[] token : tokens) {
      policies.authorizer(cache.verify(token, keys)).limits(limits).run();
    }

    long taken = UsedHeap.bytes() - before;
    long weight = cache.statistics().bytes();
    // A megabyte for what else the machine did meanwhile, of some ten.
    assertThat(weight + (1 << 20))
        .as("weight against %d bytes of heap", taken)
        .isGreaterThan(taken);
  }
}
