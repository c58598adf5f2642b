package dev.taper.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.wire.RawToken;
import org.junit.jupiter.api.Test;

/** Tokens whose hashes are equal: a cache tells them apart by every byte. */
class PrefixKeyTest {
  private static final long HASH = 7;
  private static final Token TOKEN =
      Token.mint(PrivateKey.generate(Algorithm.ED25519), Block.builder().build());

  /** A block that knows these bytes. */
  private static VerifiedBlock block(String bytes) {
    RawToken raw = RawToken.decode(TOKEN.encode(), DecodeLimits.DEFAULT);
    VerifiedBlock block = new VerifiedBlock(raw.blocks().get(0), TOKEN.blocks().get(0));
    block.keep(bytes.getBytes(US_ASCII), () -> {});
    return block;
  }

  private static PrefixKey kept(String... blocks) {
    VerifiedBlock[] all = new VerifiedBlock[blocks.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = block(blocks[i]);
    }
    return new PrefixKey(all, HASH);
  }

  /** A key to look up a part of an array that goes on before and behind it. */
  private static PrefixKey sought(String bytes, String behind) {
    byte[] around = ("abc" + bytes + behind).getBytes(US_ASCII);
    return new PrefixKey(around, 3, 3 + bytes.length(), HASH);
  }

  @Test
  void equals_soughtAndKept_onlyForTheSameBytes() {
    PrefixKey kept = kept("abc", "de", "fgh");

    for (String behind : new String[] {"", "x", "h", "fgh", "defgh", "abcdefgh"}) {
      assertEqual(sought("abcdefgh", behind), kept, true);
      for (String other :
          new String[] {
            "",
            "a",
            "abc",
            "abcde",
            "abcdefg",
            "abcdefghi",
            "abcdefghabc",
            "abcdefgx",
            "xbcdefgh",
            "abcxefgh",
            "bcdefgh"
          }) {
        assertEqual(sought(other, behind), kept, false);
      }
    }
  }

  @Test
  void equals_bothKept_onlyForTheSameBlocks() {
    PrefixKey kept = kept("abc", "de", "fgh");

    assertEqual(kept("abc", "de", "fgh"), kept, true);
    assertEqual(kept("abc", "de"), kept, false);
    assertEqual(kept("abc", "de", "fgh", "i"), kept, false);
    assertEqual(kept("abc", "de", "fgx"), kept, false);
    assertEqual(kept("xbc", "de", "fgh"), kept, false);
    VerifiedBlock[] shared = {block("abc"), block("de")};
    assertEqual(new PrefixKey(shared, HASH), new PrefixKey(shared.clone(), HASH), true);
  }

  @Test
  void equals_anotherHash_never() {
    VerifiedBlock[] blocks = {block("abc")};

    assertEqual(new PrefixKey(blocks, HASH), new PrefixKey(blocks, HASH + 1), false);
    assertThat(new PrefixKey(blocks, HASH)).isNotEqualTo("abc");
    assertThat(new PrefixKey(blocks, HASH).equals(null)).isFalse();
  }

  private static void assertEqual(PrefixKey one, PrefixKey other, boolean expected) {
    assertThat(one.equals(other)).isEqualTo(expected);
    assertThat(other.equals(one)).isEqualTo(expected);
    if (expected) {
      assertThat(one).hasSameHashCodeAs(other);
    }
  }
}
