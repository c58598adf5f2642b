package dev.taper.token;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.ThirdPartyMessages;
import dev.taper.wire.TokenTables;

/**
 * A block that a third party signed for one token. Its signature is verified when it is appended.
 * Immutable and thread-safe.
 */
public final class ThirdPartyBlock {
  private final ThirdPartyMessages.Contents contents;

  ThirdPartyBlock(ThirdPartyMessages.Contents contents) {
    this.contents = contents;
  }

  /**
   * Reads a third-party block.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_THIRD_PARTY}, {@link ErrorCode#INVALID_KEY},
   *     {@link ErrorCode#DECODE_LIMIT}
   */
  public static ThirdPartyBlock decode(byte[] bytes) {
    return new ThirdPartyBlock(ThirdPartyMessages.decodeContents(bytes, DecodeLimits.DEFAULT));
  }

  /**
   * Reads a third-party block in base64url, with or without padding.
   *
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #decode(byte[])}
   */
  public static ThirdPartyBlock decode(String text) {
    return decode(Base64Url.decode(text, DecodeLimits.DEFAULT.maxBytes()));
  }

  /**
   * The key that the block claims to be signed with; compare it with the key of the party that was
   * asked.
   */
  public PublicKey externalKey() {
    return contents.external().publicKey();
  }

  /**
   * Reads the contents of the block.
   *
   * @throws TaperException a code of {@link BlockDecoder#decode}
   */
  public Block.Decoded block() {
    return BlockDecoder.decode(
        contents.payload(), 0, externalKey(), new TokenTables(), DecodeLimits.DEFAULT);
  }

  /** The message's bytes. */
  public byte[] encode() {
    return ThirdPartyMessages.encodeContents(contents);
  }

  /** The message as base64url with padding. */
  public String encodeBase64() {
    return Base64Url.encode(encode());
  }

  byte[] payload() {
    return contents.payload();
  }

  SignedBlock.External external() {
    return contents.external();
  }

  /**
   * A request that lets a third party sign a block for one token without seeing the token.
   * Immutable and thread-safe.
   */
  public static final class Request {
    private final byte[] previousSignature;

    Request(byte[] previousSignature) {
      this.previousSignature = previousSignature;
    }

    /**
     * Reads a request.
     *
     * @throws TaperException {@link ErrorCode#MALFORMED_THIRD_PARTY}, {@link
     *     ErrorCode#DECODE_LIMIT}
     */
    public static Request decode(byte[] bytes) {
      return new Request(ThirdPartyMessages.decodeRequest(bytes, DecodeLimits.DEFAULT));
    }

    /**
     * Reads a request in base64url, with or without padding.
     *
     * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #decode(byte[])}
     */
    public static Request decode(String text) {
      return decode(Base64Url.decode(text, DecodeLimits.DEFAULT.maxBytes()));
    }

    /**
     * Signs a block for the token that made the request.
     *
     * @param external the third party's key
     * @param block the contents of the block
     * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or a code of {@link
     *     BlockEncoder#encodeThirdParty}
     */
    public ThirdPartyBlock sign(Signer external, Block block) {
      byte[] payload = BlockEncoder.encodeThirdParty(block);
      byte[] signature = external.sign(SignaturePayloads.external(payload, previousSignature));
      return new ThirdPartyBlock(
          new ThirdPartyMessages.Contents(
              payload, SignedBlock.External.of(signature, external.publicKey())));
    }

    /** The signature of the token's last block. */
    public byte[] previousSignature() {
      return previousSignature.clone();
    }

    /** The request's bytes. */
    public byte[] encode() {
      return ThirdPartyMessages.encodeRequest(previousSignature);
    }

    /** The request as base64url with padding. */
    public String encodeBase64() {
      return Base64Url.encode(encode());
    }
  }
}
