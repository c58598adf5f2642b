package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.SecretBytes;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad envelope is refused with its code; every good one keeps its bytes. */
class BadTokenTest {
  private static final PrivateKey KEY = PrivateKey.generate(Algorithm.ED25519);

  /** A bad token. */
  record Case(String name, ErrorCode code, ByteString bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static SignedBlock signed(int length, int version) {
    return SignedBlock.of(new byte[length], KEY.publicKey(), new byte[64], null, version);
  }

  private static RawToken token() {
    return RawToken.of(
        OptionalInt.of(7),
        List.of(signed(3, 0), signed(4, 1)),
        new TokenEnd.NextSecret(KEY.secret()));
  }

  private static Case changed(
      String name, ErrorCode code, Consumer<Oracle.Biscuit.Builder> change) {
    try {
      Oracle.Biscuit.Builder builder = Oracle.Biscuit.newBuilder().mergeFrom(token().encode());
      change.accept(builder);
      return new Case(name, code, builder.buildPartial().toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Case appended(String name, ByteString more) {
    return new Case(
        name, ErrorCode.MALFORMED_TOKEN, ByteString.copyFrom(token().encode()).concat(more));
  }

  static List<Case> bad() {
    ErrorCode malformed = ErrorCode.MALFORMED_TOKEN;
    List<Case> cases = new ArrayList<>();
    byte[] good = token().encode();
    for (int i = 0; i < good.length; i++) {
      cases.add(new Case("cut to " + i + " bytes", malformed, ByteString.copyFrom(good, 0, i)));
    }
    cases.add(changed("no authority", malformed, b -> b.clearAuthority()));
    cases.add(changed("no proof", malformed, b -> b.clearProof()));
    cases.add(changed("no payload", malformed, b -> b.getAuthorityBuilder().clearBlock()));
    cases.add(changed("no next key", malformed, b -> b.getBlocksBuilder(0).clearNextKey()));
    cases.add(changed("no signature", malformed, b -> b.getBlocksBuilder(0).clearSignature()));
    cases.add(
        changed(
            "external without signature",
            malformed,
            b ->
                b.getBlocksBuilder(0)
                    .getExternalSignatureBuilder()
                    .setPublicKey(OracleBlocks.key(KEY.publicKey()))));
    cases.add(
        changed(
            "external without key",
            malformed,
            b -> b.getBlocksBuilder(0).getExternalSignatureBuilder().setSignature(hex("00"))));
    cases.add(
        changed(
            "short key",
            ErrorCode.INVALID_KEY,
            b -> b.getAuthorityBuilder().getNextKeyBuilder().setKey(hex("00"))));
    cases.add(
        changed(
            "key of another algorithm",
            ErrorCode.INVALID_KEY,
            b ->
                b.getAuthorityBuilder()
                    .getNextKeyBuilder()
                    .setAlgorithm(Oracle.PublicKey.Algorithm.SECP256R1)));
    cases.add(
        changed(
            "signature version 2",
            ErrorCode.UNSUPPORTED_VERSION,
            b -> b.getBlocksBuilder(0).setVersion(2)));
    cases.add(
        changed(
            "signature version 2^32-1",
            ErrorCode.UNSUPPORTED_VERSION,
            b -> b.getBlocksBuilder(0).setVersion(-1)));
    cases.add(
        changed(
            "33 blocks",
            ErrorCode.DECODE_LIMIT,
            b -> {
              for (int i = 0; i < 31; i++) {
                b.addBlocks(b.getBlocks(0));
              }
            }));
    cases.add(
        changed(
            "65 KiB",
            ErrorCode.DECODE_LIMIT,
            b -> b.getAuthorityBuilder().setBlock(ByteString.copyFrom(new byte[65 << 10]))));
    cases.add(new Case("empty", malformed, ByteString.EMPTY));
    cases.add(appended("root key id twice", field(1, 7)));
    cases.add(
        new Case(
            "root key id of 33 bits",
            malformed,
            field(1, 1L << 32).concat(ByteString.copyFrom(good, 2, good.length - 2))));
    cases.add(appended("authority twice", field(2, ByteString.copyFrom(signed(1, 0).encoded()))));
    cases.add(appended("proof twice", field(4, ByteString.EMPTY)));
    cases.add(appended("unknown field", field(5, 1)));
    cases.add(appended("trailing zero", hex("00")));
    cases.add(appended("trailing tag", hex("0a")));
    cases.add(appended("group", hex("1b1c")));
    cases.add(appended("huge block", hex("1a ffffffff07")));
    cases.add(appended("block as number", field(3, 1)));
    ByteString block = ByteString.copyFrom(signed(1, 0).encoded());
    cases.add(appended("unknown field in a block", field(3, block.concat(field(6, 1)))));
    cases.add(appended("payload twice", field(3, block.concat(field(1, ByteString.EMPTY)))));
    cases.add(
        appended(
            "key twice",
            field(3, block.concat(field(2, OracleBlocks.key(KEY.publicKey()).toByteString())))));
    cases.add(appended("version of 33 bits", field(3, block.concat(field(5, 1L << 32)))));
    ByteString unproven = ByteString.copyFrom(good, 0, good.length - 36);
    ByteString secret = field(1, ByteString.copyFrom(new byte[32]));
    ByteString seal = field(2, ByteString.copyFrom(new byte[64]));
    cases.add(new Case("two proofs", malformed, unproven.concat(field(4, secret.concat(seal)))));
    cases.add(new Case("two secrets", malformed, unproven.concat(field(4, secret.concat(secret)))));
    cases.add(new Case("unknown proof", malformed, unproven.concat(field(4, field(3, seal)))));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("bad")
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void decode_badToken_isRefused(Case bad) {
    assertThatThrownBy(() -> RawToken.decode(bad.bytes().toByteArray(), DecodeLimits.DEFAULT))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).as("%s", e.getMessage()).isEqualTo(bad.code()));
  }

  @Test
  void decode_error_namesPlace() {
    ByteString key = field(1, 0).concat(field(1, 0));
    ByteString block = field(1, ByteString.EMPTY).concat(field(2, key));
    byte[] bytes = field(3, block).concat(field(3, block)).toByteArray();

    assertThatThrownBy(() -> RawToken.decode(bytes, DecodeLimits.DEFAULT))
        .hasMessage("token.blocks[0].nextKey: field 1 twice");
  }

  @Test
  void decode_good_keepsEverything() throws InvalidProtocolBufferException {
    byte[] bytes = token().encode();
    RawToken token = RawToken.decode(bytes, DecodeLimits.DEFAULT);

    assertThat(token.encode()).isEqualTo(bytes);
    assertThat(Oracle.Biscuit.parseFrom(bytes).toByteArray()).isEqualTo(bytes);
    assertThat(token.rootKeyId()).hasValue(7);
    assertThat(token.blocks()).extracting(SignedBlock::version).containsExactly(0, 1);
    assertThat(token.blocks().get(1).payload()).hasSize(4);
    assertThat(token.proof())
        .isEqualTo(new TokenEnd.NextSecret(SecretBytes.copyOf(KEY.secret().exposeCopy())));
  }

  @Test
  void decode_fieldsInAnotherOrder_keepsBytes() {
    byte[] bytes = token().encode();
    // The root key id, two bytes, moved to the end.
    ByteString moved =
        ByteString.copyFrom(bytes, 2, bytes.length - 2).concat(ByteString.copyFrom(bytes, 0, 2));

    RawToken token = RawToken.decode(moved.toByteArray(), DecodeLimits.DEFAULT);

    assertThat(token.rootKeyId()).hasValue(7);
    assertThat(token.encode()).isEqualTo(moved.toByteArray());
  }

  @Test
  void decode_rootKeyId_isUnsigned() {
    RawToken token = RawToken.of(OptionalInt.of(-1), List.of(signed(1, 0)), new TokenEnd.Held());
    RawToken again = RawToken.decode(token.encode(), DecodeLimits.DEFAULT);

    assertThat(again.rootKeyId()).hasValue(-1);
    assertThat(again.proof()).isEqualTo(new TokenEnd.Held());
    assertThat(HexFormat.of().formatHex(Arrays.copyOf(token.encode(), 6)))
        .isEqualTo("08ffffffff0f");
  }

  @Test
  void decodeOwn_longerThanMayBe_isRefused() {
    byte[] bytes = token().encode();
    DecodeLimits most = new DecodeLimits(bytes.length, 2, 0, 0, 0);
    DecodeLimits less = new DecodeLimits(bytes.length - 1, 2, 0, 0, 0);

    assertThat(RawToken.decodeOwn(bytes, most).size()).isEqualTo(bytes.length);
    Refused.with(ErrorCode.DECODE_LIMIT, () -> RawToken.decodeOwn(bytes, less));
    Refused.with(ErrorCode.DECODE_LIMIT, () -> RawToken.decode(bytes, less));
  }

  @Test
  void recalled_token_hasTheSizeAndTheBytesOfItsFirst() {
    RawToken token = token();
    TokenOutline outline = Objects.requireNonNull(TokenOutline.of(token.encode()));

    RawToken again = RawToken.recalled(outline, token.blocks(), token.proof());

    assertThat(again.size()).isEqualTo(token.encode().length);
    assertThat(again.encode()).isEqualTo(token.encode());
  }

  @Test
  void toString_token_hidesSecret() {
    assertThat(token().toString() + token().proof())
        .doesNotContain(HexFormat.of().formatHex(KEY.secret().exposeCopy()));
  }

  @Test
  void of_noBlock_isRefused() {
    assertThatThrownBy(() -> RawToken.of(OptionalInt.empty(), List.of(), new TokenEnd.Held()))
        .isInstanceOf(TaperException.class);
  }
}
