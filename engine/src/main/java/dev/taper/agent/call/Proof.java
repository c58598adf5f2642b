package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.ReplayMemory.Joined.Answer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A holder's proof that it makes one call, now: a signature over the token, the audience, the
 * approvals beside the token, and what is sent, with the time and a nonce.
 *
 * <p>Encoded as {@code version(1) ‖ form(1) ‖ algorithm(1) ‖ time(8) ‖ nonce(16) ‖ hints ‖
 * signature}, numbers big-endian, the time in milliseconds since 1970. The signature covers the
 * form's tag, {@code version ‖ form ‖ algorithm ‖ time ‖ nonce}, and the SHA-256 digest of each
 * part: the signature of the token's last block, the audience, the approvals, then the {@linkplain
 * SentCall#parts parts} of what is sent. The leading tag keeps it apart from anything else the same
 * key signs. The hints are the first four bytes of each of these digests, so that a refusal can
 * name the part that differs.
 *
 * <p>Immutable and thread-safe.
 */
public final class Proof {
  /** The version that is made and read. */
  public static final int VERSION = 2;

  /** The length of a nonce, in bytes. */
  public static final int NONCE_BYTES = 16;

  private static final int HEADER_BYTES = 3 + Long.BYTES + NONCE_BYTES;
  static final int HINT_BYTES = 4;
  private static final int MAX_PARTS = 16;
  static final int DIGEST_BYTES = 32;
  private static final int MAX_TEXT =
      (HEADER_BYTES + MAX_PARTS * HINT_BYTES + Signatures.MAX_BYTES) * 4 / 3 + 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SentCall.Form form;
  private final Algorithm algorithm;
  private final long issuedAt;
  private final byte[] nonce;
  private final byte[] hints;
  private final byte[] signature;

  private Proof(
      SentCall.Form form,
      Algorithm algorithm,
      long issuedAt,
      byte[] nonce,
      byte[] hints,
      byte[] signature) {
    this.form = form;
    this.algorithm = algorithm;
    this.issuedAt = issuedAt;
    this.nonce = nonce;
    this.hints = hints;
    this.signature = signature;
  }

  /**
   * Makes a proof with a fresh random nonce.
   *
   * @param holder who signs; its key is the one that the token's last block names next
   * @param tokenState the signature of the token's last block
   * @param audience the service that is called, such as {@code svc:jira}, from the holder's own
   *     configuration: whoever may choose it can use the proof elsewhere
   * @param approvals what travels beside the token
   * @param sent what is sent; null to ask what may be done
   * @param clock the holder's time
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign; {@link
   *     ErrorCode#INVALID_REQUEST} for the audience; {@link ErrorCode#INVALID_ARGUMENT} if the
   *     token's state is empty or the time before 1970
   */
  public static Proof make(
      Signer holder,
      byte[] tokenState,
      String audience,
      SentApprovals approvals,
      @Nullable SentCall sent,
      Clock clock) {
    return make(
        holder, Subject.of(tokenState, Audience.of(audience), approvals, sent), clock, newNonce());
  }

  static byte[] newNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  static Proof make(Signer holder, Subject subject, Clock clock, byte[] nonce) {
    SentCall.Form form = formOf(subject.sent());
    List<byte[]> digests = subject.digests();
    long now = millis(clock);
    Algorithm algorithm = holder.publicKey().algorithm();
    byte[] signature = Signatures.sign(holder, payload(form, algorithm, now, nonce, digests));
    return new Proof(form, algorithm, now, nonce.clone(), hints(digests), signature);
  }

  /** The time that a proof is made at. */
  static long millis(Clock clock) {
    long now = clock.millis();
    if (now < 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a proof cannot be made before 1970");
    }
    return now;
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
      String version = "has version " + (bytes[0] & 0xff) + ", not " + VERSION;
      throw malformed(ProofMistakes.ofBytes(bytes, version));
    }
    SentCall.Form form = SentCall.Form.of(bytes[1]);
    if (form == null) {
      throw malformed("has the unknown form " + (bytes[1] & 0xff));
    }
    Algorithm algorithm = Algorithm.ofWireId(bytes[2]);
    if (algorithm == null) {
      throw malformed("has the unknown algorithm " + (bytes[2] & 0xff));
    }
    int hintsEnd = HEADER_BYTES + form.count() * HINT_BYTES;
    int length = bytes.length - hintsEnd;
    if (!Signatures.canHave(length, algorithm)) {
      throw malformed("has a signature of " + length + " bytes");
    }
    long issuedAt = ByteBuffer.wrap(bytes).getLong(3);
    if (issuedAt < 0) {
      throw malformed("has a time that is out of range");
    }
    return new Proof(
        form,
        algorithm,
        issuedAt,
        Arrays.copyOfRange(bytes, HEADER_BYTES - NONCE_BYTES, HEADER_BYTES),
        Arrays.copyOfRange(bytes, HEADER_BYTES, hintsEnd),
        Arrays.copyOfRange(bytes, hintsEnd, bytes.length));
  }

  /**
   * Reads a proof from text.
   *
   * @param text canonical base64url without padding
   * @throws TaperException {@link ErrorCode#MALFORMED_HOLDER_PROOF} if it is not that, or not a
   *     proof
   */
  public static Proof decode(String text) {
    if (text == null || text.length() > MAX_TEXT) {
      throw malformed(ProofMistakes.ofText(text, "is too long"));
    }
    byte[] bytes = Given.base64(text);
    if (bytes == null) {
      throw malformed(ProofMistakes.ofText(text, "is not canonical base64url without padding"));
    }
    return decode(bytes);
  }

  /** The encoding, a new array. */
  public byte[] encode() {
    return ByteBuffer.allocate(HEADER_BYTES + hints.length + signature.length)
        .put((byte) VERSION)
        .put((byte) form.wireId())
        .put((byte) algorithm.wireId())
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

  /**
   * A proof that is good in time and signature and that its verifier had not seen. It counts as
   * used only when it is claimed, which only an allowed call does. For one thread.
   */
  public static final class Checked {
    private final Proof proof;
    private final PublicKey holder;
    private final AcceptedProofs.Unused unused;

    private Checked(Proof proof, PublicKey holder, AcceptedProofs.Unused unused) {
      this.proof = proof;
      this.holder = holder;
      this.unused = unused;
    }

    /**
     * Uses the proof, once.
     *
     * @param share whose part of the verifier's memory it takes
     * @throws TaperException as {@link AcceptedProofs.Unused#claim(MemoryShare)}
     */
    public void claim(MemoryShare share) {
      unused.claim(share);
    }

    /** Uses the proof, once, as {@link AcceptedProofs.Unused#claim(MemoryShare, Function)}. */
    public Answer claim(MemoryShare share, Function<ReplayMemory.Use, Answer> step) {
      return unused.claim(share, step);
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
   * What a service compares a proof with.
   *
   * @param stateDigest the SHA-256 digest of the signature of the token's last block
   * @param audience the service that verifies
   * @param approvals what came beside the token
   * @param sent what was sent; null if the holder asks what it may do
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Subject(
      byte[] stateDigest, Audience audience, SentApprovals approvals, @Nullable SentCall sent) {
    /**
     * Checks the digest.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has not 32 bytes
     */
    public Subject {
      if (stateDigest.length != DIGEST_BYTES) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a SHA-256 digest has " + DIGEST_BYTES + " bytes, not " + stateDigest.length);
      }
    }

    /**
     * Takes the state of a token as it is.
     *
     * @param tokenState the signature of the token's last block
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is empty
     */
    public static Subject of(
        byte[] tokenState, Audience audience, SentApprovals approvals, @Nullable SentCall sent) {
      return new Subject(Proof.stateDigest(tokenState), audience, approvals, sent);
    }

    /** The digests of all parts, in order. */
    private List<byte[]> digests() {
      List<byte[]> digests = new ArrayList<>(MAX_PARTS);
      digests.add(stateDigest);
      digests.add(audience.digest());
      digests.add(approvals.digest());
      if (sent != null) {
        for (SentCall.Part part : sent.parts()) {
          digests.add(part.digest());
        }
      }
      return digests;
    }
  }

  /**
   * Checks this proof, or throws. The time is looked at first, then the parts, the signature, and
   * whether it was used. The call may go ahead only when the result has been {@linkplain
   * Checked#claim claimed}: until then nothing is remembered, so neither forgeries nor refused
   * calls fill the memory or spend a nonce.
   *
   * @param holder the key that the token's last block names next
   * @param subject what the proof should be about
   * @param accepted when the service takes proofs, and which were used
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_EXPIRED}, {@link
   *     ErrorCode#HOLDER_PROOF_NOT_YET_VALID}, {@link ErrorCode#HOLDER_PROOF_MISMATCH} if it is for
   *     another token or by another key, {@link ErrorCode#REQUEST_MISMATCH} if it is for another
   *     request, or {@link ErrorCode#HOLDER_PROOF_REPLAYED}
   */
  public Checked check(PublicKey holder, Subject subject, AcceptedProofs accepted) {
    accepted.checkWindow(issuedAt);
    SentCall.Form expected = formOf(subject.sent());
    if (form != expected) {
      throw new TaperException(
          ErrorCode.REQUEST_MISMATCH,
          "the proof is for another form of request: for form "
              + form.wireId()
              + ", not "
              + expected.wireId());
    }
    List<byte[]> digests = subject.digests();
    compare(digests);
    if (holder.algorithm() != algorithm
        || !holder.verify(payload(form, algorithm, issuedAt, nonce, digests), signature)) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_MISMATCH,
          "the proof is not signed with the key of the token's holder");
    }
    return new Checked(this, holder, accepted.look(issuedAt, nonce, holder));
  }

  /** Compares the hints, which costs nothing; whether they are true, the signature says. */
  private void compare(List<byte[]> digests) {
    int other = firstOther(hints, digests);
    if (other == 0) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_MISMATCH,
          "the proof was made for another token, or before this one was changed");
    } else if (other > 0) {
      throw new TaperException(
          ErrorCode.REQUEST_MISMATCH,
          "the proof was made for another request: "
              + form.part(other)
              + " is not what was signed");
    }
  }

  /** The first digest that does not begin as its hint says; -1 if all do. */
  static int firstOther(byte[] hints, List<byte[]> digests) {
    for (int i = 0; i < digests.size(); i++) {
      int at = i * HINT_BYTES;
      if (!Arrays.equals(hints, at, at + HINT_BYTES, digests.get(i), 0, HINT_BYTES)) {
        return i;
      }
    }
    return -1;
  }

  /** What it covers beside the token, the audience and the approvals. */
  public SentCall.Form form() {
    return form;
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

  private static SentCall.Form formOf(@Nullable SentCall sent) {
    return sent == null ? SentCall.Form.OFFER : sent.form();
  }

  static byte[] hints(List<byte[]> digests) {
    ByteBuffer hints = ByteBuffer.allocate(digests.size() * HINT_BYTES);
    digests.forEach(digest -> hints.put(digest, 0, HINT_BYTES));
    return hints.array();
  }

  private static byte[] payload(
      SentCall.Form form, Algorithm algorithm, long issuedAt, byte[] nonce, List<byte[]> digests) {
    byte[] tag = form.tag();
    ByteBuffer payload =
        ByteBuffer.allocate(tag.length + HEADER_BYTES + digests.size() * DIGEST_BYTES)
            .put(tag)
            .put((byte) VERSION)
            .put((byte) form.wireId())
            .put((byte) algorithm.wireId())
            .putLong(issuedAt)
            .put(nonce);
    for (byte[] digest : digests) {
      payload.put(digest);
    }
    return payload.array();
  }

  private static byte[] stateDigest(byte[] tokenState) {
    if (tokenState.length == 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a token's state is its last signature, not nothing");
    }
    return Digests.sha256(tokenState);
  }

  static TaperException malformed(String why) {
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
    return "Proof(" + form + ", " + algorithm.text() + ", " + issuedAt() + ")";
  }
}
