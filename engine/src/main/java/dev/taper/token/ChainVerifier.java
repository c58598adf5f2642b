package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.wire.Proof;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies the signatures of a token, block by block, and what it ends with. */
final class ChainVerifier {
  private ChainVerifier() {}

  /**
   * Verifies all signatures but not the proof.
   *
   * @return the root key that signed the authority block
   */
  static PublicKey verifyBlocks(RawToken token, RootKeys rootKeys) {
    List<SignedBlock> blocks = token.blocks();
    PublicKey root = verifyAuthority(blocks.get(0), rootKeys.candidates(token.rootKeyId()));
    for (int i = 1; i < blocks.size(); i++) {
      verifyBlock(i, blocks.get(i), blocks.get(i - 1));
    }
    return root;
  }

  private static PublicKey verifyAuthority(SignedBlock block, List<PublicKey> candidates) {
    if (candidates.isEmpty()) {
      throw new TaperException(
          ErrorCode.UNKNOWN_ROOT_KEY, "no trusted root key fits the token's root key id");
    }
    byte[] message =
        SignaturePayloads.block(block.version(), block.payload(), block.nextKey(), null, null);
    byte[] signature = block.signature();
    boolean wellFormed = false;
    for (PublicKey candidate : candidates) {
      if (candidate.verify(message, signature)) {
        return candidate;
      }
      wellFormed |= Signatures.isWellFormed(candidate.algorithm(), signature);
    }
    throw failure(wellFormed, "block[0]: the signature");
  }

  private static void verifyBlock(int index, SignedBlock block, SignedBlock previous) {
    byte[] payload = block.payload();
    byte[] previousSignature = previous.signature();
    SignedBlock.External external = block.external();
    byte[] externalSignature = external == null ? null : external.signature();
    byte[] message =
        SignaturePayloads.block(
            block.version(), payload, block.nextKey(), previousSignature, externalSignature);
    String place = "block[" + index + "]: the signature";
    require(previous.nextKey(), message, block.signature(), place);
    if (external != null) {
      verifyExternal(external, payload, previousSignature, "block[" + index + "]");
    }
  }

  /** Verifies a third party's signature. */
  static void verifyExternal(
      SignedBlock.External external, byte[] payload, byte[] previousSignature, String place) {
    require(
        external.publicKey(),
        SignaturePayloads.external(payload, previousSignature),
        external.signature(),
        place + ": the external signature");
  }

  /** Verifies that a token ends with what belongs to its last block: a secret, or a signature. */
  static void verifyProof(RawToken token) {
    SignedBlock last = token.blocks().get(token.blocks().size() - 1);
    Proof proof = token.proof();
    if (proof instanceof Proof.NextSecret next) {
      signer(next, last.nextKey());
    } else if (proof instanceof Proof.FinalSignature sealed) {
      require(
          last.nextKey(),
          SignaturePayloads.seal(last.payload(), last.nextKey(), last.signature()),
          sealed.signature(),
          "the final signature");
    } else {
      throw new TaperException(
          ErrorCode.INVALID_PROOF,
          "this is a held token: it is of use only with a proof by its holder's key");
    }
  }

  /**
   * The key that a token carries to sign its next block.
   *
   * @throws TaperException {@link ErrorCode#INVALID_PROOF} if it is not the last block's next key
   */
  static PrivateKey signer(Proof.NextSecret proof, PublicKey expected) {
    PrivateKey key = key(proof, expected);
    if (key == null || !key.publicKey().equals(expected)) {
      throw new TaperException(
          ErrorCode.INVALID_PROOF, "the token's secret is not that of its last block's next key");
    }
    return key;
  }

  private static @Nullable PrivateKey key(Proof.NextSecret proof, PublicKey expected) {
    byte[] secret = proof.secret().exposeCopy();
    try {
      return PrivateKey.of(expected.algorithm(), secret);
    } catch (TaperException e) {
      return null; // not the bytes of any key
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static void require(PublicKey key, byte[] message, byte[] signature, String place) {
    if (!key.verify(message, signature)) {
      throw failure(Signatures.isWellFormed(key.algorithm(), signature), place);
    }
  }

  private static TaperException failure(boolean wellFormed, String place) {
    return wellFormed
        ? new TaperException(ErrorCode.INVALID_SIGNATURE, place + " does not verify")
        : new TaperException(ErrorCode.MALFORMED_SIGNATURE, place + " is malformed");
  }
}
