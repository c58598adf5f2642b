package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockEncoder;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A token whose next key is its holder's own. The signatures of its blocks were verified up to a
 * trusted root key, but <em>nobody has yet proven to be its holder</em>. It must not be acted upon
 * without a proof by {@link #holderKey}. Immutable and thread-safe.
 *
 * <p>Its signatures are of version 1, which covers the signature before. So a holder can use one
 * key for many tokens, and no block can be moved from one token to another. It is handed on through
 * {@link #unverified}, which takes the holder's key.
 */
public final class HeldToken extends VerifiedChain {
  /** The first block whose signature was verified for this object; others were known. */
  private final int firstNew;

  HeldToken(TokenChain chain, VerifiedBlocks verified, int firstNew) {
    super(chain, verified);
    this.firstNew = firstNew;
  }

  /**
   * Makes a held token.
   *
   * @param root the root key
   * @param authority what the token grants
   * @param holder the key of the token's holder
   * @param rootKeyId a hint for choosing the root key, an unsigned number; it is not signed
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or a code of {@link
   *     BlockEncoder#encode}
   */
  public static HeldToken mint(
      Signer root, Block authority, PublicKey holder, OptionalInt rootKeyId) {
    TokenChain.Next next = TokenChain.Next.held(holder);
    TokenChain chain = TokenChain.mint(rootKeyId, authority, root, next, 1);
    VerifiedBlocks made = VerifiedBlocks.made(chain, root.publicKey());
    return new HeldToken(chain, made, made.size());
  }

  /** The key whose holder can use and extend the token. */
  public PublicKey holderKey() {
    return chain().last().nextKey();
  }

  /** The SHA-256 digest of {@link #lastSignature}, by which proofs name the token; a copy. */
  public byte[] stateDigest() {
    return verified().stateDigest().clone();
  }

  /**
   * Takes note that a call with this token and a proof was allowed, so that {@link KnownKeys}
   * verify the signatures of keys that are of use again and again. It counts once for each key of
   * which a signature was verified: the proof's, and those of blocks that no cache knew. A holder
   * who signs many blocks of one chain does not thereby make many calls.
   *
   * @param delegator for whom the call was made
   */
  public void countAllowed(String delegator) {
    VerifiedBlocks blocks = verified();
    if (firstNew == blocks.size()) {
      KnownKeys.allowed(delegator, List.of(holderKey()));
      return;
    }
    Set<PublicKey> keys = new HashSet<>();
    keys.add(holderKey());
    for (int i = firstNew; i < blocks.size(); i++) {
      keys.add(i == 0 ? rootKey() : blocks.block(i - 1).signed().nextKey());
    }
    KnownKeys.allowed(delegator, keys);
  }
}
