package dev.taper.agent.call;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * An agent's proof that it asks an issuer, now, for a token of its own in exchange for a person's:
 * a signature over the issuer, the person's token and what is asked for, with the time and a nonce.
 *
 * <p>Encoded as {@code version(1) ‖ algorithm(1) ‖ key(32 or 33) ‖ time(8) ‖ nonce(16) ‖ hints(12)
 * ‖ signature}, numbers big-endian, the time in milliseconds since 1970. The signature covers the
 * tag {@code "\0TAPER\0EXCHANGE\0"}, {@code version ‖ algorithm ‖ key ‖ time ‖ nonce}, and the
 * SHA-256 digests of issuer, token and details. The tag keeps it apart from anything else that the
 * key signs. The hints are the first four bytes of each digest, so that a refusal can name the part
 * that differs.
 *
 * <p>Immutable and thread-safe.
 */
public final class ExchangeProof {
  /** The version that is made and read. */
  public static final int VERSION = 1;

  private static final byte[] TAG = "\0TAPER\0EXCHANGE\0".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> PARTS = List.of("issuer", "subject token", "details");
  private static final int HINTS_BYTES = PARTS.size() * Proof.HINT_BYTES;
  private static final int MAX_TEXT = 256;

  private final PublicKey agent;
  private final long issuedAt;
  private final byte[] nonce;
  private final byte[] hints;
  private final byte[] signature;

  private ExchangeProof(
      PublicKey agent, long issuedAt, byte[] nonce, byte[] hints, byte[] signature) {
    this.agent = agent;
    this.issuedAt = issuedAt;
    this.nonce = nonce;
    this.hints = hints;
    this.signature = signature;
  }

  /**
   * What an exchange is about. Immutable.
   *
   * @param issuer the issuer's own name, a URL, from the agent's configuration: whoever may choose
   *     it can use the proof elsewhere
   * @param subjectToken the person's token, exactly as it is sent
   * @param details the {@code authorization_details}, exactly as they are sent
   */
  public record Subject(String issuer, String subjectToken, String details) {
    /** Checks that nothing is missing. */
    public Subject {
      Given.that(issuer, "the issuer");
      Given.that(subjectToken, "the subject token");
      Given.that(details, "the authorization details");
    }

    /** The SHA-256 digest of the person's token, a new array: what is signed of it. */
    public byte[] tokenDigest() {
      return digest(subjectToken);
    }

    private List<byte[]> digests() {
      return List.of(digest(issuer), tokenDigest(), digest(details));
    }

    /** The issuer alone, as nothing else is for logs. */
    @Override
    public String toString() {
      return "exchange at " + issuer;
    }
  }

  /**
   * An agent's key in the hands of somebody who signs no proof that was made elsewhere: it is told
   * what the exchange is about, and sets the time and the nonce itself. {@link #make(Signer,
   * Subject, Clock)} asks it where any other {@link Signer} would get the bytes to sign.
   * Implementations must be thread-safe.
   */
  public interface Maker extends Signer {
    /**
     * Makes a proof, dated by the maker's own clock.
     *
     * @param subject what is asked, where
     * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if it cannot, or does not want to
     */
    @CheckReturnValue
    ExchangeProof make(Subject subject);
  }

  /**
   * Makes a proof with a fresh random nonce.
   *
   * @param agent who signs
   * @param subject what is asked, where
   * @param clock the agent's time; a {@link Maker} goes by its own
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the time is before 1970
   */
  public static ExchangeProof make(Signer agent, Subject subject, Clock clock) {
    return agent instanceof Maker maker
        ? maker.make(subject)
        : make(agent, subject.digests(), clock, Proof.newNonce());
  }

  /**
   * Makes a proof for somebody who has the person's token: who signs need not see it.
   *
   * @param agent who signs; no {@link Maker}, who makes its own
   * @param issuer the issuer's own name, as of a {@link Subject}
   * @param tokenDigest the SHA-256 digest of the person's token
   * @param details the {@code authorization_details}, exactly as they are sent
   * @param clock the agent's time
   * @throws TaperException as {@link #make(Signer, Subject, Clock)}, and {@link
   *     ErrorCode#INVALID_ARGUMENT} if that is no such digest
   */
  public static ExchangeProof makeUnseen(
      Signer agent, String issuer, byte[] tokenDigest, String details, Clock clock) {
    Given.that(issuer, "the issuer");
    Given.that(details, "the authorization details");
    if (tokenDigest.length != Proof.DIGEST_BYTES) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a digest of a token has " + Proof.DIGEST_BYTES + " bytes, not " + tokenDigest.length);
    }
    List<byte[]> digests = List.of(digest(issuer), tokenDigest.clone(), digest(details));
    return make(agent, digests, clock, Proof.newNonce());
  }

  private static byte[] digest(String part) {
    return Digests.sha256(part.getBytes(StandardCharsets.UTF_8));
  }

  static ExchangeProof make(Signer agent, Subject subject, Clock clock, byte[] nonce) {
    return make(agent, subject.digests(), clock, nonce);
  }

  private static ExchangeProof make(Signer agent, List<byte[]> digests, Clock clock, byte[] nonce) {
    long now = Proof.millis(clock);
    PublicKey key = agent.publicKey();
    byte[] signature = Signatures.sign(agent, payload(key, now, nonce, digests));
    return new ExchangeProof(key, now, nonce.clone(), Proof.hints(digests), signature);
  }

  /**
   * Reads a proof.
   *
   * @param bytes the encoding, and nothing behind it
   * @throws TaperException {@link ErrorCode#MALFORMED_HOLDER_PROOF} if they are not a proof of this
   *     version, or a code of the category {@link ErrorCode.Category#KEY} for a key that is none
   */
  public static ExchangeProof decode(byte[] bytes) {
    if (bytes.length < 2 || bytes[0] != VERSION) {
      throw Proof.malformed(
          bytes.length < 2 ? "is too short" : "has another version than " + VERSION);
    }
    Algorithm algorithm = Algorithm.ofWireId(bytes[1]);
    if (algorithm == null) {
      throw Proof.malformed("has the unknown algorithm " + (bytes[1] & 0xff));
    }
    int keyEnd = 2 + algorithm.publicKeyBytes();
    int nonceEnd = keyEnd + Long.BYTES + Proof.NONCE_BYTES;
    int length = bytes.length - nonceEnd - HINTS_BYTES;
    if (!Signatures.canHave(length, algorithm)) {
      throw Proof.malformed("is too short or too long");
    }
    long issuedAt = ByteBuffer.wrap(bytes).getLong(keyEnd);
    if (issuedAt < 0) {
      throw Proof.malformed("has a time that is out of range");
    }
    return new ExchangeProof(
        PublicKey.of(algorithm, Arrays.copyOfRange(bytes, 2, keyEnd)),
        issuedAt,
        Arrays.copyOfRange(bytes, nonceEnd - Proof.NONCE_BYTES, nonceEnd),
        Arrays.copyOfRange(bytes, nonceEnd, nonceEnd + HINTS_BYTES),
        Arrays.copyOfRange(bytes, nonceEnd + HINTS_BYTES, bytes.length));
  }

  /**
   * Reads a proof from text.
   *
   * @param text canonical base64url without padding
   * @throws TaperException as {@link #decode(byte[])}
   */
  public static ExchangeProof decode(String text) {
    if (text == null || text.length() > MAX_TEXT) {
      throw Proof.malformed(text == null ? "is missing" : "is too long");
    }
    byte[] bytes = Given.base64(text);
    if (bytes == null) {
      throw Proof.malformed("is not canonical base64url without padding");
    }
    return decode(bytes);
  }

  /** The encoding, a new array. */
  public byte[] encode() {
    byte[] key = agent.bytes();
    return ByteBuffer.allocate(
            2 + key.length + Long.BYTES + Proof.NONCE_BYTES + HINTS_BYTES + signature.length)
        .put((byte) VERSION)
        .put((byte) agent.algorithm().wireId())
        .put(key)
        .putLong(issuedAt)
        .put(nonce)
        .put(hints)
        .put(signature)
        .array();
  }

  /** The encoding in base64url without padding. */
  public String encodeBase64() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(encode());
  }

  /** The key that it says it is signed with; whether it is, {@link #check} finds out. */
  public PublicKey agent() {
    return agent;
  }

  /** When the agent says it made the proof, to the millisecond. */
  public Instant issuedAt() {
    return Instant.ofEpochMilli(issuedAt);
  }

  /**
   * Checks this proof, or throws: the time, the parts, the signature, and whether it was used.
   * Nothing may be given until the result has been {@linkplain AcceptedProofs.Unused#claim
   * claimed}. Whether anybody knows the agent is the caller's question.
   *
   * @param subject what the proof should be about
   * @param accepted when the issuer takes proofs, and which were used
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_EXPIRED}, {@link
   *     ErrorCode#HOLDER_PROOF_NOT_YET_VALID}, {@link ErrorCode#REQUEST_MISMATCH} if it is for
   *     something else, {@link ErrorCode#HOLDER_PROOF_MISMATCH} if it is not signed with its key,
   *     or {@link ErrorCode#HOLDER_PROOF_REPLAYED}
   */
  public AcceptedProofs.Unused check(Subject subject, AcceptedProofs accepted) {
    accepted.checkWindow(issuedAt);
    List<byte[]> digests = subject.digests();
    int other = Proof.firstOther(hints, digests);
    if (other >= 0) {
      throw new TaperException(
          ErrorCode.REQUEST_MISMATCH,
          "the proof was made for another exchange: the "
              + PARTS.get(other)
              + " is not what was signed");
    }
    if (!agent.verify(payload(agent, issuedAt, nonce, digests), signature)) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_MISMATCH, "the proof is not signed with the key that it names");
    }
    return accepted.look(issuedAt, nonce, agent);
  }

  private static byte[] payload(
      PublicKey agent, long issuedAt, byte[] nonce, List<byte[]> digests) {
    byte[] key = agent.bytes();
    ByteBuffer payload =
        ByteBuffer.allocate(
                TAG.length
                    + 2
                    + key.length
                    + Long.BYTES
                    + Proof.NONCE_BYTES
                    + digests.size() * Proof.DIGEST_BYTES)
            .put(TAG)
            .put((byte) VERSION)
            .put((byte) agent.algorithm().wireId())
            .put(key)
            .putLong(issuedAt)
            .put(nonce);
    digests.forEach(payload::put);
    return payload.array();
  }

  /** Who asks and when; nothing that a thief could use. */
  @Override
  public String toString() {
    return "ExchangeProof(" + agent + ", " + issuedAt() + ")";
  }
}
