package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.wire.RawToken;
import dev.taper.wire.TokenEnd;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking a token up verifies nothing and counts nothing, and finds only what was verified. */
class TokenCacheKnownTest {
  private static final Block BLOCK = Datalog.block("right(\"read\");");

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey alice = PrivateKey.generate(Algorithm.ED25519);
  private final RootKeys keys = RootKeys.of(root.publicKey());
  private final RootKeys others = RootKeys.of(alice.publicKey());
  private final TokenCache cache = TokenCache.of(1 << 20);
  private final Token token = Token.mint(root, BLOCK).attenuate(BLOCK);

  @AfterEach
  void nothingIsCounted() {
    assertThat(cache.statistics().hits()).isZero();
  }

  private static byte[] with(byte[] token, TokenEnd end) {
    RawToken raw = RawToken.decode(token, DecodeLimits.DEFAULT);
    return RawToken.of(raw.rootKeyId(), raw.blocks(), end).encode();
  }

  @Test
  void known_bearerToken_onlyAsItWasVerified() {
    byte[] bytes = token.encode();
    assertThat(cache.known(bytes, keys)).isNull();
    assertThat(cache.verify(bytes, keys).blocks()).hasSize(2);

    VerifiedChain known = Objects.requireNonNull(cache.known(bytes, keys));
    assertThat(known).isInstanceOf(Token.class);
    assertThat(known.blocks()).isEqualTo(token.blocks());
    assertThat(cache.known(token.encodeBase64(), keys)).isNotNull();
    assertThat(cache.known(bytes, others)).isNull();
    assertThat(cache.known(bytes, id -> List.of())).isNull();
    assertThat(cache.known(with(bytes, new TokenEnd.NextSecret(alice.secret())), keys)).isNull();
    assertThat(cache.known(with(bytes, new TokenEnd.FinalSignature(new byte[64])), keys)).isNull();
    assertThat(cache.known(token.seal().encode(), keys)).isNull();
    assertThat(cache.known(token.attenuate(BLOCK).encode(), keys)).isNull();
  }

  /** A seal that was not verified yet is not known, though its blocks are. */
  @Test
  void known_sealedToken_onlyOnceItsSealWasVerified() {
    byte[] sealed = token.seal().encode();
    assertThat(cache.verify(sealed, keys).kind()).isEqualTo(Token.Kind.SEALED);

    assertThat(cache.known(sealed, keys)).isNotNull();
    assertThat(cache.known(token.encode(), keys)).isNull();
  }

  /** Whoever has a held token proves that later, so its blocks say all. */
  @Test
  void known_heldToken_byItsBlocks() {
    HeldToken held = HeldToken.mint(root, BLOCK, alice.publicKey(), OptionalInt.empty());
    assertThat(cache.known(held.encode(), keys)).isNull();
    assertThat(cache.verifyAny(held.encode(), keys)).isInstanceOf(HeldToken.class);

    VerifiedChain known = Objects.requireNonNull(cache.known(held.encode(), keys));
    assertThat(known).isInstanceOf(HeldToken.class);
    assertThat(((HeldToken) known).holderKey()).isEqualTo(alice.publicKey());
  }

  @Test
  void known_noToken_isNotKnown() {
    assertThat(cache.known(new byte[0], keys)).isNull();
    assertThat(cache.known(new byte[100_000], keys)).isNull();
    assertThat(cache.known("", keys)).isNull();
    Refused.with(ErrorCode.INVALID_BASE64, () -> cache.known("?", keys));
  }
}
