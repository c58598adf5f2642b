package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A verified token of any kind: every signature was verified, from a trusted root key to the last
 * block, and every block was decoded. Immutable and thread-safe.
 */
public abstract sealed class VerifiedChain extends VerifiedState permits Token, HeldToken {
  /**
   * Looks at a token's first block when its signature was verified, and before any other signature
   * costs anything. It refuses by an exception of its own, which whoever verifies gets.
   */
  @FunctionalInterface
  public interface FirstBlockCheck {
    /**
     * Returns if the token's other blocks are worth verifying.
     *
     * @param firstBlock the first block alone, of the token's {@link VerifiedChain#kind}. What the
     *     token's other blocks narrow is not in it: it may be a reason to refuse the token, and
     *     never one to allow anything.
     */
    void check(VerifiedChain firstBlock);
  }

  VerifiedChain(TokenChain chain, VerifiedBlocks verified) {
    super(chain, verified);
  }

  /** The root key that signed the authority block. */
  public final PublicKey rootKey() {
    return verified().rootKey();
  }

  /** The hint for choosing the root key, an unsigned number; it is not signed. */
  public final OptionalInt rootKeyId() {
    return chain().raw().rootKeyId();
  }

  /** The token kind, which says who can use and extend the token. */
  public final Token.Kind kind() {
    return chain().kind();
  }

  /**
   * The first block alone, as {@link FirstBlockCheck#check} gets it: a reason to refuse the token
   * may be in it, and never one to allow anything.
   */
  public final VerifiedChain firstBlock() {
    return ChainVerifier.firstBlock(chain(), verified().first(1));
  }

  /** The blocks' contents, the authority block first. */
  public final List<Block.Decoded> blocks() {
    return verified().decoded();
  }

  /**
   * Lists, for each block, the key of the third party that signed it; null for a first-party block.
   */
  public final List<@Nullable PublicKey> externalKeys() {
    return verified().externalKeys();
  }

  /** Lists, for each block, the key that signs the block after it. */
  public final List<PublicKey> nextKeys() {
    return chain().nextKeys();
  }

  /** Lists, for each block, the version of its signature's payload: 0 or 1. */
  public final List<Integer> signatureVersions() {
    return chain().signatureVersions();
  }

  /** Returns this token in the form in which its holder can hand it on. */
  public final UnverifiedToken unverified() {
    return new UnverifiedToken(chain());
  }

  /**
   * Lists each block's signature, which is its revocation identifier in the Biscuit specification.
   */
  public final List<byte[]> revocationIds() {
    return chain().revocationIds();
  }

  /** The signature of the last block, which stands for the token's state; a copy. */
  public final byte[] lastSignature() {
    return verified().last().signature();
  }

  /**
   * Lists, for each block, the bytes to revoke it by: its signature, in the one form that all
   * equivalent ECDSA signatures share. So a revoked block cannot return in another form.
   */
  public final List<byte[]> revocationKeys() {
    return verified().revocationKeys();
  }

  /**
   * Makes a request for a block by a third party, to be appended to exactly this token.
   *
   * @throws TaperException {@link ErrorCode#SEALED} if the token is sealed
   */
  public final ThirdPartyBlock.Request thirdPartyRequest() {
    return chain().thirdPartyRequest();
  }

  /**
   * Returns what a reader makes of this token, made once for as long as the token is cached. The
   * result may depend on the {@link #kind}, but on nothing else of the token's end, and must keep
   * neither the token nor a secret.
   *
   * @param type the type of the result; each type has one reader
   * @param reader makes the result; its exceptions are passed on, and nothing is remembered then
   */
  public final <T> T reading(Class<T> type, Function<VerifiedChain, T> reader) {
    return verified().reading(type, this, reader);
  }

  /** The token's bytes: those received, if it was received. */
  public final byte[] encode() {
    return chain().raw().encode();
  }

  /** The token as base64url with padding, without a prefix. */
  public final String encodeBase64() {
    return Base64Url.encode(encode());
  }

  /** Returns kind, size and root key; nothing that would be of use to a thief. */
  @Override
  public final String toString() {
    return getClass().getSimpleName()
        + "("
        + kind()
        + ", "
        + blocks().size()
        + " blocks, root "
        + rootKey()
        + ")";
  }
}
