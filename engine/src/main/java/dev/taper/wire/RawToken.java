package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A token's signed envelope; nothing of it is verified. Blocks are kept and forwarded as the bytes
 * that were received. Immutable and thread-safe.
 */
public final class RawToken {
  /** The newest version of the signature payload. */
  private static final int MAX_SIGNATURE_VERSION = 1;

  /** Room for a root key's id and a proof, so that no secret stays behind in a buffer that grew. */
  private static final int ROOM = 128;

  /** Room for a block's tag and length. */
  private static final int ROOM_BESIDE = 8;

  private final OptionalInt rootKeyId;
  private final List<SignedBlock> blocks;
  private final TokenEnd proof;

  /** The token's bytes; null for a token that came again, whose bytes are made for each caller. */
  private final byte @Nullable [] encoded;

  private RawToken(
      OptionalInt rootKeyId, List<SignedBlock> blocks, TokenEnd proof, byte @Nullable [] encoded) {
    this.rootKeyId = rootKeyId;
    this.blocks = List.copyOf(blocks);
    this.proof = proof;
    this.encoded = encoded;
  }

  /**
   * Reads a token.
   *
   * @param bytes the token
   * @param limits what is taken at most
   * @throws TaperException {@link ErrorCode#MALFORMED_TOKEN}, {@link ErrorCode#UNSUPPORTED_VERSION}
   *     for an unknown signature version, {@link ErrorCode#INVALID_KEY} or {@link
   *     ErrorCode#DECODE_LIMIT}
   */
  public static RawToken decode(byte[] bytes, DecodeLimits limits) {
    limits.requireSize(bytes.length, "a token");
    return decodeOwn(bytes.clone(), limits);
  }

  /**
   * Reads a token.
   *
   * @param bytes the token, which is not copied: nobody may change it any more
   * @param limits what is taken at most
   * @throws TaperException as {@link #decode}
   */
  public static RawToken decodeOwn(byte[] bytes, DecodeLimits limits) {
    limits.requireSize(bytes.length, "a token");
    ProtoReader in = new ProtoReader(bytes, ErrorCode.MALFORMED_TOKEN, "token");
    int seen = 0;
    OptionalInt rootKeyId = OptionalInt.empty();
    SignedBlock authority = null;
    List<SignedBlock> later = new ArrayList<>();
    TokenEnd proof = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          rootKeyId = OptionalInt.of((int) in.uint32());
        }
        case 2 -> {
          seen = in.once(seen);
          in.enter("authority");
          authority = SignedBlock.read(in);
          in.leave();
        }
        case 3 -> {
          in.enter("blocks", later.size());
          if (later.size() + 1 >= limits.maxBlocks()) {
            throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + limits.maxBlocks() + " blocks");
          }
          later.add(SignedBlock.read(in));
          in.leave();
        }
        case 4 -> {
          seen = in.once(seen);
          in.enter("proof");
          proof = proof(in);
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    if (authority == null) {
      throw in.fail("missing authority");
    }
    if (proof == null) {
      throw in.fail("missing proof");
    }
    List<SignedBlock> blocks = new ArrayList<>(later.size() + 1);
    blocks.add(authority);
    blocks.addAll(later);
    return new RawToken(rootKeyId, blocks, proof, bytes);
  }

  /**
   * Makes a new token, to be sent.
   *
   * @param rootKeyId the hint for choosing the root key, an unsigned number
   * @param blocks the authority block and those after it
   * @param proof how it ends
   */
  public static RawToken of(OptionalInt rootKeyId, List<SignedBlock> blocks, TokenEnd proof) {
    if (blocks.isEmpty()) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a token has at least one block");
    }
    RawToken token = new RawToken(rootKeyId, blocks, proof, null);
    return new RawToken(rootKeyId, blocks, proof, token.write());
  }

  /**
   * Makes a token that came again: its blocks are known, and only the rest was read. Its bytes are
   * put together when they are asked for.
   *
   * @param outline the part that was read
   * @param blocks the authority block and those after it
   * @param proof how it ends
   */
  public static RawToken recalled(TokenOutline outline, List<SignedBlock> blocks, TokenEnd proof) {
    return new RawToken(outline.rootKeyId(), blocks, proof, null);
  }

  /** The first block with the token's hint and end, and nothing between. */
  public RawToken first() {
    return new RawToken(rootKeyId, blocks.subList(0, 1), proof, null);
  }

  private byte[] write() {
    int room = ROOM;
    for (SignedBlock block : blocks) {
      room += block.size() + ROOM_BESIDE;
    }
    ProtoWriter out = new ProtoWriter(room);
    if (rootKeyId.isPresent()) {
      out.number(1, Integer.toUnsignedLong(rootKeyId.getAsInt()));
    }
    for (int i = 0; i < blocks.size(); i++) {
      out.bytes(i == 0 ? 2 : 3, blocks.get(i).encoded());
    }
    int start = out.begin(4);
    if (proof instanceof TokenEnd.NextSecret next) {
      byte[] secret = next.secret().exposeCopy();
      out.bytes(1, secret);
      Arrays.fill(secret, (byte) 0);
    } else if (proof instanceof TokenEnd.FinalSignature last) {
      out.bytes(2, last.signature());
    }
    out.end(start);
    byte[] bytes = out.toByteArray();
    out.wipe();
    return bytes;
  }

  /** The hint for choosing the root key, an unsigned number; not signed. */
  public OptionalInt rootKeyId() {
    return rootKeyId;
  }

  /** The authority block and those after it. */
  public List<SignedBlock> blocks() {
    return blocks;
  }

  /** How the token ends. */
  public TokenEnd proof() {
    return proof;
  }

  /** The number of the token's bytes. */
  public int size() {
    return encoded == null ? write().length : encoded.length;
  }

  /** Returns a copy of the token's bytes: those received, if it was received. */
  public byte[] encode() {
    return encoded == null ? write() : encoded.clone();
  }

  /** Returns the size, and nothing of the content. */
  @Override
  public String toString() {
    return "RawToken(" + blocks.size() + " blocks, " + size() + " bytes, redacted)";
  }

  static int version(ProtoReader in, long version) {
    if (version > MAX_SIGNATURE_VERSION) {
      throw in.fail(
          ErrorCode.UNSUPPORTED_VERSION,
          "signature version " + version + " is not between 0 and " + MAX_SIGNATURE_VERSION);
    }
    return (int) version;
  }

  private static TokenEnd proof(ProtoReader in) {
    int seen = 0;
    TokenEnd proof = new TokenEnd.Held();
    while (in.next()) {
      int field = in.field();
      if (field > 2) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      byte[] bytes = in.bytes();
      if (field == 1) {
        proof = new TokenEnd.NextSecret(SecretBytes.copyOf(bytes));
        Arrays.fill(bytes, (byte) 0);
      } else {
        proof = new TokenEnd.FinalSignature(bytes);
      }
    }
    return proof;
  }
}
