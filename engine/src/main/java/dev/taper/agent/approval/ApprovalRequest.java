package dev.taper.agent.approval;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Dates;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for the approval of one call, at one service, with one token. The holder makes it, or
 * the service from a call that it refused, so that no agent says what the call means. It carries
 * the token, so that the approver reads the chain from what is signed; without the holder's key the
 * token is of no use. The reason is a claim. Immutable and thread-safe.
 */
public final class ApprovalRequest {
  /**
   * An ask: a request that a service keeps, and what was answered. Immutable and thread-safe.
   *
   * @param name what it is found by: SHA-256 of its id, in hexadecimal, so that nobody finds an ask
   *     by what a store holds
   * @param share whose part of the room it takes
   * @param until when it ends
   * @param content what the service wrote, as text
   * @param revision 0 at first, and one more for each change
   */
  public record Ask(String name, MemoryShare share, Instant until, String content, int revision) {
    /** What an ask takes of the room beside its content, in bytes. */
    public static final int OVERHEAD = 1024;

    /** What it takes of the room, in bytes: its content in UTF-8, and the overhead. */
    public long size() {
      return (long) OVERHEAD + content.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The same ask with another content. */
    public Ask changed(String newContent) {
      return new Ask(name, share, until, newContent, revision + 1);
    }

    /** When it ends; nothing of what it says. */
    @Override
    public String toString() {
      return "Ask(until " + until + ")";
    }

    /**
     * What a store tells of an ask without its content.
     *
     * @param name as {@link Ask#name}
     * @param until when it ends
     * @param revision which of its contents is kept
     */
    public record Head(String name, Instant until, int revision) {}
  }

  /**
   * Keeps the asks of a service, until they end. The room is bounded in bytes, and so in number,
   * and shared by {@link MemoryShare.Room}. Used from any thread. A store that may wait gives up at
   * {@link dev.taper.Deadline#current}.
   *
   * <p>Every method throws a {@link TaperException} if the store cannot be asked; then nothing was
   * changed, as far as the caller can know.
   */
  public interface Asks {
    /** The default for the room, in bytes: 5,000 asks of the usual size. */
    long DEFAULT_ROOM = 32L << 20;

    /** Keeps asks in this process, with {@link #DEFAULT_ROOM}. */
    static Asks inMemory() {
      return inMemory(DEFAULT_ROOM);
    }

    /**
     * Keeps asks in this process: for a service of one machine, which forgets them when it starts
     * anew.
     *
     * @param room the most bytes of all asks, at least 1
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a room below 1
     */
    static Asks inMemory(long room) {
      return new InMemoryAsks(room);
    }

    /** What became of something to keep. */
    enum Kept {
      /** It is kept. */
      YES,
      /** There is no room for it. */
      NO_ROOM,
      /** The ask was changed meanwhile, or is not there any more. */
      CHANGED
    }

    /**
     * Keeps a new ask.
     *
     * @param ask of revision 0, with a name that nobody has
     * @param now the time; what ended by then may be forgotten
     */
    @CheckReturnValue
    Kept add(Ask ask, Instant now);

    /** Finds an ask that has not ended; null if there is none of that name. */
    @Nullable Ask find(String name, Instant now);

    /**
     * Lists the asks that have not ended, the one that ends first first, so that a queue reads only
     * what it has not read yet. There are no more than the room has space for.
     */
    List<Ask.Head> heads(Instant now);

    /**
     * Keeps a changed ask instead of the one that it was made from. Of several who change one ask
     * at the same time, one succeeds. The whole room is all that bounds it, and no share.
     *
     * @param changed of the revision after the one that is kept
     */
    @CheckReturnValue
    Kept replace(Ask changed, Instant now);
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final UnverifiedToken token;
  private final ToolCall call;
  private final String audience;
  private final String reason;
  private final @Nullable String catalog;

  private ApprovalRequest(
      UnverifiedToken token,
      ToolCall call,
      String audience,
      String reason,
      @Nullable String catalog) {
    this.token = token;
    this.call = call;
    this.audience = audience;
    this.reason = reason;
    this.catalog = catalog;
  }

  /**
   * Makes a request.
   *
   * @param token a held token; its holder may narrow it while the approver thinks
   * @param call the call; if a catalog made it, the request says which
   * @param audience the service that is to be called, such as {@code svc:jira}
   * @param reason why, one line of visible text of at most 1 KiB
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not a held one;
   *     {@link ErrorCode#INVALID_REQUEST} for the audience or the reason
   */
  public static ApprovalRequest of(
      UnverifiedToken token, ToolCall call, String audience, String reason) {
    return of(token, call, audience, reason, call.catalogDigest());
  }

  static ApprovalRequest of(
      UnverifiedToken token,
      ToolCall call,
      String audience,
      String reason,
      @Nullable String catalog) {
    if (token.kind() != Token.Kind.HELD) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "only the holder of a held token can ask for an approval");
    }
    return new ApprovalRequest(
        token, call, Canonical.audience(audience), Canonical.reason(reason), catalog);
  }

  /**
   * Reads a request. Nothing of it is verified.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_APPROVAL_REQUEST}, or what is wrong with the
   *     token or the call
   */
  public static ApprovalRequest decode(String json) {
    return ApprovalRequestJson.read(json);
  }

  /** The request as a JSON object. */
  public String encode() {
    return ApprovalRequestJson.write(this);
  }

  /** The token, which an approver verifies before believing anything that it says. */
  public UnverifiedToken token() {
    return token;
  }

  /** The call that is to be approved. */
  public ToolCall call() {
    return call;
  }

  /** The service at which it is to be made. */
  public String audience() {
    return audience;
  }

  /** Why, as whoever asks says. */
  public String reason() {
    return reason;
  }

  /**
   * The digest of the catalog that is said to have made the call, in hexadecimal; null if the
   * holder says what it means. If that is not true, the approval covers no call at the service.
   */
  public @Nullable String catalogDigest() {
    return catalog;
  }

  /**
   * Says what would be signed, to show it before. Unless the terms say more, it is good for the
   * present holder of the token, whatever that narrows, and for no other token.
   *
   * @param terms on what terms
   * @param clock the approver's time
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the terms contradict each other,
   *     or the window is not between the years 1970 and 9999; {@link ErrorCode#INVALID_REQUEST} for
   *     the name of a service or the reason
   */
  public ApprovalStatement statement(Approval.Terms terms, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    ApprovalStatement.Parts parts = new ApprovalStatement.Parts();
    parts.id = HexFormat.of().formatHex(id);
    parts.state = state(terms.onwardFrom()).digest();
    parts.from = now;
    parts.until = Dates.end(now, terms.window());
    terms.addTo(parts, audience, HexFormat.of().formatHex(call.digest()));
    return parts.build();
  }

  /** The state by which the present holder got the token, or another one got it by a block. */
  private ApprovalStatement.State state(@Nullable Integer block) {
    List<ApprovalStatement.State> states = ApprovalStatement.State.of(token);
    for (ApprovalStatement.State state : states) {
      if (block != null && state.block() == block) {
        return state;
      }
    }
    if (block != null || states.isEmpty()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "nobody got the token by the block that the terms name");
    }
    return states.get(states.size() - 1);
  }

  /**
   * Approves the call.
   *
   * @param approver the approver's key
   * @param terms on what terms
   * @param clock the approver's time
   * @throws TaperException as {@link #statement}, or {@link ErrorCode#SIGNING_FAILED}
   */
  public Approval approve(Signer approver, Approval.Terms terms, Clock clock) {
    return statement(terms, clock).sign(approver);
  }

  /** The call without its arguments. */
  @Override
  public String toString() {
    return "ApprovalRequest(" + call + ")";
  }
}
