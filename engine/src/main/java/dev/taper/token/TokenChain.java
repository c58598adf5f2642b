package dev.taper.token;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.BlockVersions;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignaturePayloads;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A token's envelope together with its blocks, and the ways it grows. It knows nothing of trust:
 * the code that has one knows whether its signatures were verified. Immutable and thread-safe.
 */
final class TokenChain {
  private final RawToken raw;
  private final DecodeLimits limits;
  // The first use fills it; a race only decodes twice.
  private volatile @Nullable List<Block.Decoded> decoded;

  private TokenChain(RawToken raw, DecodeLimits limits, @Nullable List<Block.Decoded> decoded) {
    this.raw = raw;
    this.limits = limits;
    this.decoded = decoded;
  }

  /** Reads a token, and checks what can be checked without a key. */
  static TokenChain decode(byte[] bytes, DecodeLimits limits) {
    try {
      return of(RawToken.decode(bytes, limits), limits);
    } catch (TaperException e) {
      throw TokenMistakes.ofBytes(bytes, e);
    }
  }

  /** Reads a token from an array that nobody else has, without copying it. */
  static TokenChain decodeOwn(byte[] bytes, DecodeLimits limits) {
    try {
      return of(RawToken.decodeOwn(bytes, limits), limits);
    } catch (TaperException e) {
      throw TokenMistakes.ofBytes(bytes, e);
    }
  }

  private static TokenChain of(RawToken raw, DecodeLimits limits) {
    List<SignedBlock> blocks = raw.blocks();
    if (blocks.get(0).external() != null) {
      throw new TaperException(
          ErrorCode.MALFORMED_TOKEN, "block[0]: the authority block has an external signature");
    }
    for (int i = 1; i < blocks.size(); i++) {
      if (blocks.get(i).external() != null && blocks.get(i).version() != 1) {
        throw new TaperException(
            ErrorCode.UNSUPPORTED_VERSION,
            "block[" + i + "]: a third-party block needs signature version 1");
      }
    }
    return new TokenChain(raw, limits, null);
  }

  /**
   * Signs a first block.
   *
   * @param rootKeyId the hint for choosing the root key
   * @param authority the contents of the block
   * @param root the root key
   * @param next who signs the next block, and how the token ends until then
   * @param minVersion the signature version to use at least
   */
  static TokenChain mint(
      OptionalInt rootKeyId, Block authority, Signer root, Next next, int minVersion) {
    byte[] payload = BlockEncoder.encode(authority, new TokenTables());
    return extend(
        rootKeyId,
        List.of(),
        List.of(),
        new TokenTables(),
        DecodeLimits.DEFAULT,
        payload,
        null,
        root,
        next,
        minVersion);
  }

  /**
   * Adds and signs a first-party block.
   *
   * @param block the contents of the block
   * @param signer the last block's next key
   * @param next who signs the next block, and how the token ends until then
   * @param minVersion the signature version to use at least
   */
  TokenChain append(Block block, Signer signer, Next next, int minVersion) {
    TokenTables tables = TokenTables.after(blocks());
    byte[] payload = BlockEncoder.encode(block, tables.copy());
    return append(payload, null, tables, signer, next, minVersion);
  }

  /** Adds and signs a third party's block, after verifying its own signature. */
  TokenChain append(ThirdPartyBlock block, Signer signer, Next next) {
    byte[] payload = block.payload();
    ChainVerifier.verifyExternal(
        block.external(), payload, last().signature(), "the third-party block");
    return append(payload, block.external(), new TokenTables(), signer, next, 1);
  }

  private TokenChain append(
      byte[] payload,
      SignedBlock.@Nullable External external,
      TokenTables tables,
      Signer signer,
      Next next,
      int minVersion) {
    requireSigner(signer);
    return extend(
        raw.rootKeyId(),
        raw.blocks(),
        blocks(),
        tables,
        limits,
        payload,
        external,
        signer,
        next,
        minVersion);
  }

  private void requireSigner(Signer signer) {
    PublicKey given = signer.publicKey();
    if (!given.equals(last().nextKey())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the signer is not the next key of the token's last block: that is "
              + last().nextKey()
              + ", the given one is "
              + given);
    }
  }

  /**
   * Signs a block. Every block is signed here, and the result can be read back.
   *
   * @param tables the tables after the known blocks, if the new one shares them
   */
  private static TokenChain extend(
      OptionalInt rootKeyId,
      List<SignedBlock> signed,
      List<Block.Decoded> known,
      TokenTables tables,
      DecodeLimits limits,
      byte[] payload,
      SignedBlock.@Nullable External external,
      Signer signer,
      Next next,
      int minVersion) {
    int index = signed.size();
    if (index >= limits.maxBlocks()) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT, "a token has at most " + limits.maxBlocks() + " blocks");
    }
    Block.Decoded block =
        BlockDecoder.decode(
            payload, index, external == null ? null : external.publicKey(), tables, limits);
    int version = minVersion;
    if (block.version() >= BlockVersions.NEWEST
        || external != null
        || signer.publicKey().algorithm() != Algorithm.ED25519
        || next.key().algorithm() != Algorithm.ED25519) {
      version = 1;
    }
    for (SignedBlock earlier : signed) {
      version = Math.max(version, earlier.version());
    }
    byte[] message =
        SignaturePayloads.block(
            version,
            payload,
            next.key(),
            index == 0 ? null : signed.get(index - 1).signature(),
            external == null ? null : external.signature());
    List<SignedBlock> blocks = new ArrayList<>(signed);
    blocks.add(SignedBlock.of(payload, next.key(), signer.sign(message), external, version));
    List<Block.Decoded> decoded = new ArrayList<>(known);
    decoded.add(block);
    return of(RawToken.of(rootKeyId, blocks, next.proof()), limits, decoded);
  }

  /** Signs the end, with the last block's next key. */
  TokenChain seal(Signer signer) {
    SignedBlock last = last();
    requireSigner(signer);
    byte[] message = SignaturePayloads.seal(last.payload(), last.nextKey(), last.signature());
    TokenEnd proof = new TokenEnd.FinalSignature(signer.sign(message));
    return of(RawToken.of(raw.rootKeyId(), raw.blocks(), proof), limits, blocks());
  }

  /** The same token without what follows its first block; only its kind is that of the token. */
  TokenChain first() {
    return new TokenChain(raw.first(), limits, null);
  }

  /** Makes a token that came again, whose blocks are known. */
  static TokenChain recalled(RawToken raw, DecodeLimits limits, List<Block.Decoded> decoded) {
    return new TokenChain(raw, limits, decoded);
  }

  private static TokenChain of(RawToken raw, DecodeLimits limits, List<Block.Decoded> decoded) {
    if (raw.size() > limits.maxBytes()) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT,
          "the token has " + raw.size() + " bytes, the limit is " + limits.maxBytes());
    }
    return new TokenChain(raw, limits, List.copyOf(decoded));
  }

  /**
   * Returns the key that a bearer token carries for signing its next block.
   *
   * @throws TaperException {@link ErrorCode#SEALED}, or {@link ErrorCode#INVALID_PROOF} if the
   *     token is held or its secret is not that of its last block's next key
   */
  Signer bearerKey() {
    return switch (kind()) {
      case SEALED ->
          throw new TaperException(ErrorCode.SEALED, "a sealed token cannot be extended");
      case HELD ->
          throw new TaperException(
              ErrorCode.INVALID_PROOF, "a held token can be extended only with its holder's key");
      case BEARER -> ChainVerifier.signer((TokenEnd.NextSecret) raw.proof(), last().nextKey());
    };
  }

  Token.Kind kind() {
    if (raw.proof() instanceof TokenEnd.NextSecret) {
      return Token.Kind.BEARER;
    }
    return raw.proof() instanceof TokenEnd.Held ? Token.Kind.HELD : Token.Kind.SEALED;
  }

  RawToken raw() {
    return raw;
  }

  DecodeLimits limits() {
    return limits;
  }

  SignedBlock last() {
    return raw.blocks().get(raw.blocks().size() - 1);
  }

  /** The blocks' contents, decoded at the first call. */
  List<Block.Decoded> blocks() {
    return blocks(List.of());
  }

  /**
   * The blocks' contents, decoded at the first call.
   *
   * @param first the contents of the first blocks, as far as they are known
   */
  List<Block.Decoded> blocks(List<Block.Decoded> first) {
    List<Block.Decoded> known = decoded;
    if (known == null) {
      known = BlockDecoder.decode(raw.blocks(), first, limits);
      decoded = known;
    }
    return known;
  }

  List<PublicKey> nextKeys() {
    List<PublicKey> keys = new ArrayList<>(raw.blocks().size());
    for (SignedBlock block : raw.blocks()) {
      keys.add(block.nextKey());
    }
    return Collections.unmodifiableList(keys);
  }

  List<Integer> signatureVersions() {
    List<Integer> versions = new ArrayList<>(raw.blocks().size());
    for (SignedBlock block : raw.blocks()) {
      versions.add(block.version());
    }
    return Collections.unmodifiableList(versions);
  }

  List<byte[]> revocationIds() {
    List<byte[]> ids = new ArrayList<>(raw.blocks().size());
    for (SignedBlock block : raw.blocks()) {
      ids.add(block.signature());
    }
    return Collections.unmodifiableList(ids);
  }

  List<Integer> payloadSizes() {
    List<Integer> sizes = new ArrayList<>(raw.blocks().size());
    for (SignedBlock block : raw.blocks()) {
      sizes.add(block.payload().length);
    }
    return Collections.unmodifiableList(sizes);
  }

  /** Returns how many first blocks are equal, byte for byte. */
  int sharedBlocks(TokenChain other) {
    int shared = 0;
    int most = Math.min(raw.blocks().size(), other.raw.blocks().size());
    while (shared < most
        && Arrays.equals(
            raw.blocks().get(shared).encoded(), other.raw.blocks().get(shared).encoded())) {
      shared++;
    }
    return shared;
  }

  ThirdPartyBlock.Request thirdPartyRequest() {
    if (kind() == Token.Kind.SEALED) {
      throw new TaperException(ErrorCode.SEALED, "a sealed token cannot be extended");
    }
    return new ThirdPartyBlock.Request(last().signature());
  }

  /**
   * The key that signs the next block, and the token's end until then.
   *
   * @param key the next block's key
   * @param proof the key's secret, or nothing if its holder keeps it
   */
  record Next(PublicKey key, TokenEnd proof) {
    /** Makes a throw-away key, whose secret the token carries. */
    static Next bearer(KeySource source, Algorithm algorithm) {
      PrivateKey key = source.next(algorithm);
      return new Next(key.publicKey(), new TokenEnd.NextSecret(key.secret()));
    }

    /** Makes the next key a holder's own key. */
    static Next held(PublicKey holder) {
      return new Next(holder, new TokenEnd.Held());
    }
  }
}
