package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;

/** Reads and writes the messages between a token's holder and a third party. */
public final class ThirdPartyMessages {
  private ThirdPartyMessages() {}

  /**
   * Writes a request.
   *
   * @param previousSignature the signature of the token's last block
   */
  public static byte[] encodeRequest(byte[] previousSignature) {
    ProtoWriter out = new ProtoWriter();
    out.bytes(3, previousSignature);
    return out.toByteArray();
  }

  /**
   * Reads a request. Fields 1 and 2, of an older protocol without the binding to one token, are
   * refused like unknown ones.
   *
   * @return the signature of the token's last block
   * @throws TaperException {@link ErrorCode#MALFORMED_THIRD_PARTY} or {@link
   *     ErrorCode#DECODE_LIMIT}
   */
  public static byte[] decodeRequest(byte[] bytes, DecodeLimits limits) {
    limits.requireSize(bytes.length, "a third-party request");
    ProtoReader in = new ProtoReader(bytes, ErrorCode.MALFORMED_THIRD_PARTY, "request");
    int seen = 0;
    byte[] signature = {};
    while (in.next()) {
      if (in.field() != 3) {
        throw in.unknownField();
      }
      seen = in.once(seen);
      signature = in.bytes();
    }
    in.require(seen, 3, "previousSignature");
    return signature;
  }

  /** Writes a third party's signed block. */
  public static byte[] encodeContents(Contents contents) {
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, contents.payload);
    contents.external.write(out, 2);
    return out.toByteArray();
  }

  /**
   * Reads a third party's signed block, and verifies nothing of it.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_THIRD_PARTY}, {@link ErrorCode#INVALID_KEY}
   *     or {@link ErrorCode#DECODE_LIMIT}
   */
  public static Contents decodeContents(byte[] bytes, DecodeLimits limits) {
    limits.requireSize(bytes.length, "a third-party block");
    ProtoReader in = new ProtoReader(bytes, ErrorCode.MALFORMED_THIRD_PARTY, "contents");
    int seen = 0;
    byte[] payload = {};
    SignedBlock.External external = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          payload = in.bytes();
        }
        case 2 -> {
          seen = in.once(seen);
          in.enter("externalSignature");
          external = SignedBlock.External.read(in);
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "payload");
    if (external == null) {
      throw in.fail("missing externalSignature");
    }
    return new Contents(payload, external);
  }

  /** A third party's signed block. Immutable. */
  public static final class Contents {
    private final byte[] payload;
    private final SignedBlock.External external;

    /**
     * Makes contents.
     *
     * @param payload the block's bytes, which are copied
     * @param external the third party's signature
     */
    public Contents(byte[] payload, SignedBlock.External external) {
      this.payload = payload.clone();
      this.external = external;
    }

    /** A copy of the block's bytes. */
    public byte[] payload() {
      return payload.clone();
    }

    /** The third party's signature. */
    public SignedBlock.External external() {
      return external;
    }
  }
}
