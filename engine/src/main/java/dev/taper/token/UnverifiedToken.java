package dev.taper.token;

import dev.taper.CheckReturnValue;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockEncoder;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A token that is not verified: it can be inspected, narrowed and forwarded, but nothing that it
 * says can be believed. Immutable and thread-safe.
 */
public final class UnverifiedToken {
  private static final String PREFIX = "biscuit:";

  private final TokenChain chain;

  UnverifiedToken(TokenChain chain) {
    this.chain = chain;
  }

  /**
   * Reads a token within the {@linkplain DecodeLimits#DEFAULT default limits}.
   *
   * @throws TaperException as {@link #decode(byte[], DecodeLimits)}
   */
  public static UnverifiedToken decode(byte[] bytes) {
    return decode(bytes, DecodeLimits.DEFAULT);
  }

  /**
   * Reads a token's envelope. The blocks themselves are read when they are needed.
   *
   * @param bytes the token
   * @param limits what is taken at most
   * @throws TaperException {@link ErrorCode#MALFORMED_TOKEN}; {@link ErrorCode#UNSUPPORTED_VERSION}
   *     for a signature version that is unknown, or too old for a third-party block; {@link
   *     ErrorCode#INVALID_KEY}; {@link ErrorCode#DECODE_LIMIT}
   */
  public static UnverifiedToken decode(byte[] bytes, DecodeLimits limits) {
    return new UnverifiedToken(TokenChain.decode(bytes, limits));
  }

  /**
   * Reads a token in base64url within the {@linkplain DecodeLimits#DEFAULT default limits}.
   *
   * @throws TaperException as {@link #decode(String, DecodeLimits)}
   */
  public static UnverifiedToken decode(String text) {
    return decode(text, DecodeLimits.DEFAULT);
  }

  /**
   * Reads a token in base64url, with or without padding, and with or without the prefix {@code
   * biscuit:} that the specification puts before a token where the context does not show that it is
   * one. White space is refused.
   *
   * @param text the token
   * @param limits what is taken at most
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #decode(byte[],
   *     DecodeLimits)}
   */
  public static UnverifiedToken decode(String text, DecodeLimits limits) {
    return new UnverifiedToken(TokenChain.decodeOwn(bytes(text, limits), limits));
  }

  /** The bytes of a token in base64url. */
  static byte[] bytes(@Nullable String text, DecodeLimits limits) {
    if (text == null) {
      throw TokenMistakes.missing();
    }
    String base64 = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
    try {
      return Base64Url.decode(base64, limits.maxBytes());
    } catch (TaperException e) {
      throw TokenMistakes.ofText(text, e);
    }
  }

  /**
   * Verifies the token: its signatures from a trusted root key to its last block, and its end. Only
   * after that are its blocks read.
   *
   * @param rootKeys which root keys may have signed it
   * @throws TaperException {@link ErrorCode#UNKNOWN_ROOT_KEY}, {@link ErrorCode#INVALID_SIGNATURE},
   *     {@link ErrorCode#MALFORMED_SIGNATURE}, {@link ErrorCode#INVALID_PROOF} (also for a held
   *     token), or a code of {@link dev.taper.wire.BlockDecoder#decode}
   */
  @CheckReturnValue
  public Token verify(RootKeys rootKeys) {
    List<PublicKey> candidates = rootKeys.candidates(rootKeyId());
    return new Token(chain, ChainVerifier.verify(chain, candidates, null, false, null));
  }

  /**
   * Verifies the token by one root key, whatever its root key id.
   *
   * @throws TaperException as {@link #verify(RootKeys)}
   */
  @CheckReturnValue
  public Token verify(PublicKey rootKey) {
    return verify(RootKeys.of(rootKey));
  }

  /**
   * Verifies the signatures of a held token. The result does not say who uses it.
   *
   * @param rootKeys which root keys may have signed it
   * @throws TaperException {@link ErrorCode#INVALID_PROOF} if it is not a held token, or as {@link
   *     #verify(RootKeys)}
   */
  @CheckReturnValue
  public HeldToken verifyHeld(RootKeys rootKeys) {
    ChainVerifier.requireHeld(kind());
    List<PublicKey> candidates = rootKeys.candidates(rootKeyId());
    return new HeldToken(chain, ChainVerifier.verify(chain, candidates, null, true, null), 0);
  }

  /** Verifies a token of any kind, as {@link #verify} or {@link #verifyHeld} does. */
  @CheckReturnValue
  public VerifiedChain verifyAny(RootKeys rootKeys) {
    return kind() == Token.Kind.HELD ? verifyHeld(rootKeys) : verify(rootKeys);
  }

  /**
   * Verifies a token of any kind, as {@link #verifyAny(RootKeys)}.
   *
   * @param check looks at the first block before other signatures are verified
   */
  @CheckReturnValue
  public VerifiedChain verifyAny(RootKeys rootKeys, VerifiedChain.FirstBlockCheck check) {
    boolean isHeld = kind() == Token.Kind.HELD;
    List<PublicKey> candidates = rootKeys.candidates(rootKeyId());
    VerifiedBlocks blocks = ChainVerifier.verify(chain, candidates, null, isHeld, check);
    return isHeld ? new HeldToken(chain, blocks, 0) : new Token(chain, blocks);
  }

  /**
   * Verifies the signatures of all blocks but the first, whose signer nobody knows without a root
   * key. So they were added by those to whom the first block was given, whoever gave it; what the
   * token says is as unverified as before.
   *
   * @throws TaperException {@link ErrorCode#INVALID_SIGNATURE} or {@link
   *     ErrorCode#MALFORMED_SIGNATURE}
   */
  public void verifyAfterFirstBlock() {
    ChainVerifier.verifyBlocks(chain.raw().blocks(), 1);
  }

  TokenChain chain() {
    return chain;
  }

  /** The hint for choosing the root key, an unsigned number. */
  public OptionalInt rootKeyId() {
    return chain.raw().rootKeyId();
  }

  /** The token kind, which says who can use and extend the token. */
  public Token.Kind kind() {
    return chain.kind();
  }

  /** True if the token cannot be extended. */
  public boolean isSealed() {
    return kind() == Token.Kind.SEALED;
  }

  /** The number of blocks, the authority block included. */
  public int blockCount() {
    return chain.raw().blocks().size();
  }

  /**
   * Reads the blocks' contents, the authority block first.
   *
   * @throws TaperException a code of {@link dev.taper.wire.BlockDecoder#decode}
   */
  public List<Block.Decoded> blocks() {
    return chain.blocks();
  }

  /** Lists, for each block, the key that signs the block after it. */
  public List<PublicKey> nextKeys() {
    return chain.nextKeys();
  }

  /** Lists, for each block, the version of its signature's payload: 0 or 1. */
  public List<Integer> signatureVersions() {
    return chain.signatureVersions();
  }

  /**
   * Lists each block's signature, which is its revocation identifier in the Biscuit specification.
   */
  public List<byte[]> revocationIds() {
    return chain.revocationIds();
  }

  /** Lists, for each block, the number of bytes of its contents, without signatures and keys. */
  public List<Integer> payloadSizes() {
    return chain.payloadSizes();
  }

  /**
   * Returns the SHA-256 digest of the first block as it was received, with its signature and the
   * key of the block after it: the same for all tokens that were made from one.
   */
  public byte[] firstBlockDigest() {
    return Digests.sha256().digest(chain.raw().blocks().get(0).encoded());
  }

  /**
   * Returns how many first blocks two tokens share, byte for byte. A token made from another one
   * shares all blocks of that one.
   */
  public int sharedBlocks(UnverifiedToken other) {
    return chain.sharedBlocks(other.chain);
  }

  /**
   * Returns the token narrowed by one more block.
   *
   * @param block what is added
   * @throws TaperException {@link ErrorCode#SEALED}; {@link ErrorCode#INVALID_PROOF} if the token
   *     is held, or its secret is not that of its last block's next key; a code of {@link
   *     dev.taper.wire.BlockDecoder#decode} or {@link BlockEncoder#encode}
   */
  public UnverifiedToken attenuate(Block block) {
    Signer signer = chain.bearerKey();
    TokenChain.Next next = TokenChain.Next.bearer(KeySource.RANDOM, Algorithm.ED25519);
    return new UnverifiedToken(chain.append(block, signer, next, 0));
  }

  /**
   * Returns the token with a third party's block, after verifying the block's signature.
   *
   * @param block the block that the third party signed for this token's {@link #thirdPartyRequest}
   * @throws TaperException as {@link Token#append}, or {@link ErrorCode#INVALID_PROOF} if the token
   *     is held, or its secret is not that of its last block's next key
   */
  public UnverifiedToken append(ThirdPartyBlock block) {
    Signer signer = chain.bearerKey();
    TokenChain.Next next = TokenChain.Next.bearer(KeySource.RANDOM, Algorithm.ED25519);
    return new UnverifiedToken(chain.append(block, signer, next));
  }

  /**
   * Returns the token sealed: it can no longer be extended.
   *
   * @throws TaperException {@link ErrorCode#SEALED} if it is sealed already; {@link
   *     ErrorCode#INVALID_PROOF} if the token is held, or its secret is not that of its last
   *     block's next key
   */
  public UnverifiedToken seal() {
    return new UnverifiedToken(chain.seal(chain.bearerKey()));
  }

  /**
   * The key that signs the next block; for a held token, its holder's. It is as unverified as the
   * rest.
   */
  public PublicKey holderKey() {
    return chain.last().nextKey();
  }

  /**
   * Hands on a held token, or narrows it for its own holder.
   *
   * @param block what is added
   * @param holder the holder's key
   * @param next the key of the new token's holder; the present holder's own key to keep it
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held or the
   *     signer is not its holder; {@link ErrorCode#SIGNING_FAILED}; or a code of {@link
   *     BlockEncoder#encode}
   */
  public UnverifiedToken delegate(Block block, Signer holder, PublicKey next) {
    requireHeld();
    return new UnverifiedToken(chain.append(block, holder, TokenChain.Next.held(next), 1));
  }

  /**
   * Extends a held token into a bearer token, whose next key is a throw-away key. There is no way
   * back.
   *
   * @param block what is added
   * @param holder the holder's key
   * @throws TaperException as {@link #delegate}
   */
  public UnverifiedToken delegateToBearer(Block block, Signer holder) {
    requireHeld();
    TokenChain.Next next = TokenChain.Next.bearer(KeySource.RANDOM, Algorithm.ED25519);
    return new UnverifiedToken(chain.append(block, holder, next, 1));
  }

  /**
   * Returns a held token with a third party's block, after verifying its signature; the holder
   * stays.
   *
   * @param block the block that the third party signed for this token's {@link #thirdPartyRequest}
   * @param holder the holder's key
   * @throws TaperException as {@link #delegate}, or as {@link Token#append}
   */
  public UnverifiedToken append(ThirdPartyBlock block, Signer holder) {
    requireHeld();
    return new UnverifiedToken(chain.append(block, holder, TokenChain.Next.held(holderKey())));
  }

  /**
   * Seals a held token by its holder: every Biscuit library verifies it, and everybody who has it
   * can use it.
   *
   * @param holder the holder's key
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held or the
   *     signer is not its holder; {@link ErrorCode#SIGNING_FAILED}
   */
  public UnverifiedToken seal(Signer holder) {
    requireHeld();
    return new UnverifiedToken(chain.seal(holder));
  }

  private void requireHeld() {
    if (kind() != Token.Kind.HELD) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the token is not a held one");
    }
  }

  /**
   * Makes a request for a block by a third party, to be appended to exactly this token.
   *
   * @throws TaperException {@link ErrorCode#SEALED} if the token is sealed
   */
  public ThirdPartyBlock.Request thirdPartyRequest() {
    return chain.thirdPartyRequest();
  }

  /** The token's bytes: those received, if it was received. */
  public byte[] encode() {
    return chain.raw().encode();
  }

  /** The token as base64url with padding, without a prefix. */
  public String encodeBase64() {
    return Base64Url.encode(encode());
  }

  /** Returns kind and size, and nothing of the content. */
  @Override
  public String toString() {
    return "UnverifiedToken(" + kind() + ", " + blockCount() + " blocks)";
  }
}
