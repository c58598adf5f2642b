package dev.taper.wire;

import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import org.jspecify.annotations.Nullable;

/**
 * A block in a token's envelope: its payload, and the signature over it. The bytes are kept as they
 * were received. Immutable.
 */
public final class SignedBlock {
  /** Room for a key, two signatures and the key of a third party. */
  private static final int ROOM = 320;

  private final byte[] encoded;
  private final byte[] payload;
  private final PublicKey nextKey;
  private final byte[] signature;
  private final @Nullable External external;
  private final int version;

  private SignedBlock(
      byte[] encoded,
      byte[] payload,
      PublicKey nextKey,
      byte[] signature,
      @Nullable External external,
      int version) {
    this.encoded = encoded;
    this.payload = payload;
    this.nextKey = nextKey;
    this.signature = signature;
    this.external = external;
    this.version = version;
  }

  /**
   * Makes a new block, to be sent.
   *
   * @param payload the bytes that are signed
   * @param nextKey the key that signs the next block
   * @param signature the signature
   * @param external the third party's signature, or null for a first-party block
   * @param version the signature payload's version, 0 or 1
   */
  public static SignedBlock of(
      byte[] payload,
      PublicKey nextKey,
      byte[] signature,
      @Nullable External external,
      int version) {
    ProtoWriter out = new ProtoWriter(payload.length + ROOM);
    out.bytes(1, payload);
    DatalogWriter.publicKey(out, 2, nextKey);
    out.bytes(3, signature);
    if (external != null) {
      external.write(out, 4);
    }
    if (version != 0) {
      out.number(5, version);
    }
    return new SignedBlock(
        out.toByteArray(), payload.clone(), nextKey, signature.clone(), external, version);
  }

  static SignedBlock read(ProtoReader in) {
    int start = in.position();
    int seen = 0;
    byte[] payload = {};
    PublicKey nextKey = null;
    byte[] signature = {};
    External external = null;
    long version = 0;
    while (in.next()) {
      if (in.field() > 5) {
        throw in.unknownField();
      }
      seen = in.once(seen);
      switch (in.field()) {
        case 1 -> payload = in.bytes();
        case 2 -> {
          in.enter("nextKey");
          nextKey = KeyReader.publicKey(in);
          in.leave();
        }
        case 3 -> signature = in.bytes();
        case 4 -> {
          in.enter("externalSignature");
          external = External.read(in);
          in.leave();
        }
        default -> version = in.uint32();
      }
    }
    in.require(seen, 1, "block");
    in.require(seen, 3, "signature");
    if (nextKey == null) {
      throw in.fail("missing nextKey");
    }
    return new SignedBlock(
        in.current(start), payload, nextKey, signature, external, RawToken.version(in, version));
  }

  /** Returns a copy of the signed bytes. */
  public byte[] payload() {
    return payload.clone();
  }

  /** The number of the block's bytes, its signature included. */
  public int size() {
    return encoded.length;
  }

  /** The key that signs the next block. */
  public PublicKey nextKey() {
    return nextKey;
  }

  /** A copy of the signature. */
  public byte[] signature() {
    return signature.clone();
  }

  /** The third party's signature, or null for a first-party block. */
  public @Nullable External external() {
    return external;
  }

  /** The third party's key, or null for a first-party block. */
  public @Nullable PublicKey externalKey() {
    return external == null ? null : external.publicKey();
  }

  /** The signature payload's version, 0 or 1. */
  public int version() {
    return version;
  }

  /** The bytes as they stand in a token, which must not be changed. */
  public byte[] encoded() {
    return encoded;
  }

  /**
   * Verifies the block's signature.
   *
   * @param signer the key that must have made it
   * @param previous the block before, or null for the authority block
   */
  public boolean isSignedBy(PublicKey signer, @Nullable SignedBlock previous) {
    return signer.verify(signed(previous), signature);
  }

  /**
   * Adds the block's signature to others that are to be verified.
   *
   * @param signer the key that must have made it
   * @param previous the block before, or null for the authority block
   * @return false if it or one before it is found invalid
   */
  public boolean verifyIn(
      Signatures.Batch batch, PublicKey signer, @Nullable SignedBlock previous) {
    return batch.add(signer, signed(previous), signature);
  }

  private byte[] signed(@Nullable SignedBlock previous) {
    return SignaturePayloads.block(
        version,
        payload,
        nextKey,
        previous == null ? null : previous.signature,
        external == null ? null : external.signature);
  }

  /** The signed bytes themselves, for decoders, which do not change them. */
  byte[] rawPayload() {
    return payload;
  }

  /** A third party's signature over a block. Immutable. */
  public static final class External {
    private final byte[] signature;
    private final PublicKey publicKey;

    private External(byte[] signature, PublicKey publicKey) {
      this.signature = signature;
      this.publicKey = publicKey;
    }

    /**
     * Makes an external signature.
     *
     * @param signature the signature, which is copied
     * @param publicKey the key that made it
     */
    public static External of(byte[] signature, PublicKey publicKey) {
      return new External(signature.clone(), publicKey);
    }

    static External read(ProtoReader in) {
      int seen = 0;
      byte[] signature = {};
      PublicKey publicKey = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> {
            seen = in.once(seen);
            signature = in.bytes();
          }
          case 2 -> {
            seen = in.once(seen);
            in.enter("publicKey");
            publicKey = KeyReader.publicKey(in);
            in.leave();
          }
          default -> throw in.unknownField();
        }
      }
      in.require(seen, 1, "signature");
      if (publicKey == null) {
        throw in.fail("missing publicKey");
      }
      return new External(signature, publicKey);
    }

    void write(ProtoWriter out, int field) {
      int start = out.begin(field);
      out.bytes(1, signature);
      DatalogWriter.publicKey(out, 2, publicKey);
      out.end(start);
    }

    /** A copy of the signature. */
    public byte[] signature() {
      return signature.clone();
    }

    /** The key that made the signature. */
    public PublicKey publicKey() {
      return publicKey;
    }
  }
}
