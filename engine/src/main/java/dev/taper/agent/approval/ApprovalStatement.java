package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.CallPattern;
import dev.taper.crypto.Digests;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.datalog.Dates;
import dev.taper.datalog.Fact;
import dev.taper.token.UnverifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an approver says, word for word what is signed: which calls with which token, at which
 * services, how often, for how long. Nothing else has any effect. Immutable and thread-safe.
 */
public final class ApprovalStatement {
  /** The most services that an approval can name. */
  public static final int MAX_AUDIENCES = 64;

  /** The most patterns of calls. */
  public static final int MAX_PATTERNS = 16;

  /** The most calls that an approval can be good for, if they are counted. */
  public static final int MAX_USES = 10_000;

  /** The longest window of an approval with patterns. */
  public static final Duration LONGEST_PATTERNS = Duration.ofHours(1);

  /** The most bytes of a statement. */
  public static final int MAX_BYTES = 4096;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final String id;
  private final String state;
  private final boolean onward;
  private final SortedSet<String> audiences;
  private final @Nullable String meaning;
  private final List<CallPattern> patterns;
  private final @Nullable Integer uses;
  private final Instant from;
  private final Instant until;
  private final @Nullable String reason;
  private final byte[] bytes;

  private ApprovalStatement(Parts parts) {
    this.id = parts.id;
    this.state = parts.state;
    this.onward = parts.onward;
    this.audiences = Collections.unmodifiableSortedSet(new TreeSet<>(parts.audiences));
    this.meaning = parts.meaning;
    this.patterns = List.copyOf(parts.patterns);
    this.uses = parts.uses;
    this.from = parts.from;
    this.until = parts.until;
    this.reason = parts.reason;
    check();
    this.bytes = StatementJson.write(this).getBytes(StandardCharsets.UTF_8);
    require(bytes.length <= MAX_BYTES, "an approval says more than " + MAX_BYTES + " bytes");
  }

  /** Collects the parts. For one thread. */
  static final class Parts {
    String id = "";
    String state = "";
    boolean onward;
    SortedSet<String> audiences = new TreeSet<>();
    @Nullable String meaning;
    List<CallPattern> patterns = new ArrayList<>();
    @Nullable Integer uses;
    Instant from = Instant.EPOCH;
    Instant until = Instant.EPOCH;
    @Nullable String reason;

    /**
     * Checks everything that can be wrong with a statement.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT}; {@link ErrorCode#INVALID_REQUEST}
     *     for the name of a service or the reason
     */
    ApprovalStatement build() {
      return new ApprovalStatement(this);
    }
  }

  private void check() {
    require(ID.matcher(id).matches(), "an approval's id has 32 hex digits");
    require(DIGEST.matcher(state).matches(), "a token's state has 64 hex digits");
    require(
        !audiences.isEmpty() && audiences.size() <= MAX_AUDIENCES,
        "an approval names between 1 and " + MAX_AUDIENCES + " services");
    audiences.forEach(Canonical::audience);
    if (reason != null) {
      String unused = Canonical.reason(reason);
    }
    checkWindow();
    if (uses != null) {
      require(uses >= 1 && uses <= MAX_USES, "an approval is good for 1 to " + MAX_USES + " calls");
      require(
          audiences.size() == 1,
          "an approval for a number of calls is good at one service: what one remembers no other"
              + " knows");
    }
    if (meaning != null) {
      require(DIGEST.matcher(meaning).matches(), "the digest of a call has 64 hex digits");
      require(patterns.isEmpty(), "an approval is for one call or for patterns of calls");
      require(!onward, "an approval of one call is good for one holder");
    } else {
      checkPatterns();
    }
  }

  private void checkWindow() {
    require(
        Dates.isWritable(from.getEpochSecond())
            && Dates.isWritable(until.getEpochSecond())
            && from.equals(from.truncatedTo(ChronoUnit.SECONDS))
            && until.equals(until.truncatedTo(ChronoUnit.SECONDS))
            && from.isBefore(until),
        "the window of an approval has whole seconds, at least one, and ends by the year 9999");
  }

  private void checkPatterns() {
    require(
        !patterns.isEmpty() && patterns.size() <= MAX_PATTERNS,
        "an approval has between 1 and " + MAX_PATTERNS + " patterns of calls");
    require(uses != null, "an approval of patterns says for how many calls it is good");
    require(
        window().compareTo(LONGEST_PATTERNS) <= 0,
        "an approval of patterns is good for an hour at most");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, otherwise);
    }
  }

  /**
   * Reads a statement that somebody is to sign.
   *
   * @param json in the canonical form, as {@link #toJson} gives it
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL} if it is no statement in that form
   */
  public static ApprovalStatement parse(String json) {
    if (json.length() > MAX_BYTES) {
      throw new TaperException(ErrorCode.MALFORMED_APPROVAL, "the statement is too long");
    }
    try {
      return StatementJson.read(json);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.MALFORMED_APPROVAL
          ? e
          : new TaperException(ErrorCode.MALFORMED_APPROVAL, "the statement says nothing valid", e);
    }
  }

  /**
   * Signs exactly this.
   *
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}
   */
  public Approval sign(Signer approver) {
    return Approval.sign(approver, this);
  }

  /** What the approver calls it: 16 random bytes, in hexadecimal. */
  public String id() {
    return id;
  }

  /** The digest of the {@link State} for which it is good. */
  public String state() {
    return state;
  }

  /** True if it is good for those, too, to whom the token is handed on from there. */
  public boolean isOnward() {
    return onward;
  }

  /** The services at which it is good. */
  public SortedSet<String> audiences() {
    return audiences;
  }

  /** The digest of the one call, {@link ToolCall#digest}, in hexadecimal; null if by patterns. */
  public @Nullable String meaning() {
    return meaning;
  }

  /** The patterns of calls; empty if it is for one call. */
  public List<CallPattern> patterns() {
    return patterns;
  }

  /** For how many calls it is good; empty for any number. */
  public OptionalInt uses() {
    return uses == null ? OptionalInt.empty() : OptionalInt.of(uses);
  }

  /** The first instant at which it is good, a whole second. */
  public Instant from() {
    return from;
  }

  /** The first instant at which it is no longer good, a whole second. */
  public Instant until() {
    return until;
  }

  /** How long it is good. */
  public Duration window() {
    return Duration.between(from, until);
  }

  /** Why, as the approver says; or null. */
  public @Nullable String reason() {
    return reason;
  }

  /** True if the call is one of those that are approved, wherever it is made. */
  public boolean covers(ToolCall call) {
    if (meaning != null) {
      return meaning.equals(HexFormat.of().formatHex(call.digest()));
    }
    for (CallPattern pattern : patterns) {
      if (pattern.covers(call)) {
        return true;
      }
    }
    return false;
  }

  /** What is signed, as JSON in canonical form. */
  public String toJson() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ApprovalStatement other && toJson().equals(other.toJson());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** What is approved, in words for people. */
  public String words() {
    List<String> texts = new ArrayList<>();
    patterns.forEach(pattern -> texts.add(pattern.toString()));
    return "approves "
        + (meaning == null ? String.join("; or ", texts) : "the call with the digest " + meaning)
        + " at "
        + String.join(", ", audiences)
        + (uses == null ? "" : uses == 1 ? ", once" : ", " + uses + " times")
        + (onward ? ", also by those to whom the token is handed on" : "")
        + ", from "
        + from
        + " until "
        + until;
  }

  @Override
  public String toString() {
    return words();
  }

  /**
   * A token as one holder got it, as approvals name it: by the signature of the block that states
   * the holder. What the holder adds later only narrows, so it is the same state.
   *
   * @param block the index of that block
   * @param digest the SHA-256 digest of its signature, in hexadecimal
   */
  public record State(int block, String digest) {
    private static final String HOLDER = "holder";

    /** The states of a token that keeps the profile, the first holder's first; at least one. */
    public static List<State> of(UnverifiedToken token) {
      return of(token.blocks(), token.revocationIds());
    }

    /**
     * The states of a chain that keeps the profile.
     *
     * @param blocks its blocks
     * @param signatures their signatures, as they stand in the token
     */
    public static List<State> of(List<Block.Decoded> blocks, List<byte[]> signatures) {
      List<State> states = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        if (statesHolder(blocks.get(i).block())) {
          String digest = HexFormat.of().formatHex(Digests.sha256(signatures.get(i)));
          states.add(new State(i, digest));
        }
      }
      return List.copyOf(states);
    }

    private static boolean statesHolder(Block block) {
      for (Fact fact : block.facts()) {
        if (fact.predicate().name().equals(HOLDER)) {
          return true;
        }
      }
      return false;
    }
  }
}
