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
 * A verified bearer or sealed token: all its signatures were verified up to a trusted root key, and
 * its end belongs to its last block. An authorizer decides whether it allows anything. Immutable
 * and thread-safe.
 *
 * <p>A bearer token is a secret: {@link #encode} holds all that is needed to use and extend it.
 */
public final class Token extends VerifiedChain {
  Token(TokenChain chain, VerifiedBlocks verified) {
    super(chain, verified);
  }

  /** Makes a token whose last block or seal was signed here. */
  private static Token made(TokenChain chain, PublicKey rootKey) {
    return new Token(chain, VerifiedBlocks.made(chain, rootKey));
  }

  /**
   * Makes a bearer token without a root key id.
   *
   * @param root the root key
   * @param authority what the token grants
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or a code of {@link
   *     BlockEncoder#encode}
   */
  public static Token mint(Signer root, Block authority) {
    return mint(root, authority, MintOptions.DEFAULT);
  }

  /**
   * Makes a bearer token.
   *
   * @param root the root key
   * @param authority what the token grants
   * @param options the root key id and the algorithm of the next key
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or a code of {@link
   *     BlockEncoder#encode}
   */
  public static Token mint(Signer root, Block authority, MintOptions options) {
    return mint(root, authority, options, KeySource.RANDOM);
  }

  static Token mint(Signer root, Block authority, MintOptions options, KeySource keys) {
    TokenChain.Next next = TokenChain.Next.bearer(keys, options.nextKeyAlgorithm());
    TokenChain chain = TokenChain.mint(options.rootKeyId(), authority, root, next, 0);
    return made(chain, root.publicKey());
  }

  /**
   * Returns the token narrowed by one more block, whose next key is an Ed25519 key.
   *
   * @param block what is added
   * @throws TaperException {@link ErrorCode#SEALED}, or a code of {@link BlockEncoder#encode}
   */
  public Token attenuate(Block block) {
    return attenuate(block, Algorithm.ED25519);
  }

  /**
   * Returns the token narrowed by one more block.
   *
   * @param block what is added
   * @param nextKeyAlgorithm the algorithm of the throw-away key for the block after it
   * @throws TaperException {@link ErrorCode#SEALED}, or a code of {@link BlockEncoder#encode}
   */
  public Token attenuate(Block block, Algorithm nextKeyAlgorithm) {
    return attenuate(block, nextKeyAlgorithm, KeySource.RANDOM);
  }

  Token attenuate(Block block, Algorithm nextKeyAlgorithm, KeySource keys) {
    Signer signer = chain().bearerKey();
    TokenChain.Next next = TokenChain.Next.bearer(keys, nextKeyAlgorithm);
    return made(chain().append(block, signer, next, 0), rootKey());
  }

  /**
   * Returns the token with a third party's block, after verifying the block's signature.
   *
   * @param block the block that the third party signed for this token's {@link #thirdPartyRequest}
   * @throws TaperException {@link ErrorCode#SEALED}; {@link ErrorCode#INVALID_SIGNATURE} or {@link
   *     ErrorCode#MALFORMED_SIGNATURE} if it was not made for this token, or not by the key that it
   *     names; {@link ErrorCode#MALFORMED_BLOCK} or another code of {@link
   *     dev.taper.wire.BlockDecoder#decode}
   */
  public Token append(ThirdPartyBlock block) {
    return append(block, KeySource.RANDOM);
  }

  Token append(ThirdPartyBlock block, KeySource keys) {
    Signer signer = chain().bearerKey();
    TokenChain.Next next = TokenChain.Next.bearer(keys, Algorithm.ED25519);
    return made(chain().append(block, signer, next), rootKey());
  }

  /**
   * Returns the token sealed: it can no longer be extended.
   *
   * @throws TaperException {@link ErrorCode#SEALED} if it is sealed already
   */
  public Token seal() {
    return made(chain().seal(chain().bearerKey()), rootKey());
  }

  /**
   * Options for making a token.
   *
   * @param rootKeyId a hint for choosing the root key, an unsigned number; it is not signed
   * @param nextKeyAlgorithm the algorithm of the throw-away key for the next block
   */
  public record MintOptions(OptionalInt rootKeyId, Algorithm nextKeyAlgorithm) {
    /** The default options: no root key id; the next key is an Ed25519 key. */
    public static final MintOptions DEFAULT =
        new MintOptions(OptionalInt.empty(), Algorithm.ED25519);

    /** Returns these options with a root key id, an unsigned number. */
    public MintOptions withRootKeyId(int id) {
      return new MintOptions(OptionalInt.of(id), nextKeyAlgorithm);
    }

    /** Returns these options with another algorithm. */
    public MintOptions withNextKeyAlgorithm(Algorithm algorithm) {
      return new MintOptions(rootKeyId, algorithm);
    }
  }

  /** The kind of a token: how it ends, and so who can use and extend it. */
  public enum Kind {
    /** The token ends with nothing: only its holder can use it, with a proof, and extend it. */
    HELD("held"),
    /**
     * The token ends with the secret of its next key: everybody who has it can use and extend it.
     */
    BEARER("bearer"),
    /**
     * The token ends with a final signature: everybody who has it can use it, and nobody can extend
     * it.
     */
    SEALED("sealed");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind as it stands in {@code presented} facts, records and options. */
    public String text() {
      return text;
    }
  }
}
