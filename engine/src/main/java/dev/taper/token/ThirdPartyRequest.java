package dev.taper.token;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.ThirdPartyMessages;

/**
 * A request that lets a third party sign a block for one token without seeing the token. Immutable
 * and thread-safe.
 */
public final class ThirdPartyRequest {
  private final byte[] previousSignature;

  ThirdPartyRequest(byte[] previousSignature) {
    this.previousSignature = previousSignature;
  }

  /**
   * Reads a request.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_THIRD_PARTY}, {@link ErrorCode#DECODE_LIMIT}
   */
  public static ThirdPartyRequest decode(byte[] bytes) {
    return new ThirdPartyRequest(ThirdPartyMessages.decodeRequest(bytes, DecodeLimits.DEFAULT));
  }

  /**
   * Reads a request in base64url, with or without padding.
   *
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #decode(byte[])}
   */
  public static ThirdPartyRequest decode(String text) {
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
