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
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a cache counts of blocks that are shared, dropped or grow, without a look at the heap. */
class TokenCacheRoomTest {
  private static final Block PATTERN =
      Datalog.block("check if arg(\"path\", $p), $p.matches(\"^/acme/(q[1-4]|[a-f]{2,9}x*)/?$\");");
  private static final PolicySet USUAL = PolicySet.of(Datalog.authorizer("allow if true;"));

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final RootKeys keys = RootKeys.of(root.publicKey());

  private UnverifiedToken token(int number, int blocks) {
    Block authority = Datalog.block("number(" + number + ");");
    UnverifiedToken token =
        HeldToken.mint(root, authority, holder.publicKey(), OptionalInt.empty()).unverified();
    for (int i = 1; i < blocks; i++) {
      token = token.delegate(PATTERN, holder, holder.publicKey());
    }
    return token;
  }

  private static void ask(PolicySet policies, HeldToken held) {
    var unused =
        policies
            .authorizerAfterProof(held)
            .facts(List.of(Fact.of("arg", new Term.Str("path"), new Term.Str("/acme/q3"))))
            .authorize();
  }

  /** What the blocks weigh that any entry holds, each once. */
  private static long held(TokenCache cache) {
    Set<VerifiedBlock> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    cache.entries().values().forEach(entry -> blocks.addAll(List.of(entry.blocks())));
    return blocks.stream().mapToLong(VerifiedBlock::weight).sum();
  }

  /** Drops the entry that ends with a block. */
  private static void drop(TokenCache cache, int blocks) {
    PrefixKey key =
        cache.entries().entrySet().stream()
            .filter(entry -> entry.getValue().size() == blocks)
            .findFirst()
            .orElseThrow()
            .getKey();
    assertThat(cache.entries().remove(key)).isNotNull();
  }

  @Test
  void bytes_blockGrowsWhoseEntryIsGone_countsWithTheLongerOne() {
    TokenCache cache = TokenCache.of(1 << 20);
    HeldToken held = (HeldToken) cache.verifyAny(token(1, 3).encode(), keys);
    assertThat(cache.entries()).hasSize(3);

    drop(cache, 2);
    long before = cache.statistics().bytes();
    assertThat(before).isGreaterThanOrEqualTo(held(cache));
    ask(USUAL, held);

    assertThat(cache.statistics().bytes()).isGreaterThan(before + 1_000);
    assertThat(cache.statistics().bytes()).isGreaterThanOrEqualTo(held(cache));
    cache.clear();
    assertThat(cache.statistics().bytes()).isZero();
  }

  @Test
  void bytes_usualPolicies_areCountedBefore() {
    TokenCache cache = TokenCache.of(1 << 20);
    HeldToken held =
        (HeldToken)
            cache.verifyAny(
                token(1, 1).delegate(Datalog.block(""), holder, holder.publicKey()).encode(), keys);
    long before = cache.statistics().bytes();

    ask(USUAL, held);

    assertThat(cache.statistics().bytes()).isEqualTo(before);
    StringBuilder many = new StringBuilder("allow if true;");
    for (int i = 0; i < 300; i++) {
      many.append("r").append(i).append("($x) <- number($x);");
    }
    ask(PolicySet.of(Datalog.authorizer(many.toString())), held);
    assertThat(cache.statistics().bytes()).isGreaterThan(before + 1_000);
  }

  /** They grow when they are asked, and no token comes that would make room for them. */
  @Test
  void bytes_entriesGrowTogether_stayWithinTheBoundAndNearIt() {
    int bound = 1 << 18;
    TokenCache cache = TokenCache.of(bound);
    List<HeldToken> tokens = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      tokens.add((HeldToken) cache.verifyAny(token(i, 8).encode(), keys));
    }
    for (HeldToken token : tokens) {
      ask(USUAL, token);
      assertThat(cache.statistics().bytes()).isBetween(bound / 2L, (long) bound);
      assertThat(cache.statistics().bytes()).isGreaterThanOrEqualTo(held(cache));
    }
  }

  @Test
  void verify_keyThatWasPassedOver_isPassedOverForLongerTokensToo() {
    TokenCache cache = TokenCache.of(1 << 20);
    PublicKey other = PrivateKey.generate(Algorithm.ED25519).publicKey();
    RootKeys both = id -> List.of(other, root.publicKey());
    cache.verifyAny(token(1, 1).encode(), both);
    UnverifiedToken longer = token(1, 1);
    byte[] first = longer.encode();
    cache.verifyAny(first, both);
    byte[] second = longer.delegate(PATTERN, holder, holder.publicKey()).encode();

    cache.verifyAny(second, both);
    long hits = cache.statistics().hits();
    cache.verifyAny(second, both);

    assertThat(cache.statistics().hits()).isEqualTo(hits + 1);
  }

  @Test
  void verify_sealOfKnownBlocks_isKnownThen() {
    TokenCache cache = TokenCache.of(1 << 20);
    Token bearer = Token.mint(root, PATTERN);
    cache.verify(bearer.encode(), keys);
    byte[] sealed = bearer.seal().encode();
    assertThat(cache.known(sealed, keys)).isNull();

    assertThat(cache.verify(sealed, keys).kind().text()).isEqualTo("sealed");

    assertThat(Objects.requireNonNull(cache.known(sealed, keys)).kind())
        .isEqualTo(Token.Kind.SEALED);
  }

  @Test
  void of_noRoom_keepsNothing() {
    TokenCache cache = TokenCache.of(0);

    cache.verifyAny(token(1, 2).encode(), keys);

    assertThat(cache.statistics().entries()).isZero();
    assertThat(cache.statistics().bytes()).isZero();
  }
}
