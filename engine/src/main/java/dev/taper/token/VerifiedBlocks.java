package dev.taper.token;

import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.datalog.Block;
import dev.taper.datalog.engine.BlockProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first blocks of a token, or all of them, verified from a root key on, with everything that is
 * made of them once. It does not hold the token's end: a cache shares this object between all who
 * bring the token, so it holds no secret and nothing that one caller could change for another.
 * Thread-safe; immutable, except for parts that are filled in at their first use.
 */
final class VerifiedBlocks implements Supplier<TokenProgram> {
  /** The bytes of each block's place in the array of an entry. */
  private static final long VIEW_BYTES = 8;

  private static final long RESERVED_BYTES = 768;
  private static final long RESERVED_BLOCK_BYTES = 384;

  private final PublicKey rootKey;
  private final List<PublicKey> passedOver;
  private final VerifiedBlock[] blocks;

  /** True if no token with exactly these blocks has come yet. */
  private final boolean isPrefix;

  // Views of the blocks, made at their first use; most prefixes of a token never need them.
  private volatile @Nullable List<SignedBlock> signed;
  private volatile @Nullable List<Block.Decoded> decoded;
  private volatile @Nullable TokenProgram program;
  private volatile @Nullable Reading reading;
  private volatile byte @Nullable [] stateDigest;
  private volatile byte @Nullable [] goodProof;
  private volatile long linkedBytes;
  private volatile @Nullable Runnable owner;

  /** The result of one reader of the blocks, for one token kind. */
  private record Reading(Class<?> type, Token.Kind kind, Object value) {}

  /**
   * @param rootKey the key that signed the first block
   * @param passedOver the trusted keys that were tried before it, and had not signed the block
   * @param blocks the blocks, which the caller does not change any more
   */
  VerifiedBlocks(PublicKey rootKey, List<PublicKey> passedOver, VerifiedBlock[] blocks) {
    this(rootKey, passedOver, blocks, false);
  }

  private VerifiedBlocks(
      PublicKey rootKey, List<PublicKey> passedOver, VerifiedBlock[] blocks, boolean isPrefix) {
    this.rootKey = rootKey;
    this.passedOver = passedOver;
    this.blocks = blocks;
    this.isPrefix = isPrefix;
  }

  /** Returns the blocks of a token that was made here. */
  static VerifiedBlocks made(TokenChain chain, PublicKey rootKey) {
    return new VerifiedBlocks(
        rootKey, List.of(), VerifiedBlock.of(chain.raw().blocks(), chain.blocks(), null));
  }

  /**
   * Returns the first blocks alone. It shares what is made of them, and keeps nothing behind them.
   */
  VerifiedBlocks first(int count) {
    return new VerifiedBlocks(rootKey, passedOver, Arrays.copyOf(blocks, count), true);
  }

  PublicKey rootKey() {
    return rootKey;
  }

  List<PublicKey> passedOver() {
    return passedOver;
  }

  /** The blocks themselves, which must not be changed. */
  VerifiedBlock[] blocks() {
    return blocks;
  }

  VerifiedBlock block(int index) {
    return blocks[index];
  }

  List<SignedBlock> signed() {
    List<SignedBlock> known = signed;
    if (known == null) {
      SignedBlock[] all = new SignedBlock[blocks.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = blocks[i].signed();
      }
      known = List.of(all);
      signed = known;
    }
    return known;
  }

  List<Block.Decoded> decoded() {
    List<Block.Decoded> known = decoded;
    if (known == null) {
      Block.Decoded[] all = new Block.Decoded[blocks.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = blocks[i].decoded();
      }
      known = List.of(all);
      decoded = known;
    }
    return known;
  }

  int size() {
    return blocks.length;
  }

  SignedBlock last() {
    return blocks[blocks.length - 1].signed();
  }

  /**
   * True if trying these keys in order would find the same root key again: it is among them, and
   * every key before it was tried then.
   */
  boolean isSignedByFirstOf(List<PublicKey> candidates) {
    for (int i = 0; i < candidates.size(); i++) {
      PublicKey candidate = candidates.get(i);
      if (candidate.equals(rootKey)) {
        return true;
      }
      if (!passedOver.contains(candidate)) {
        return false;
      }
    }
    return false;
  }

  /**
   * Verifies the end of a token. It knows the end that was good last time by its digest, so that an
   * equal one costs no public key and no signature; nothing else is kept of a secret.
   */
  void verifyProof(TokenEnd proof) {
    if (!knowsProof(proof)) {
      ChainVerifier.verifyProof(last(), proof);
      remember(proof);
    }
  }

  /** True if the end of a token is the one that was good last time. */
  boolean knowsProof(TokenEnd proof) {
    byte[] digest = digest(proof);
    byte[] good = goodProof;
    return digest != null && good != null && Arrays.equals(digest, good);
  }

  /** Remembers the end of a token that was verified. */
  void remember(TokenEnd proof) {
    goodProof = digest(proof);
  }

  /** The digest of the last signature, computed at the first call; it must not be changed. */
  byte[] stateDigest() {
    byte[] known = stateDigest;
    if (known == null) {
      known = Digests.sha256(last().signature());
      stateDigest = known;
    }
    return known;
  }

  /**
   * Estimates, from above, the bytes that this keeps alive and its shorter prefixes do not: its
   * last block, its views, and what it is linked to.
   */
  long weight() {
    return blocks[blocks.length - 1].weight()
        + VIEW_BYTES * blocks.length
        + Math.max(reserve(), linkedBytes);
  }

  /** Room for linking a usual policy set, so that this need not be weighed again. */
  private long reserve() {
    return isPrefix ? 0 : RESERVED_BYTES + RESERVED_BLOCK_BYTES * blocks.length;
  }

  /**
   * Returns the digest of an end; it differs by kind, because a secret must not pass for a
   * signature.
   */
  private static byte @Nullable [] digest(TokenEnd proof) {
    if (proof instanceof TokenEnd.NextSecret next) {
      byte[] secret = next.secret().exposeCopy();
      byte[] digest = digest((byte) 1, secret);
      Arrays.fill(secret, (byte) 0);
      return digest;
    }
    return proof instanceof TokenEnd.FinalSignature seal
        ? digest((byte) 2, seal.signature())
        : null;
  }

  private static byte[] digest(byte kind, byte[] end) {
    byte[] input = new byte[1 + end.length];
    input[0] = kind;
    System.arraycopy(end, 0, input, 1, end.length);
    byte[] digest = Digests.sha256(input);
    Arrays.fill(input, (byte) 0);
    return digest;
  }

  /** Returns what a reader makes of the blocks for one token kind, made at the first call. */
  <T> T reading(Class<T> type, VerifiedChain token, Function<VerifiedChain, T> reader) {
    Reading known = reading;
    if (known == null || known.type() != type || known.kind() != token.kind()) {
      known = new Reading(type, token.kind(), reader.apply(token));
      reading = known;
    }
    return type.cast(known.value());
  }

  /** The blocks, ready to be evaluated; compiled at the first call. */
  @Override
  public TokenProgram get() {
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
    List<BlockProgram> programs = new ArrayList<>(blocks.length);
    BlockProgram previous = null;
    for (VerifiedBlock block : blocks) {
      previous = block.program(previous);
      programs.add(previous);
    }
    return TokenProgram.link(programs, externalKeys(), this::linked);
  }

  private void linked(long bytes) {
    linkedBytes = bytes;
    Runnable cache = owner;
    if (cache != null && bytes > reserve()) {
      cache.run();
    }
  }

  /**
   * Sets the watcher of the cache that keeps this.
   *
   * @param grown run whenever the {@link #weight} changes
   */
  void keptBy(Runnable grown) {
    owner = grown;
  }

  List<@Nullable PublicKey> externalKeys() {
    List<@Nullable PublicKey> keys = new ArrayList<>(blocks.length);
    for (VerifiedBlock block : blocks) {
      keys.add(block.signed().externalKey());
    }
    return Collections.unmodifiableList(keys);
  }

  /** Lists, for each block, the bytes to revoke it by. */
  List<byte[]> revocationKeys() {
    List<byte[]> keys = new ArrayList<>(blocks.length);
    PublicKey signer = rootKey;
    for (VerifiedBlock block : blocks) {
      keys.add(Signatures.revocationKey(signer.algorithm(), block.signed().signature()));
      signer = block.signed().nextKey();
    }
    return Collections.unmodifiableList(keys);
  }
}
