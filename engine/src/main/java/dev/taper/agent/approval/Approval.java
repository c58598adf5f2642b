package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A signed yes to calls with one token, which travels beside it. It has one effect: its key is
 * among the approvers of the calls that it covers. Which keys count is for grants and policies to
 * say.
 *
 * <p>Encoded as {@code version(1) ‖ algorithm(1) ‖ key ‖ length of the signature(1) ‖ signature ‖
 * statement}. The signature covers {@code "\0TAPER\0APPROVAL\0" ‖ version ‖ algorithm ‖ key ‖
 * statement}. Immutable and thread-safe.
 */
public final class Approval {
  /** The version that is made and read. */
  public static final int VERSION = 1;

  private static final byte[] TAG = "\0TAPER\0APPROVAL\0".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_KEY = 33;

  /** The most bytes of an approval. */
  private static final int MAX_BYTES =
      3 + MAX_KEY + Signatures.MAX_BYTES + ApprovalStatement.MAX_BYTES;

  private final PublicKey approver;
  private final byte[] signature;
  private final ApprovalStatement statement;

  private Approval(PublicKey approver, byte[] signature, ApprovalStatement statement) {
    this.approver = approver;
    this.signature = signature;
    this.statement = statement;
  }

  static Approval sign(Signer approver, ApprovalStatement statement) {
    PublicKey key = approver.publicKey();
    return new Approval(key, Signatures.sign(approver, payload(key, statement)), statement);
  }

  /**
   * Reads an approval. Whether its signature is good, {@link #isSigned} says.
   *
   * @param bytes the encoding, and nothing behind it
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL} if they are not an approval of this
   *     version
   */
  public static Approval decode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw malformed("is too long", null);
    }
    if (bytes.length < 2 || bytes[0] != VERSION) {
      throw malformed("is not of version " + VERSION, null);
    }
    Algorithm algorithm = Algorithm.ofWireId(bytes[1]);
    if (algorithm == null) {
      throw malformed("has the unknown algorithm " + (bytes[1] & 0xff), null);
    }
    int keyEnd = 2 + algorithm.publicKeyBytes();
    if (bytes.length <= keyEnd) {
      throw malformed("is too short", null);
    }
    int signatureEnd = keyEnd + 1 + (bytes[keyEnd] & 0xff);
    if (bytes.length < signatureEnd || !Signatures.canHave(signatureEnd - keyEnd - 1, algorithm)) {
      throw malformed("has a signature of another length", null);
    }
    try {
      return new Approval(
          PublicKey.of(algorithm, Arrays.copyOfRange(bytes, 2, keyEnd)),
          Arrays.copyOfRange(bytes, keyEnd + 1, signatureEnd),
          StatementJson.read(text(bytes, signatureEnd)));
    } catch (TaperException e) {
      throw e.code() == ErrorCode.MALFORMED_APPROVAL ? e : malformed("says nothing valid", e);
    }
  }

  private static String text(byte[] bytes, int start) {
    String text = Given.utf8(Arrays.copyOfRange(bytes, start, bytes.length));
    if (text == null) {
      throw malformed("is not UTF-8", null);
    }
    return text;
  }

  /**
   * Reads an approval from text.
   *
   * @param text canonical base64url without padding
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL} if it is not that, or no approval
   */
  public static Approval decode(String text) {
    return decode(SentApprovals.bytes(text));
  }

  /**
   * Reads all approvals that come with a token.
   *
   * @throws TaperException as {@link #decode(byte[])}
   */
  public static List<Approval> decode(SentApprovals approvals) {
    List<Approval> all = new ArrayList<>();
    approvals.encoded().forEach(one -> all.add(decode(one)));
    return List.copyOf(all);
  }

  /** The encoding, a new array. */
  public byte[] encode() {
    byte[] key = approver.bytes();
    byte[] said = statement.bytes();
    return ByteBuffer.allocate(3 + key.length + signature.length + said.length)
        .put((byte) VERSION)
        .put((byte) approver.algorithm().wireId())
        .put(key)
        .put((byte) signature.length)
        .put(signature)
        .put(said)
        .array();
  }

  /** The encoding in base64url without padding. */
  public String encodeBase64() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(encode());
  }

  /** Whose key is said to have signed it. */
  public PublicKey approver() {
    return approver;
  }

  /** What is approved. */
  public ApprovalStatement statement() {
    return statement;
  }

  /** True if the signature is by the approver's key, over this statement. */
  public boolean isSigned() {
    return approver.verify(payload(approver, statement), signature);
  }

  /**
   * What it is called in records: the approver's key, a space, and the id. No approver can name
   * what another one approved.
   */
  public String name() {
    return approver + " " + statement.id();
  }

  /**
   * One use of it.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if its uses are not counted
   */
  public ApprovalUses.Use use() {
    byte[] name = name().getBytes(StandardCharsets.US_ASCII);
    return new ApprovalUses.Use(
        HexFormat.of().formatHex(Digests.sha256(name)),
        statement.until(),
        statement.uses().orElse(0));
  }

  private static byte[] payload(PublicKey key, ApprovalStatement statement) {
    byte[] point = key.bytes();
    byte[] said = statement.bytes();
    return ByteBuffer.allocate(TAG.length + 2 + point.length + said.length)
        .put(TAG)
        .put((byte) VERSION)
        .put((byte) key.algorithm().wireId())
        .put(point)
        .put(said)
        .array();
  }

  private static TaperException malformed(String why, @Nullable Throwable cause) {
    return new TaperException(ErrorCode.MALFORMED_APPROVAL, "the approval " + why, cause);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Approval other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  /** Who approves what. */
  @Override
  public String toString() {
    return approver + " " + statement.words();
  }

  /**
   * The terms on which an approver approves. Without more, it is exactly the call that was asked
   * for, at the service that was asked for, as often as it is made. {@link
   * ApprovalRequest#statement} checks the terms. Immutable and thread-safe; every method returns a
   * changed copy.
   */
  public static final class Terms {
    private final Duration window;
    private final SortedSet<String> audiences;
    private final List<CallPattern> patterns;
    private final @Nullable Integer onwardFrom;
    private final @Nullable Integer uses;
    private final @Nullable String reason;

    private Terms(
        Duration window,
        SortedSet<String> audiences,
        List<CallPattern> patterns,
        @Nullable Integer onwardFrom,
        @Nullable Integer uses,
        @Nullable String reason) {
      this.window = window;
      this.audiences = new TreeSet<>(audiences);
      this.patterns = List.copyOf(patterns);
      this.onwardFrom = onwardFrom;
      this.uses = uses;
      this.reason = reason;
    }

    /**
     * Terms for exactly the call that was asked for.
     *
     * @param window for how long, counted from signing, in whole seconds
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has fractions of a second
     */
    public static Terms lasting(Duration window) {
      if (!window.equals(window.truncatedTo(ChronoUnit.SECONDS))) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the window of an approval has whole seconds");
      }
      return new Terms(window, new TreeSet<>(), List.of(), null, null, null);
    }

    /** Names these services instead of the one that was asked for. */
    public Terms at(Collection<String> services) {
      return new Terms(window, new TreeSet<>(services), patterns, onwardFrom, uses, reason);
    }

    /** Allows one call only. */
    public Terms once() {
      return uses(1);
    }

    /**
     * Allows a number of calls; a verifier takes such an approval for a day at most, by default.
     */
    public Terms uses(int calls) {
      return new Terms(window, audiences, patterns, onwardFrom, calls, reason);
    }

    /** Approves all calls of these patterns instead of the one that was asked for, in a number. */
    public Terms calls(Collection<CallPattern> calls) {
      return new Terms(window, audiences, List.copyOf(calls), onwardFrom, uses, reason);
    }

    /**
     * Makes it good for everybody who has the token from some holder on; for patterns only. All of
     * them share the number of calls.
     *
     * @param block the index of the block by which that holder got the token
     */
    public Terms onwardFrom(int block) {
      return new Terms(window, audiences, patterns, block, uses, reason);
    }

    /** Adds why, one line of visible text of at most 1 KiB. */
    public Terms because(String why) {
      return new Terms(window, audiences, patterns, onwardFrom, uses, why);
    }

    Duration window() {
      return window;
    }

    @Nullable Integer onwardFrom() {
      return onwardFrom;
    }

    /** Puts the terms into a statement that asks for a call at a service. */
    void addTo(ApprovalStatement.Parts parts, String audience, String meaning) {
      parts.audiences = audiences.isEmpty() ? new TreeSet<>(List.of(audience)) : audiences;
      parts.patterns = patterns;
      parts.meaning = patterns.isEmpty() ? meaning : null;
      parts.onward = onwardFrom != null;
      parts.uses = uses;
      parts.reason = reason;
    }

    /** For how long, and for what. */
    @Override
    public String toString() {
      return "ApprovalTerms(" + window + ", " + (patterns.isEmpty() ? "the call" : patterns) + ")";
    }
  }
}
