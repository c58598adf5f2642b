package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.datalog.Block;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Verifies the signatures of a token, block by block, and its end. */
final class ChainVerifier {
  private static final int MAX_NAMED = 3;

  private ChainVerifier() {}

  /**
   * Verifies a token: its signatures from a trusted root key to its last block, and its end. Only
   * then does it read the blocks. The first signature is verified alone: a token by a root key that
   * nobody knows costs no other.
   *
   * @param chain the token
   * @param candidates the root keys to try
   * @param known the token's first blocks, if they are already verified by the first candidate that
   *     signed them; or null
   * @param holderProves true if the token must be held, so that its holder must prove its use
   * @param check looks at the first block before other signatures are verified; null for nothing
   */
  static VerifiedBlocks verify(
      TokenChain chain,
      List<PublicKey> candidates,
      @Nullable VerifiedBlocks known,
      boolean holderProves,
      VerifiedChain.@Nullable FirstBlockCheck check) {
    List<SignedBlock> signed = chain.raw().blocks();
    VerifiedBlocks before = known;
    PublicKey rootKey;
    List<PublicKey> passedOver;
    if (known == null) {
      int root = verifyAuthority(signed.get(0), chain.raw().rootKeyId(), candidates);
      rootKey = candidates.get(root);
      passedOver = List.copyOf(candidates.subList(0, root));
    } else {
      rootKey = known.rootKey();
      passedOver = known.passedOver();
    }
    int first = known == null ? 1 : known.size();
    if (check != null && first < signed.size()) {
      if (before == null) {
        before = authority(chain, rootKey, passedOver);
      }
      check.check(firstBlock(chain, before.first(1)));
    }
    verifyBlocks(signed, first);
    if (!holderProves) {
      verifyProof(chain.last(), chain.raw().proof());
    }
    List<Block.Decoded> decoded = chain.blocks(before == null ? List.of() : before.decoded());
    VerifiedBlock[] blocks = VerifiedBlock.of(signed, decoded, before);
    return new VerifiedBlocks(rootKey, passedOver, blocks);
  }

  /** The first block, whose signature was verified, and nothing behind it. */
  private static VerifiedBlocks authority(
      TokenChain chain, PublicKey rootKey, List<PublicKey> passedOver) {
    TokenChain alone = chain.first();
    VerifiedBlock[] block = VerifiedBlock.of(alone.raw().blocks(), alone.blocks(), null);
    return new VerifiedBlocks(rootKey, passedOver, block);
  }

  static VerifiedChain firstBlock(TokenChain chain, VerifiedBlocks authority) {
    TokenChain alone =
        TokenChain.recalled(chain.first().raw(), chain.limits(), authority.decoded());
    return chain.kind() == Token.Kind.HELD
        ? new HeldToken(alone, authority, 1)
        : new Token(alone, authority);
  }

  /** Refuses to ask for the holder of a token that everybody who has it can use. */
  static void requireHeld(Token.Kind kind) {
    if (kind != Token.Kind.HELD) {
      throw new TaperException(ErrorCode.INVALID_PROOF, "the token is not a held one");
    }
  }

  /** Returns the index of the root key that signed the authority block. */
  private static int verifyAuthority(
      SignedBlock block, OptionalInt rootKeyId, List<PublicKey> candidates) {
    if (candidates.isEmpty()) {
      throw new TaperException(ErrorCode.UNKNOWN_ROOT_KEY, untrusted(rootKeyId, block.signature()));
    }
    boolean wellFormed = false;
    for (int i = 0; i < candidates.size(); i++) {
      PublicKey candidate = candidates.get(i);
      if (block.isSignedBy(candidate, null)) {
        return i;
      }
      wellFormed |= Signatures.isWellFormed(candidate.algorithm(), block.signature());
    }
    throw failure(wellFormed, "block[0]: the signature", by(candidates, block.signature()));
  }

  private static String untrusted(OptionalInt rootKeyId, byte[] signature) {
    return (rootKeyId.isPresent()
            ? "no root key with the id "
                + Integer.toUnsignedString(rootKeyId.getAsInt())
                + ", which the token names, is trusted now"
            : "no root key is trusted now, and the token names no id of one")
        + "; it was signed with "
        + kind(signature);
  }

  private static String by(List<PublicKey> candidates, byte[] signature) {
    return ": it was made with "
        + kind(signature)
        + ", tried "
        + (candidates.size() == 1 ? "was " : "were ")
        + candidates.stream()
            .limit(MAX_NAMED)
            .map(PublicKey::toString)
            .collect(Collectors.joining(", "))
        + (candidates.size() > MAX_NAMED
            ? " and " + (candidates.size() - MAX_NAMED) + " more"
            : "");
  }

  /** What can be said about a key by its signature alone: only ECDSA's has a structure. */
  private static String kind(byte[] signature) {
    for (Algorithm algorithm : List.of(Algorithm.SECP256R1, Algorithm.ED25519)) {
      if (Signatures.isWellFormed(algorithm, signature)) {
        return "a key of " + algorithm.text();
      }
    }
    return "no key known here";
  }

  /**
   * Verifies blocks in their order, from one behind the authority block on. A third party's
   * signature comes behind that of its block.
   */
  static void verifyBlocks(List<SignedBlock> signed, int first) {
    if (first == signed.size()) {
      return;
    }
    Signatures.Batch batch = Signatures.Batch.preferred();
    boolean valid = true;
    for (int i = first; i < signed.size() && valid; i++) {
      SignedBlock block = signed.get(i);
      SignedBlock previous = signed.get(i - 1);
      valid = block.verifyIn(batch, previous.nextKey(), previous);
      SignedBlock.External external = block.external();
      if (valid && external != null) {
        byte[] message = SignaturePayloads.external(block.payload(), previous.signature());
        valid = batch.add(external.publicKey(), message, external.signature());
      }
    }
    int invalid = batch.firstInvalid();
    if (invalid >= 0) {
      throw failure(signed, first, invalid);
    }
  }

  /** What is wrong with the signature of this index, as {@link #verifyBlocks} counts them. */
  private static TaperException failure(List<SignedBlock> signed, int first, int invalid) {
    int index = first;
    int left = invalid;
    while (left > 0) {
      boolean isExternal = signed.get(index).external() != null;
      if (isExternal && left == 1) {
        return externalFailure(
            Objects.requireNonNull(signed.get(index).external()), "block[" + index + "]");
      }
      left -= isExternal ? 2 : 1;
      index++;
    }
    byte[] signature = signed.get(index).signature();
    PublicKey signer = signed.get(index - 1).nextKey();
    return failure(signer, signature, "block[" + index + "]: the signature");
  }

  /** Verifies a third party's signature. */
  static void verifyExternal(
      SignedBlock.External external, byte[] payload, byte[] previousSignature, String place) {
    byte[] message = SignaturePayloads.external(payload, previousSignature);
    byte[] signature = external.signature();
    if (!external.publicKey().verify(message, signature)) {
      throw externalFailure(external, place);
    }
  }

  private static TaperException externalFailure(SignedBlock.External external, String place) {
    return failure(external.publicKey(), external.signature(), place + ": the external signature");
  }

  /** Verifies that the end of a token, a secret or a signature, belongs to its last block. */
  static void verifyProof(SignedBlock last, TokenEnd proof) {
    if (proof instanceof TokenEnd.NextSecret next) {
      signer(next, last.nextKey());
    } else if (proof instanceof TokenEnd.FinalSignature sealed) {
      byte[] message = SignaturePayloads.seal(last.payload(), last.nextKey(), last.signature());
      byte[] signature = sealed.signature();
      if (!last.nextKey().verify(message, signature)) {
        throw failure(last.nextKey(), signature, "the final signature");
      }
    } else {
      throw new TaperException(
          ErrorCode.INVALID_PROOF,
          "this is a held token: it is of use only with a proof by its holder's key");
    }
  }

  /**
   * Returns the key that a token carries to sign its next block.
   *
   * @throws TaperException {@link ErrorCode#INVALID_PROOF} if it is not the last block's next key
   */
  static PrivateKey signer(TokenEnd.NextSecret proof, PublicKey expected) {
    PrivateKey key = key(proof, expected);
    if (key == null || !key.publicKey().equals(expected)) {
      throw new TaperException(
          ErrorCode.INVALID_PROOF, "the token's secret is not that of its last block's next key");
    }
    return key;
  }

  private static @Nullable PrivateKey key(TokenEnd.NextSecret proof, PublicKey expected) {
    byte[] secret = proof.secret().exposeCopy();
    try {
      return PrivateKey.of(expected.algorithm(), secret);
    } catch (TaperException e) {
      return null; // not the bytes of any key
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static TaperException failure(PublicKey key, byte[] signature, String place) {
    return failure(Signatures.isWellFormed(key.algorithm(), signature), place, "");
  }

  private static TaperException failure(boolean wellFormed, String place, String more) {
    return wellFormed
        ? new TaperException(ErrorCode.INVALID_SIGNATURE, place + " does not verify" + more)
        : new TaperException(ErrorCode.MALFORMED_SIGNATURE, place + " is malformed" + more);
  }
}
