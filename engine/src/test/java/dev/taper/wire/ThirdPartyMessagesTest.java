package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThirdPartyMessagesTest {
  private static final PublicKey KEY = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private static final ByteString SIGNATURE = field(3, ByteString.copyFrom(new byte[64]));

  static Stream<ByteString> badRequests() {
    ByteString key = OracleBlocks.key(KEY).toByteString();
    return Stream.of(
        ByteString.EMPTY,
        SIGNATURE.concat(SIGNATURE),
        SIGNATURE.substring(0, 30),
        SIGNATURE.concat(field(1, key)),
        SIGNATURE.concat(field(2, key)),
        SIGNATURE.concat(field(4, 1)),
        field(3, 1));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void decodeRequest_bad_isRefused(ByteString bytes) {
    assertThatThrownBy(
            () -> ThirdPartyMessages.decodeRequest(bytes.toByteArray(), DecodeLimits.DEFAULT))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_THIRD_PARTY));
  }

  static Stream<ByteString> badContents() {
    ByteString payload = field(1, ByteString.copyFrom(new byte[3]));
    ByteString external =
        field(
            2,
            field(1, ByteString.copyFrom(new byte[64]))
                .concat(field(2, OracleBlocks.key(KEY).toByteString())));
    return Stream.of(
        ByteString.EMPTY,
        payload,
        external,
        payload.concat(payload).concat(external),
        payload.concat(external).concat(external),
        payload.concat(external).concat(field(3, 1)),
        payload.concat(external.substring(0, 20)),
        payload.concat(field(2, ByteString.EMPTY)));
  }

  @ParameterizedTest
  @MethodSource("badContents")
  void decodeContents_bad_isRefused(ByteString bytes) {
    assertThatThrownBy(
            () -> ThirdPartyMessages.decodeContents(bytes.toByteArray(), DecodeLimits.DEFAULT))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_THIRD_PARTY));
  }

  @Test
  void encode_messages_areReadByProtobuf() throws InvalidProtocolBufferException {
    byte[] signature = {1, 2, 3};
    byte[] request = ThirdPartyMessages.encodeRequest(signature);
    byte[] contents =
        ThirdPartyMessages.encodeContents(
            new ThirdPartyMessages.Contents(
                new byte[] {4}, SignedBlock.External.of(signature, KEY)));

    assertThat(
            Oracle.ThirdPartyBlockRequest.parseFrom(request).getPreviousSignature().toByteArray())
        .isEqualTo(signature);
    assertThat(ThirdPartyMessages.decodeRequest(request, DecodeLimits.DEFAULT))
        .isEqualTo(signature);
    Oracle.ThirdPartyBlockContents parsed = Oracle.ThirdPartyBlockContents.parseFrom(contents);
    assertThat(parsed.toByteArray()).isEqualTo(contents);
    assertThat(parsed.getExternalSignature().getPublicKey()).isEqualTo(OracleBlocks.key(KEY));
    ThirdPartyMessages.Contents read =
        ThirdPartyMessages.decodeContents(contents, DecodeLimits.DEFAULT);
    assertThat(read.payload()).isEqualTo(new byte[] {4});
    assertThat(read.external().signature()).isEqualTo(signature);
    assertThat(read.external().publicKey()).isEqualTo(KEY);
  }

  @Test
  void decode_upToTheLimit_takesTheLastByte() {
    byte[] request = ThirdPartyMessages.encodeRequest(new byte[64]);
    byte[] contents =
        ThirdPartyMessages.encodeContents(
            new ThirdPartyMessages.Contents(
                new byte[4], SignedBlock.External.of(new byte[64], KEY)));

    assertThat(ThirdPartyMessages.decodeRequest(request, limit(request.length))).hasSize(64);
    assertThat(ThirdPartyMessages.decodeContents(contents, limit(contents.length)).payload())
        .hasSize(4);
    Refused.with(
        ErrorCode.DECODE_LIMIT,
        "a third-party request has",
        () -> ThirdPartyMessages.decodeRequest(request, limit(request.length - 1)));
    Refused.with(
        ErrorCode.DECODE_LIMIT,
        "a third-party block has",
        () -> ThirdPartyMessages.decodeContents(contents, limit(contents.length - 1)));
  }

  private static DecodeLimits limit(int bytes) {
    return DecodeLimits.DEFAULT.withMaxBytes(bytes);
  }
}
