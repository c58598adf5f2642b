package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.TokenTables;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What can be seen of tokens, and that nobody can change them by it. */
class TokenInspectionTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey ALICE = PrivateKey.generate(Algorithm.ED25519);
  private static final RootKeys KEYS = RootKeys.of(ROOT.publicKey());
  private static final Block GRANT = Datalog.block("right(\"file1\", \"read\");");
  private static final Block CHECK = Datalog.block("check if operation(\"read\");");

  private final Token parent = Token.mint(ROOT, GRANT);
  private final Token child = parent.attenuate(CHECK);

  @Test
  void sharedBlocks_relatives_countsTheFirstEqualOnes() {
    Token grandchild = child.attenuate(CHECK);
    Token sibling = parent.attenuate(CHECK).attenuate(CHECK);
    Token stranger = Token.mint(ROOT, GRANT).attenuate(CHECK);

    assertThat(shared(child, child)).isEqualTo(2);
    assertThat(shared(parent, grandchild)).isEqualTo(1);
    assertThat(shared(grandchild, child)).isEqualTo(2);
    assertThat(shared(grandchild, sibling)).isEqualTo(1);
    assertThat(shared(child, stranger)).isZero();
  }

  @Test
  void firstBlockDigest_relatives_isTheSame() {
    byte[] digest = parent.unverified().firstBlockDigest();

    assertThat(digest).hasSize(32);
    assertThat(child.attenuate(CHECK).unverified().firstBlockDigest()).isEqualTo(digest);
    assertThat(Token.mint(ROOT, GRANT).unverified().firstBlockDigest()).isNotEqualTo(digest);
  }

  @Test
  void verifyAfterFirstBlock_anyRootKey_looksAtAllOtherSignatures() {
    UnverifiedToken token = child.attenuate(CHECK).unverified();
    PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);

    assertThatNoException().isThrownBy(token::verifyAfterFirstBlock);
    assertThatNoException()
        .isThrownBy(() -> Token.mint(stranger, GRANT).unverified().verifyAfterFirstBlock());
    for (int block : new int[] {1, 2}) {
      UnverifiedToken changed = changed(token, block);
      assertThatThrownBy(changed::verifyAfterFirstBlock)
          .isInstanceOf(TaperException.class)
          .hasMessageContaining("block[" + block + "]");
    }
  }

  private static UnverifiedToken changed(UnverifiedToken token, int block) {
    byte[] bytes = token.encode();
    String signature = HexFormat.of().formatHex(token.revocationIds().get(block));
    bytes[HexFormat.of().formatHex(bytes).indexOf(signature) / 2] ^= 1;
    return UnverifiedToken.decode(bytes);
  }

  private static int shared(Token one, Token other) {
    return one.unverified().sharedBlocks(UnverifiedToken.decode(other.encode()));
  }

  @Test
  void lists_perBlock_cannotBeChanged() {
    UnverifiedToken token = child.unverified();

    assertThat(token.blockCount()).isEqualTo(2);
    assertThat(token.payloadSizes())
        .containsExactly(payload(GRANT), payload(CHECK))
        .isUnmodifiable();
    assertThat(token.nextKeys()).hasSize(2).isUnmodifiable();
    assertThat(token.signatureVersions()).hasSize(2).isUnmodifiable();
    assertThat(token.revocationIds()).hasSize(2);
    assertThatThrownBy(() -> token.revocationIds().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(child.revocationKeys()).containsExactlyElementsOf(child.revocationIds());
    assertThatThrownBy(() -> child.revocationKeys().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(child.externalKeys()).containsExactly(null, null).isUnmodifiable();
    assertThat(child.blocks()).isUnmodifiable();
    assertThat(child.lastSignature()).isEqualTo(child.revocationIds().get(1));
    assertThat(token.isSealed()).isFalse();
    assertThat(token.seal().isSealed()).isTrue();
    assertThat(token).hasToString("UnverifiedToken(BEARER, 2 blocks)");
    assertThat(child).hasToString("Token(BEARER, 2 blocks, root " + ROOT.publicKey() + ")");
  }

  private static int payload(Block block) {
    return BlockEncoder.encode(block, new TokenTables()).length;
  }

  @Test
  void stateDigest_changedByTheCaller_doesNotReachTheToken() {
    HeldToken held = HeldToken.mint(ROOT, GRANT, ALICE.publicKey(), OptionalInt.empty());
    held.stateDigest()[0] ^= 1;
    held.lastSignature()[0] ^= 1;
    held.revocationIds().get(0)[0] ^= 1;
    held.encode()[0] ^= 1;

    assertThat(held.stateDigest()).isEqualTo(Digests.sha256(held.lastSignature()));
    assertThat(UnverifiedToken.decode(held.encode()).verifyHeld(KEYS).stateDigest())
        .isEqualTo(held.stateDigest());
  }

  /** What is made of a token is made once, and anew only for another kind or type. */
  @Test
  void reading_again_madeOnceForEachKind() {
    TokenCache cache = TokenCache.of(1 << 20);
    Token first = cache.verify(child.encode(), KEYS);
    Token again = cache.verify(child.encode(), KEYS);
    Token sealed = cache.verify(child.seal().encode(), KEYS);

    StringBuilder made = first.reading(StringBuilder.class, token -> text(token));
    assertThat(again.reading(StringBuilder.class, token -> text(token))).isSameAs(made);
    assertThat(made.toString()).isEqualTo("BEARER");
    assertThat(sealed.reading(StringBuilder.class, token -> text(token)).toString())
        .isEqualTo("SEALED");
    assertThat(sealed.reading(Integer.class, token -> token.blocks().size())).isEqualTo(2);
  }

  private static StringBuilder text(VerifiedChain token) {
    return new StringBuilder(token.kind().name());
  }

  /** A token grows up to the limit in bytes, the last one included. */
  @Test
  void attenuate_upToTheLimit_takesTheLastByte() {
    int size = child.encode().length;
    DecodeLimits enough = DecodeLimits.DEFAULT.withMaxBytes(size);
    DecodeLimits tooFew = DecodeLimits.DEFAULT.withMaxBytes(size - 1);

    assertThat(UnverifiedToken.decode(parent.encode(), enough).attenuate(CHECK).encode())
        .hasSize(size);
    Refused.with(
        ErrorCode.DECODE_LIMIT,
        "the token has " + size + " bytes, the limit is " + (size - 1),
        () -> UnverifiedToken.decode(parent.encode(), tooFew).attenuate(CHECK));
    DecodeLimits twoBlocks = DecodeLimits.DEFAULT.withMaxBlocks(2);
    UnverifiedToken two = UnverifiedToken.decode(parent.encode(), twoBlocks).attenuate(CHECK);
    Refused.with(ErrorCode.DECODE_LIMIT, "at most 2 blocks", () -> two.attenuate(CHECK));
  }

  @Test
  void thirdPartyMessages_readAgain_sayTheSame() {
    ThirdPartyBlock.Request request = child.thirdPartyRequest();
    byte[] bytes = request.encode();
    request.previousSignature()[0] ^= 1;
    ThirdPartyBlock block = ThirdPartyBlock.Request.decode(bytes).sign(ALICE, CHECK);
    ThirdPartyBlock again = ThirdPartyBlock.decode(block.encode());

    assertThat(request.previousSignature()).isEqualTo(child.lastSignature());
    assertThat(again.encode()).isEqualTo(block.encode());
    assertThat(again.externalKey()).isEqualTo(ALICE.publicKey());
    assertThat(again.block().externalKey()).isEqualTo(ALICE.publicKey());
    assertThat(again.block().block()).isEqualTo(CHECK);
    assertThat(child.append(again).externalKeys()).containsExactly(null, null, ALICE.publicKey());
    String tooLong = Base64Url.encode(new byte[DecodeLimits.DEFAULT.maxBytes() + 9]);
    Refused.with(ErrorCode.DECODE_LIMIT, () -> ThirdPartyBlock.decode(tooLong));
    Refused.with(ErrorCode.DECODE_LIMIT, () -> ThirdPartyBlock.Request.decode(tooLong));
  }

  /** Whoever brought a token may go on using its array. */
  @Test
  void decode_thenChangeTheArray_tokenStays() {
    byte[] bytes = child.encode();
    TokenCache cache = TokenCache.of(1 << 20);
    byte[] first = bytes.clone();
    byte[] second = bytes.clone();
    byte[] third = bytes.clone();

    UnverifiedToken decoded = UnverifiedToken.decode(first);
    VerifiedChain learnt = cache.verifyAny(second, KEYS);
    VerifiedChain known = cache.verifyAny(third, KEYS);
    for (byte[] array : new byte[][] {first, second, third}) {
      Arrays.fill(array, (byte) 0);
    }

    assertThat(decoded.encode()).isEqualTo(bytes);
    assertThat(learnt.encode()).isEqualTo(bytes);
    assertThat(known.encode()).isEqualTo(bytes);
    assertThat(cache.verifyAny(bytes, KEYS).blocks()).isEqualTo(child.blocks());
    assertThat(cache.statistics().hits()).isEqualTo(2);
  }

  @Test
  void cache_itsOwnLimits_holdForEveryWayIn() {
    byte[] bytes = child.encode();
    TokenCache exact = TokenCache.of(1 << 20, DecodeLimits.DEFAULT.withMaxBytes(bytes.length));
    TokenCache small = TokenCache.of(1 << 20, DecodeLimits.DEFAULT.withMaxBytes(bytes.length - 1));

    assertThat(exact.verify(bytes, KEYS).blocks()).hasSize(2);
    assertThat(exact.verify(bytes, KEYS).blocks()).hasSize(2);
    assertThat(exact.statistics().hits()).isEqualTo(1);
    assertThat(exact.statistics().maxBytes()).isEqualTo(1 << 20);
    assertThat(exact.limits().maxBytes()).isEqualTo(bytes.length);
    assertThat(exact.toString()).contains("hits=1, prefixHits=0, misses=1");
    String text = child.encodeBase64();
    Refused.with(ErrorCode.DECODE_LIMIT, () -> small.verify(bytes, KEYS));
    Refused.with(ErrorCode.DECODE_LIMIT, () -> small.verifyAny(bytes, KEYS));
    Refused.with(ErrorCode.DECODE_LIMIT, () -> small.verifyAny(text, KEYS, first -> {}));
    assertThat(small.known(bytes, KEYS)).isNull();
    assertThat(small.known(text, KEYS)).isNull();
    assertThat(small.statistics().entries()).isZero();
  }
}
