package dev.taper.integrations.mcp;

import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.HttpRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * To whom something belongs that lasts longer than a call: a session, a subscription, an open
 * stream. It belongs to the {@linkplain DelegationChain#lineage lineage} whose token was verified
 * in it first, and lasts as long as the newest of those tokens, which is judged again and again.
 * Thread-safe.
 */
public final class SessionOwner {
  private static final String UPDATED = "notifications/resources/updated";

  /** How old a judgement may be. */
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  /** With these, nobody knows: nothing flows meanwhile, and nothing ends. */
  private static final Set<DenialCode> SUSPENDING =
      Set.of(
          DenialCode.REVOCATION_STALE,
          DenialCode.REVOCATION_UNAVAILABLE,
          DenialCode.HELD_BACK,
          DenialCode.NOT_YET_VALID);

  /** How it stands. */
  public enum State {
    /** No token was presented in it. */
    NOBODYS,
    /** It is somebody's, who may use it. */
    LIVE,
    /** Whether its owner may use it is not known just now. */
    SUSPENDED,
    /** The newest token has ended, or is revoked. */
    ENDED
  }

  private record Judged(State state, @Nullable McpShown shown, @Nullable String code) {}

  private static final Judged NOBODYS = new Judged(State.NOBODYS, null, null);
  private static final Judged SUSPENDED = new Judged(State.SUSPENDED, null, null);

  private final McpGuard guard;
  private final LongSupplier ticker;
  private @Nullable String lineage; // guarded by this
  private @Nullable String newest; // token; guarded by this
  private @Nullable Instant end; // of the newest, null if it has none; guarded by this
  private @Nullable Judged judged; // guarded by this
  private long judgedAt; // guarded by this

  private SessionOwner(McpGuard guard, LongSupplier ticker) {
    this.guard = guard;
    this.ticker = ticker;
  }

  /** Nobody owns it yet. */
  public static SessionOwner nobody(McpGuard guard) {
    return nobody(guard, System::nanoTime);
  }

  /**
   * Nobody owns it yet.
   *
   * @param ticker nanoseconds that only go forward
   */
  public static SessionOwner nobody(McpGuard guard, LongSupplier ticker) {
    return new SessionOwner(Given.that(guard, "the guard"), ticker);
  }

  /**
   * Takes note of a token that was verified in it, with its holder's proof. The first one's lineage
   * owns it; of several, the one that ends last is the newest.
   *
   * @param token in base64url
   * @param chain the token's own, verified
   * @return false if it belongs to another lineage; then nothing of it may be used
   */
  public synchronized boolean present(String token, DelegationChain chain) {
    String of = chain.lineage();
    if (lineage != null && !lineage.equals(of)) {
      return false;
    }
    boolean isFirst = lineage == null;
    lineage = of;
    Instant ends = chain.effectiveAuthority().expiry();
    boolean isEarlier = ends != null && (end == null || ends.isBefore(end));
    if ((isFirst || !isEarlier) && !token.equals(newest)) {
      newest = token;
      end = ends;
      judged = null;
    }
    return true;
  }

  /**
   * Takes note of a token as {@link #present}, and makes its lineage the owner: where a process is
   * the session, and whoever can write to it has it.
   */
  public synchronized void take(String token, DelegationChain chain) {
    String of = chain.lineage();
    if (!of.equals(lineage)) {
      lineage = null;
    }
    var unused = present(token, chain);
  }

  /** How it stands now. */
  public State state() {
    return judged().state();
  }

  /** Why it has ended, as a stable code; null if it has not. */
  public @Nullable String code() {
    return judged().code();
  }

  /** True once a token was verified in it: then it is somebody's, whatever became of the token. */
  public synchronized boolean isOwned() {
    return lineage != null;
  }

  /** True if its owner may use it now. */
  public boolean isLive() {
    return state() == State.LIVE;
  }

  /**
   * True if its owner may read a resource now, as far as the chain says.
   *
   * @param uri as the server names it
   */
  public boolean mayRead(String uri) {
    McpShown shown = judged().shown();
    return shown != null && shown.resource(uri);
  }

  /**
   * True if its owner may have a message of the server now, as far as the chain says.
   *
   * @param method of a notification or a request
   * @param params its parameters
   */
  public boolean mayHave(String method, @Nullable Map<String, ?> params) {
    return method.equals(UPDATED)
        ? params != null && params.get("uri") instanceof String uri && mayRead(uri)
        : isLive();
  }

  /** What everybody reads who is not of a session's lineage, or comes after its end. */
  public static HttpRefusal wrongSession() {
    return HttpRefusal.of(404, "wrong_session", "the session is of another lineage, or has ended");
  }

  private synchronized Judged judged() {
    String token = newest;
    if (token == null) {
      return NOBODYS;
    }
    long now = ticker.getAsLong();
    Judged last = judged;
    if (last == null || now - judgedAt > MAX_AGE.toNanos()) {
      last = judge(token);
      judged = last;
      judgedAt = now;
    }
    return last;
  }

  private Judged judge(String token) {
    try {
      ToolOffer offer = guard.standing(token);
      DenialCode code = offer.code();
      if (code == null) {
        return new Judged(State.LIVE, guard.shown(offer), null);
      }
      return SUSPENDING.contains(code) ? SUSPENDED : new Judged(State.ENDED, null, code.text());
    } catch (TaperException e) {
      boolean isForged =
          switch (e.code().category()) {
            case FORMAT, SIGNATURE, KEY -> true; // such as of a root key that was retired
            default -> false;
          };
      return isForged ? new Judged(State.ENDED, null, e.code().text()) : SUSPENDED;
    } catch (RuntimeException e) {
      return SUSPENDED; // nobody knows, so nothing flows
    }
  }

  /** How it stands; nothing of the token. */
  @Override
  public String toString() {
    return "SessionOwner(" + state() + ")";
  }
}
