package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.wire.DecodedBlock;
import dev.taper.wire.SignedBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What verified tokens have in common: every signature was verified, from a trusted root key to the
 * last block, and every block was decoded. Immutable and thread-safe.
 */
public abstract sealed class VerifiedChain permits Token, HeldToken {
  private final TokenChain chain;
  private final PublicKey rootKey;
  private volatile @Nullable TokenProgram program;

  VerifiedChain(TokenChain chain, PublicKey rootKey) {
    this.chain = chain;
    this.rootKey = rootKey;
    chain.blocks(); // a token with a block that cannot be decoded is no token
  }

  /** The root key that signed the authority block. */
  public final PublicKey rootKey() {
    return rootKey;
  }

  /** The hint for choosing the root key, an unsigned number; it is not signed. */
  public final OptionalInt rootKeyId() {
    return chain.raw().rootKeyId();
  }

  /** Who can use and extend the token. */
  public final TokenKind kind() {
    return chain.kind();
  }

  /** The blocks' contents, the authority block first. */
  public final List<DecodedBlock> blocks() {
    return chain.blocks();
  }

  /** For each block, the key of the third party that signed it, or null for a first-party block. */
  public final List<@Nullable PublicKey> externalKeys() {
    List<@Nullable PublicKey> keys = new ArrayList<>();
    for (SignedBlock block : chain.raw().blocks()) {
      keys.add(block.externalKey());
    }
    return Collections.unmodifiableList(keys);
  }

  /** For each block, the key that signs the block after it. */
  public final List<PublicKey> nextKeys() {
    return chain.nextKeys();
  }

  /** For each block, the version of its signature's payload: 0, or 1. */
  public final List<Integer> signatureVersions() {
    return chain.signatureVersions();
  }

  /** The same token, to be handed on by its holder. */
  public final UnverifiedToken unverified() {
    return new UnverifiedToken(chain);
  }

  /** For each block, its signature: the revocation identifier of the Biscuit specification. */
  public final List<byte[]> revocationIds() {
    return chain.revocationIds();
  }

  /**
   * For each block, the bytes to revoke it by: its signature, in the one form that all ECDSA
   * signatures equivalent to it share, so that a revoked block does not return in another form.
   */
  public final List<byte[]> revocationKeys() {
    List<byte[]> keys = new ArrayList<>();
    PublicKey signer = rootKey;
    for (SignedBlock block : chain.raw().blocks()) {
      keys.add(Signatures.revocationKey(signer.algorithm(), block.signature()));
      signer = block.nextKey();
    }
    return Collections.unmodifiableList(keys);
  }

  /**
   * A request for a block by a third party, to be appended to exactly this token.
   *
   * @throws TaperException {@link ErrorCode#SEALED} if the token is sealed
   */
  public final ThirdPartyRequest thirdPartyRequest() {
    return chain.thirdPartyRequest();
  }

  /**
   * The token's blocks, ready to be evaluated; compiled at the first call.
   *
   * @throws TaperException {@link ErrorCode#INVALID_BLOCK_RULE} if a block has a rule with a head
   *     variable that its body does not bind
   */
  public final TokenProgram program() {
    TokenProgram compiled = program;
    if (compiled == null) {
      synchronized (this) {
        compiled = program;
        if (compiled == null) {
          compiled = compile();
          program = compiled;
        }
      }
    }
    return compiled;
  }

  private TokenProgram compile() {
    List<BlockProgram> programs = new ArrayList<>();
    for (DecodedBlock block : blocks()) {
      programs.add(BlockProgram.compile(block.block()));
    }
    return TokenProgram.link(programs, externalKeys());
  }

  /** The token's bytes: those received, if it was. */
  public final byte[] encode() {
    return chain.raw().encode();
  }

  /** The token as base64url with padding, without a prefix. */
  public final String encodeBase64() {
    return Base64Url.encode(encode());
  }

  /** Kind, size and root key; nothing that would be of use to a thief. */
  @Override
  public final String toString() {
    return getClass().getSimpleName()
        + "("
        + kind()
        + ", "
        + blocks().size()
        + " blocks, root "
        + rootKey
        + ")";
  }

  final TokenChain chain() {
    return chain;
  }
}
