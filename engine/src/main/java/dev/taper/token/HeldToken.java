package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockEncoder;
import java.util.OptionalInt;

/**
 * A token whose next key is its holder's own: the signatures of its blocks were verified up to a
 * trusted root key, but <em>nobody has shown yet to be its holder</em>. It must not be acted upon
 * without a proof by {@link #holderKey}. Immutable and thread-safe.
 *
 * <p>Its signatures are of version 1, which covers the signature before: a holder uses one key for
 * many tokens, and none of its blocks can be moved from one to another.
 */
public final class HeldToken extends VerifiedChain {
  HeldToken(TokenChain chain, PublicKey rootKey) {
    super(chain, rootKey);
  }

  /**
   * Makes a held token.
   *
   * @param root the root key
   * @param authority what the token grants
   * @param holder whose token it is
   * @param rootKeyId a hint for choosing the root key, an unsigned number; it is not signed
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or a code of {@link
   *     BlockEncoder#encode}
   */
  public static HeldToken mint(
      Signer root, Block authority, PublicKey holder, OptionalInt rootKeyId) {
    TokenChain.Next next = TokenChain.Next.held(holder);
    return new HeldToken(TokenChain.mint(rootKeyId, authority, root, next, 1), root.publicKey());
  }

  /** The key whose holder can use and extend the token. */
  public PublicKey holderKey() {
    return chain().last().nextKey();
  }

  /**
   * The token handed on.
   *
   * @param block what is added
   * @param holder the holder's key
   * @param next whose token the new one is
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the signer is not {@link
   *     #holderKey}; {@link ErrorCode#SIGNING_FAILED}; or a code of {@link BlockEncoder#encode}
   */
  public HeldToken append(Block block, Signer holder, PublicKey next) {
    return new HeldToken(chain().append(block, holder, TokenChain.Next.held(next), 1), rootKey());
  }

  /**
   * The token with a third party's block, whose signature is verified before; the holder stays.
   *
   * @param block what the third party made of this token's {@link #thirdPartyRequest}
   * @param holder the holder's key
   * @throws TaperException as {@link Token#append}, or {@link ErrorCode#INVALID_ARGUMENT} if the
   *     signer is not {@link #holderKey}
   */
  public HeldToken append(ThirdPartyBlock block, Signer holder) {
    return new HeldToken(
        chain().append(block, holder, TokenChain.Next.held(holderKey())), rootKey());
  }

  /**
   * A bearer token that carries on this one: its next key is a throw-away key. There is no way
   * back.
   *
   * @param block what is added
   * @param holder the holder's key
   * @throws TaperException as {@link #append(Block, Signer, PublicKey)}
   */
  public Token appendBearer(Block block, Signer holder) {
    TokenChain.Next next = TokenChain.Next.bearer(KeySource.RANDOM, Algorithm.ED25519);
    return new Token(chain().append(block, holder, next, 1), rootKey());
  }

  /**
   * A sealed token of the same blocks, which every Biscuit library verifies, and which whoever has
   * it can use.
   *
   * @param holder the holder's key
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the signer is not {@link
   *     #holderKey}, {@link ErrorCode#SIGNING_FAILED}
   */
  public Token seal(Signer holder) {
    return new Token(chain().seal(holder), rootKey());
  }
}
