package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.taper.DecodeLimits;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What an outline says of a token is what decoding it says: a cache takes a token that comes again
 * for the one that it knows by nothing else.
 */
class TokenOutlineTest {
  private static final PrivateKey KEY = PrivateKey.generate(Algorithm.ED25519);
  private static final DecodeLimits LARGE =
      new DecodeLimits(1 << 24, DecodeLimits.HARD_MAX_BLOCKS, 0, 0, 0);
  private static final ByteString BLOCK = ByteString.copyFrom(signed(3).encoded());
  private static final ByteString SECRET = field(1, ByteString.copyFrom(new byte[32]));

  private static SignedBlock signed(int length) {
    return SignedBlock.of(new byte[length], KEY.publicKey(), new byte[64], null, 0);
  }

  @Test
  void of_tokensAsTheyAreWritten_saysWhatDecodingSays() {
    for (int count : new int[] {1, 2, 8, 9, 16, 17, DecodeLimits.HARD_MAX_BLOCKS}) {
      for (TokenEnd end :
          List.of(
              new TokenEnd.NextSecret(KEY.secret()),
              new TokenEnd.FinalSignature(new byte[70]),
              new TokenEnd.FinalSignature(new byte[200]),
              new TokenEnd.Held())) {
        for (int id : new int[] {0, 1, 127, 128, Integer.MAX_VALUE, -1}) {
          List<SignedBlock> blocks = new ArrayList<>(Collections.nCopies(count - 1, signed(2)));
          blocks.add(signed(20_000));
          byte[] token = RawToken.of(OptionalInt.of(id), blocks, end).encode();

          TokenOutline outline = Objects.requireNonNull(TokenOutline.of(token));
          assertThat(outline.blocks()).isEqualTo(count);
          assertSame(outline.proof(), end);
          assertSame(outline.proof(), end);
          assertAgrees(token);
        }
      }
    }
  }

  @Test
  void of_rootKeyIdOrNone_isThatOne() {
    byte[] without = RawToken.of(OptionalInt.empty(), List.of(signed(1)), held()).encode();

    assertThat(Objects.requireNonNull(TokenOutline.of(without)).rootKeyId()).isEmpty();
    assertThat(Objects.requireNonNull(TokenOutline.of(without)).start()).isZero();
    byte[] with = RawToken.of(OptionalInt.of(-2), List.of(signed(1)), held()).encode();
    assertThat(Objects.requireNonNull(TokenOutline.of(with)).rootKeyId()).hasValue(-2);
    assertThat(Objects.requireNonNull(TokenOutline.of(with)).start()).isEqualTo(6);
  }

  /** Forms that another reader could take for something else than this one. */
  @Test
  void of_anotherForm_isNone() {
    ByteString token = field(2, BLOCK).concat(field(3, BLOCK)).concat(field(4, SECRET));

    assertThat(outlined(token)).isTrue();
    assertThat(outlined(field(1, 7).concat(token))).isTrue();
    assertThat(outlined(field(1, 0xFFFF_FFFFL).concat(token))).isTrue();
    assertThat(outlined(field(1, 1L << 32).concat(token))).isFalse();
    assertThat(outlined(field(1, -1).concat(token))).isFalse();
    assertThat(outlined(hex("088000").concat(token))).isFalse();
    assertThat(outlined(hex("08808080808000").concat(token))).isFalse();
    assertThat(outlined(field(1, 7).concat(field(1, 7)).concat(token))).isFalse();
    assertThat(outlined(token.concat(field(1, 7)))).isFalse();
    assertThat(outlined(token.concat(hex("00")))).isFalse();
    assertThat(outlined(token.concat(field(4, SECRET)))).isFalse();
    assertThat(outlined(field(3, BLOCK).concat(field(2, BLOCK)).concat(field(4, SECRET))))
        .isFalse();
    assertThat(outlined(field(2, BLOCK).concat(field(4, SECRET)).concat(field(3, BLOCK))))
        .isFalse();
    assertThat(outlined(field(3, BLOCK).concat(field(4, SECRET)))).isFalse();
    assertThat(outlined(field(2, BLOCK))).isFalse();
    assertThat(outlined(ByteString.EMPTY)).isFalse();
    ByteString longLength = hex("12").concat(longVarint(BLOCK.size())).concat(BLOCK);
    assertThat(outlined(longLength.concat(field(4, SECRET)))).isFalse();
  }

  /** A length of one byte or two in more bytes than it needs. */
  private static ByteString longVarint(int value) {
    byte[] bytes = {(byte) (value | 0x80), (byte) (value >> 7 | 0x80), 0};
    return ByteString.copyFrom(bytes);
  }

  @Test
  void of_moreBlocksThanAnyTokenMayHave_isNone() {
    ByteString most = field(2, BLOCK);
    for (int i = 1; i < DecodeLimits.HARD_MAX_BLOCKS; i++) {
      most = most.concat(field(3, BLOCK));
    }

    assertThat(outlined(most.concat(field(4, SECRET)))).isTrue();
    assertThat(outlined(most.concat(field(3, BLOCK)).concat(field(4, SECRET)))).isFalse();
    assertThat(outlined(most.concat(field(3, field(4, SECRET))))).isFalse();
  }

  @Test
  void proof_anotherForm_isNone() {
    ByteString blocks = field(2, BLOCK);
    ByteString seal = field(2, ByteString.copyFrom(new byte[64]));

    assertThat(proof(blocks.concat(field(4, ByteString.EMPTY)))).isEqualTo(held());
    assertThat(proof(blocks.concat(field(4, SECRET)))).isInstanceOf(TokenEnd.NextSecret.class);
    assertThat(proof(blocks.concat(field(4, seal)))).isInstanceOf(TokenEnd.FinalSignature.class);
    assertThat(proof(blocks.concat(field(4, SECRET.concat(seal))))).isNull();
    assertThat(proof(blocks.concat(field(4, seal.concat(SECRET))))).isNull();
    assertThat(proof(blocks.concat(field(4, field(3, SECRET))))).isNull();
    assertThat(proof(blocks.concat(field(4, field(1, 1))))).isNull();
    assertThat(proof(blocks.concat(field(4, SECRET.substring(0, 20))))).isNull();
    assertThat(proof(blocks.concat(field(4, SECRET.substring(0, 1))))).isNull();
    assertThat(proof(blocks.concat(field(4, SECRET.concat(hex("00")))))).isNull();
  }

  @Test
  void of_changedTokens_saysNothingElseThanDecoding() {
    byte[] good =
        RawToken.of(
                OptionalInt.of(300),
                List.of(signed(3), signed(200), signed(0)),
                new TokenEnd.NextSecret(KEY.secret()))
            .encode();
    for (int length = 0; length <= good.length; length++) {
      assertAgrees(Arrays.copyOf(good, length));
    }
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = good.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      assertAgrees(changed);
    }
  }

  /** If there is an outline, and the token can be read, both say the same. */
  private static void assertAgrees(byte[] token) {
    TokenOutline outline = TokenOutline.of(token);
    RawToken read = read(token);
    if (outline == null || read == null) {
      return;
    }
    TokenEnd proof = outline.proof();
    assertThat(outline.rootKeyId()).isEqualTo(read.rootKeyId());
    assertThat(outline.blocks()).isEqualTo(read.blocks().size());
    if (proof != null) {
      assertSame(proof, read.proof());
      assertThat(RawToken.recalled(outline, read.blocks(), proof).encode()).isEqualTo(token);
    }
    int from = outline.start();
    for (int i = 0; i < outline.blocks(); i++) {
      byte[] bytes = Arrays.copyOfRange(token, from, outline.end(i));
      byte[] block = read.blocks().get(i).encoded();
      assertThat(bytes).isEqualTo(field(i == 0 ? 2 : 3, ByteString.copyFrom(block)).toByteArray());
      from = outline.end(i);
    }
  }

  private static void assertSame(@Nullable TokenEnd end, TokenEnd expected) {
    assertThat(end).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(expected);
  }

  private static @Nullable RawToken read(byte[] token) {
    try {
      return RawToken.decode(token, LARGE);
    } catch (TaperException e) {
      return null;
    }
  }

  private static boolean outlined(ByteString token) {
    assertAgrees(token.toByteArray());
    return TokenOutline.of(token.toByteArray()) != null;
  }

  private static @Nullable TokenEnd proof(ByteString token) {
    assertAgrees(token.toByteArray());
    return Objects.requireNonNull(TokenOutline.of(token.toByteArray())).proof();
  }

  private static TokenEnd held() {
    return new TokenEnd.Held();
  }
}
