package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A holder's proof that it makes one call, now: a signature over the token, the audience and the
 * call, with the time and a nonce.
 *
 * <p>Encoded as {@code version(1) ‖ algorithm(1) ‖ time(8) ‖ nonce(16) ‖ signature}, numbers
 * big-endian, the time in milliseconds since 1970. The signature covers {@code "\0TAPER\0PROOF\0" ‖
 * version ‖ algorithm ‖ time ‖ nonce ‖ SHA-256(signature of the token's last block) ‖
 * SHA-256(audience) ‖ SHA-256(call)}, the call being {@link ToolCall#toJson()}. The leading tag
 * keeps it apart from anything else the same key signs.
 *
 * <p>Immutable and thread-safe.
 */
public final class Proof {
  /** The version that is made and read. */
  public static final int VERSION = 1;

  /** The length of a nonce, in bytes. */
  public static final int NONCE_BYTES = 16;

  private static final byte[] TAG = "\0TAPER\0PROOF\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 2 + Long.BYTES + NONCE_BYTES;
  private static final int ED25519_SIGNATURE = 64;
  private static final int MIN_DER_SIGNATURE = 8;
  private static final int MAX_DER_SIGNATURE = 72;
  private static final int DIGEST_BYTES = 32;
  private static final int MAX_TEXT = (HEADER_BYTES + MAX_DER_SIGNATURE) * 4 / 3 + 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Algorithm algorithm;
  private final long issuedAt;
  private final byte[] nonce;
  private final byte[] signature;

  private Proof(Algorithm algorithm, long issuedAt, byte[] nonce, byte[] signature) {
    this.algorithm = algorithm;
    this.issuedAt = issuedAt;
    this.nonce = nonce;
    this.signature = signature;
  }

  /**
   * Makes a proof with a fresh random nonce.
   *
   * @param holder who signs; its key is the one that the token's last block names next
   * @param tokenState the signature of the token's last block
   * @param audience the service that is called, such as {@code svc:jira}
   * @param call the call
   * @param clock the holder's time
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign; {@link
   *     ErrorCode#INVALID_REQUEST} for the audience; {@link ErrorCode#INVALID_ARGUMENT} if the
   *     token's state is empty or the time before 1970
   */
  public static Proof make(
      Signer holder, byte[] tokenState, String audience, ToolCall call, Clock clock) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return make(holder, tokenState, audience, call, clock, nonce);
  }

  static Proof make(
      Signer holder, byte[] tokenState, String audience, ToolCall call, Clock clock, byte[] nonce) {
    long now = clock.millis();
    if (now < 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a proof cannot be made before 1970");
    }
    Algorithm algorithm = holder.publicKey().algorithm();
    byte[] payload =
        payload(algorithm, now, nonce, stateDigest(tokenState), Audience.of(audience), call);
    byte[] signature = holder.sign(payload);
    if (!fits(algorithm, signature.length)) {
      throw new TaperException(
          ErrorCode.SIGNING_FAILED,
          "the signer made a signature of " + signature.length + " bytes");
    }
    return new Proof(algorithm, now, nonce.clone(), signature.clone());
  }

  /**
   * Reads a proof.
   *
   * @param bytes the encoding, and nothing behind it
   * @throws TaperException {@link ErrorCode#MALFORMED_HOLDER_PROOF} if they are not a proof of this
   *     version
   */
  public static Proof decode(byte[] bytes) {
    if (bytes.length <= HEADER_BYTES) {
      throw malformed("is too short");
    }
    if (bytes[0] != VERSION) {
      throw malformed("has version " + (bytes[0] & 0xff) + ", not " + VERSION);
    }
    Algorithm algorithm = algorithm(bytes[1]);
    int length = bytes.length - HEADER_BYTES;
    if (!fits(algorithm, length)) {
      throw malformed("has a signature of " + length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long issuedAt = in.getLong(2);
    if (issuedAt < 0) {
      throw malformed("has a time that is out of range");
    }
    int nonceEnd = HEADER_BYTES;
    return new Proof(
        algorithm,
        issuedAt,
        Arrays.copyOfRange(bytes, nonceEnd - NONCE_BYTES, nonceEnd),
        Arrays.copyOfRange(bytes, nonceEnd, bytes.length));
  }

  /**
   * Reads a proof from text.
   *
   * @param text canonical base64url without padding
   * @throws TaperException {@link ErrorCode#MALFORMED_HOLDER_PROOF} if it is not that, or not a
   *     proof
   */
  public static Proof decode(String text) {
    if (text.length() > MAX_TEXT) {
      throw malformed("is too long");
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed("is not base64url");
    }
    // The decoder overlooks padding and stray bits, which would give one proof several spellings.
    // Whole groups of four digits have neither.
    boolean whole = text.length() % 4 == 0 && !text.endsWith("=");
    if (!whole && !base64(bytes).equals(text)) {
      throw malformed("is not canonical base64url without padding");
    }
    return decode(bytes);
  }

  /** The encoding, a new array. */
  public byte[] encode() {
    return ByteBuffer.allocate(HEADER_BYTES + signature.length)
        .put((byte) VERSION)
        .put((byte) algorithm.wireId())
        .putLong(issuedAt)
        .put(nonce)
        .put(signature)
        .array();
  }

  /** The encoding in base64url without padding. */
  public String encodeBase64() {
    return base64(encode());
  }

  /**
   * A proof that is good in time and signature and that its verifier had not seen. It counts as
   * used only when it is claimed, which only an allowed call does. For one thread.
   */
  public static final class Checked {
    private final Proof proof;
    private final PublicKey holder;
    private final ReplayMemory.Unused unused;

    private Checked(Proof proof, PublicKey holder, ReplayMemory.Unused unused) {
      this.proof = proof;
      this.holder = holder;
      this.unused = unused;
    }

    /**
     * Uses the proof, once.
     *
     * @param share whose part of the verifier's memory it takes
     * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, {@link
     *     ErrorCode#REPLAY_CACHE_FULL}, or {@link ErrorCode#HOLDER_PROOF_EXPIRED} if its window has
     *     ended meanwhile
     */
    public void claim(MemoryShare share) {
      unused.claim(share);
    }

    /** The proof. */
    public Proof proof() {
      return proof;
    }

    /** The key that signed it. */
    public PublicKey holder() {
      return holder;
    }
  }

  /**
   * Checks this proof, or throws. The time is looked at first, then the signature, then whether it
   * was used. The call may go ahead only when the result has been {@linkplain Checked#claim
   * claimed}: until then nothing is remembered, so neither forgeries nor refused calls fill the
   * memory or spend a nonce.
   *
   * @param holder the key that the token's last block names next
   * @param tokenState the signature of the token's last block
   * @param audience the service that verifies
   * @param call the call as the service is about to make it
   * @param cache what the service remembers; it also holds the window and the clock
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_EXPIRED}, {@link
   *     ErrorCode#HOLDER_PROOF_NOT_YET_VALID}, {@link ErrorCode#HOLDER_PROOF_MISMATCH} or {@link
   *     ErrorCode#HOLDER_PROOF_REPLAYED}; {@link ErrorCode#INVALID_REQUEST} for the audience;
   *     {@link ErrorCode#INVALID_ARGUMENT} if the token's state is empty
   */
  public Checked check(
      PublicKey holder, byte[] tokenState, String audience, ToolCall call, ReplayMemory cache) {
    return checkPrepared(holder, stateDigest(tokenState), Audience.of(audience), call, cache);
  }

  /**
   * Checks this proof, or throws, with digests that a service works out only once.
   *
   * @param holder the key that the token's last block names next
   * @param stateDigest the SHA-256 digest of the signature of the token's last block
   * @param audience the service that verifies
   * @param call the call as the service is about to make it
   * @param cache what the service remembers; it also holds the window and the clock
   * @throws TaperException as {@link #check(PublicKey, byte[], String, ToolCall, ReplayMemory)};
   *     {@link ErrorCode#INVALID_ARGUMENT} too if the digest has not 32 bytes
   */
  public Checked checkPrepared(
      PublicKey holder, byte[] stateDigest, Audience audience, ToolCall call, ReplayMemory cache) {
    if (stateDigest.length != DIGEST_BYTES) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a SHA-256 digest has " + DIGEST_BYTES + " bytes, not " + stateDigest.length);
    }
    cache.checkWindow(issuedAt);
    byte[] payload = payload(algorithm, issuedAt, nonce, stateDigest, audience, call);
    if (holder.algorithm() != algorithm || !holder.verify(payload, signature)) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_MISMATCH,
          "the proof was not made by this holder for this token, audience and call");
    }
    return new Checked(this, holder, cache.look(issuedAt, nonce, holder));
  }

  /** The algorithm of the signature. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** When the holder says it made the proof, to the millisecond. */
  public Instant issuedAt() {
    return Instant.ofEpochMilli(issuedAt);
  }

  /** A copy of the nonce. */
  public byte[] nonce() {
    return nonce.clone();
  }

  private static byte[] payload(
      Algorithm algorithm,
      long issuedAt,
      byte[] nonce,
      byte[] stateDigest,
      Audience audience,
      ToolCall call) {
    return ByteBuffer.allocate(TAG.length + HEADER_BYTES + 3 * DIGEST_BYTES)
        .put(TAG)
        .put((byte) VERSION)
        .put((byte) algorithm.wireId())
        .putLong(issuedAt)
        .put(nonce)
        .put(stateDigest)
        .put(audience.digest())
        .put(call.digest())
        .array();
  }

  private static byte[] stateDigest(byte[] tokenState) {
    if (tokenState.length == 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a token's state is its last signature, not nothing");
    }
    return Digests.sha256(tokenState);
  }

  private static Algorithm algorithm(byte wireId) {
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.wireId() == wireId) {
        return algorithm;
      }
    }
    throw malformed("has the unknown algorithm " + (wireId & 0xff));
  }

  private static boolean fits(Algorithm algorithm, int signatureLength) {
    return algorithm == Algorithm.ED25519
        ? signatureLength == ED25519_SIGNATURE
        : signatureLength >= MIN_DER_SIGNATURE && signatureLength <= MAX_DER_SIGNATURE;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static TaperException malformed(String why) {
    return new TaperException(ErrorCode.MALFORMED_HOLDER_PROOF, "the proof " + why);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Proof other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(nonce);
  }

  /** The time and algorithm. */
  @Override
  public String toString() {
    return "Proof(" + algorithm.text() + ", " + issuedAt() + ")";
  }
}
