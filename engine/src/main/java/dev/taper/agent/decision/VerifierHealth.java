package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Fill;
import dev.taper.agent.memory.Budgets;
import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The health of a verifier, for its operator: what it stands on, how full its memories are, what it
 * could not do. Costs no look-up in a store. Immutable and thread-safe.
 *
 * @param at when, by the verifier's clock
 * @param calls how many calls are looked at; null if nothing limits that
 * @param revocation the revocation lists and where they come from; null if the verifier does
 *     without
 * @param stores what decisions wait for: shared memories of proofs and approvals, the listeners
 * @param replays the memory for proofs in this process
 * @param alone the proofs that are taken while the shared memory does not answer; null if none are
 * @param proofsWaitFor the time that the clock has to show before new proofs are taken again,
 *     because it was set back; null if it was not set back that far
 * @param approvalUses the memory for used approvals; null if it does not say
 * @param budgets the stores of budgets, by name
 * @param tokens the token cache; null without one
 * @param knownKeys the keys whose signatures take less time; all verifiers of the process share
 *     them
 * @param unrecordedDecisions how many times a listener could not take note of a decision
 * @param files the files that a {@link ReloadingVerifier} works by; otherwise none
 * @param observesOnly true if denied calls go ahead: {@link VerifierBuilder#observeOnly}
 * @param endings what ends at a known time: root keys, and certificates that servers showed
 * @param rootKeysEnded when the last of the root keys ended; null while one is trusted
 */
public record VerifierHealth(
    Instant at,
    @Nullable Calls calls,
    @Nullable RevocationHealth revocation,
    List<Store> stores,
    Fill replays,
    @Nullable Alone alone,
    @Nullable Instant proofsWaitFor,
    @Nullable Fill approvalUses,
    List<BudgetFill> budgets,
    TokenCache.@Nullable Statistics tokens,
    KnownKeys.Statistics knownKeys,
    long unrecordedDecisions,
    List<WatchedFile> files,
    boolean observesOnly,
    List<Ending> endings,
    @Nullable Instant rootKeysEnded) {
  /**
   * How long what failed again and again makes a service not ready after a call last tried it. With
   * calls that is as long as it is away.
   */
  public static final Duration UNTRIED = Duration.ofSeconds(10);

  /**
   * The health of something that decisions wait for.
   *
   * @param name what it is
   * @param code what calls are refused with that need it while it is away; null if they go ahead
   * @param reachable false while it is not asked because it failed again and again; every now and
   *     then one call tries
   * @param failuresInRow how many times it failed since it last answered, up to the number at which
   *     it is not asked any more
   * @param lastFailure its last failure, however long ago; null if there was none
   * @param asked how many times it was asked, ever
   * @param took how long all of that took together
   */
  public record Store(
      String name,
      @Nullable ErrorCode code,
      boolean reachable,
      int failuresInRow,
      FailureLog.@Nullable Failure lastFailure,
      long asked,
      Duration took) {
    /**
     * True while calls that need it are refused, and one of them tried it lately. After {@link
     * VerifierHealth#UNTRIED} this is false although nobody knows better: who sends no calls to a
     * process that is not ready must send one, or it would stay so for ever.
     *
     * @param at what time it is
     */
    boolean refuses(Instant at) {
      return code != null
          && !reachable
          && (lastFailure == null
              || Duration.between(lastFailure.at(), at).abs().compareTo(UNTRIED) < 0);
    }

    /** What is wrong with it, as one line; also if it failed and is asked again all the same. */
    public String trouble() {
      return name
          + (reachable ? " failed" : " failed again and again")
          + (lastFailure == null
              ? ""
              : ", last at "
                  + lastFailure.at().truncatedTo(ChronoUnit.SECONDS)
                  + ": "
                  + lastFailure.reason());
    }
  }

  /**
   * The calls of a verifier that {@linkplain VerifierBuilder#callsAtOnce limits} them, as they are
   * now.
   *
   * @param now how many are looked at
   * @param atOnce how many may be
   * @param waiting how many wait for that
   * @param mayWait how many may
   * @param shed how many were turned away, ever
   */
  public record Calls(int now, int atOnce, int waiting, int mayWait, long shed) {}

  /**
   * Proofs that were taken without the shared replay memory ({@link
   * VerifierBuilder#proofsOfOneProcessWhileAway}).
   *
   * @param since when the first call was not answered of those that go ahead alone; null if the
   *     memory answers and knows of all proofs
   * @param calls how many calls went ahead so, ever
   * @param untold how many of their proofs the memory does not know yet
   * @param goesOn true if the next call would go ahead, too; false once the time or the calls are
   *     used up, until the memory knows of all proofs
   */
  public record Alone(@Nullable Instant since, long calls, int untold, boolean goesOn) {
    /** What is given up at the moment, as one line for an operator; null if nothing is. */
    public @Nullable String warning() {
      if (since == null) {
        return null;
      }
      return "proofs are taken without the shared memory since "
          + since.truncatedTo(ChronoUnit.SECONDS)
          + (goesOn ? "" : ", and no more are")
          + ": it does not know "
          + untold
          + " of them, and other verifiers may take each once";
    }
  }

  /**
   * How full a store of budgets is.
   *
   * @param store its name
   * @param fill how many counters there are; null if it does not say
   */
  public record BudgetFill(String store, @Nullable Fill fill) {
    static List<BudgetFill> of(Map<String, Budgets> stores) {
      List<BudgetFill> fills = new ArrayList<>();
      stores.forEach((name, budgets) -> fills.add(new BudgetFill(name, budgets.fill())));
      return fills;
    }
  }

  /**
   * A file that a verifier works by.
   *
   * @param name what it holds
   * @param file where it is
   * @param modified when the contents in use were written, as the file said
   * @param error why the file as it is now is not in use, and an older one is; null if it is
   * @param lastFailure the last time that it could not be used, however long ago; null if there was
   *     none
   */
  public record WatchedFile(
      String name,
      String file,
      Instant modified,
      @Nullable ErrorCode error,
      FailureLog.@Nullable Failure lastFailure) {
    /** How old the contents in use are. */
    public Duration age(Instant at) {
      return Duration.between(modified, at);
    }
  }

  /**
   * Something that a process stands on and that ends.
   *
   * @param kind what it is
   * @param name the same for an operator, such as {@code root key 3}
   * @param at when it ends
   */
  public record Ending(Kind kind, String name, Instant at) {
    /** How long before something ends its operator is warned: a week. */
    public static final Duration NOTICE = Duration.ofDays(7);

    /** What ends. The certificate of a peer is the one that it showed last. */
    public enum Kind {
      /** A root key that is trusted. */
      ROOT_KEY,
      /** The certificate of a server of revocation lists. */
      LIST_SERVER,
      /** The certificate of a server that remembers what must not be forgotten. */
      STORE,
      /** A certificate of a listener of this process, its authorities for clients included. */
      LISTENER,
      /** The certificate of a server that this process stands before. */
      UPSTREAM,
      /** The certificate of a provider of sign-ins. */
      PROVIDER;

      /** The kind in lower case, as metrics name it. */
      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    static List<Ending> of(RootKeys rootKeys, @Nullable RevocationHealth lists) {
      List<Ending> all = new ArrayList<>();
      rootKeys.ends().forEach((name, at) -> all.add(new Ending(Kind.ROOT_KEY, name, at)));
      if (lists != null) {
        for (RevocationHealth.Source source : lists.sources()) {
          all.addAll(ofPeer(Kind.LIST_SERVER, source.name(), source.certificateEnds()));
        }
      }
      return all;
    }

    static @Nullable Instant ofAll(RootKeys rootKeys) {
      Instant last = null;
      for (Instant end : rootKeys.ends().values()) {
        last = last == null || end.isAfter(last) ? end : last;
      }
      return last == null || !rootKeys.candidates(OptionalInt.empty()).isEmpty() ? null : last;
    }

    /**
     * The certificate that a peer showed; empty if it showed none.
     *
     * @param peer its name for an operator, without anything secret
     */
    public static List<Ending> ofPeer(Kind kind, String peer, @Nullable Instant at) {
      return at == null
          ? List.of()
          : List.of(new Ending(kind, "the certificate that " + peer + " showed", at));
    }

    /**
     * What an operator should know now: what ends within {@link #NOTICE}, and certificates that
     * have ended. An ended root key among others is what a rotation leaves.
     */
    public static List<String> warnings(List<Ending> endings, Instant now) {
      List<String> warnings = new ArrayList<>();
      for (Ending each : endings) {
        boolean hasEnded = !now.isBefore(each.at);
        if (now.plus(NOTICE).isBefore(each.at) || (hasEnded && each.kind == Kind.ROOT_KEY)) {
          continue;
        }
        warnings.add(each.name + (hasEnded ? " ended at " : " ends at ") + seconds(each.at));
      }
      return warnings;
    }

    /**
     * How long it is until the first thing of a kind ends, in seconds: of root keys the first that
     * has not ended, or if all have, the last; NaN if none is known.
     */
    public static double secondsLeft(List<Ending> endings, Kind kind, Instant now) {
      double left = Double.NaN; // of what has not ended, or of any certificate
      double ended = Double.NaN;
      for (Ending each : endings) {
        if (each.kind != kind) {
          continue;
        }
        double seconds = Duration.between(now, each.at).toMillis() / 1e3;
        if (seconds <= 0 && kind == Kind.ROOT_KEY) {
          ended = Double.isNaN(ended) ? seconds : Math.max(ended, seconds);
        } else {
          left = Double.isNaN(left) ? seconds : Math.min(left, seconds);
        }
      }
      return Double.isNaN(left) ? ended : left;
    }
  }

  /** Copies the lists. */
  public VerifierHealth {
    stores = List.copyOf(stores);
    budgets = List.copyOf(budgets);
    files = List.copyOf(files);
    endings = List.copyOf(endings);
  }

  /** Returns a copy in which more things end. */
  public VerifierHealth withEndings(List<Ending> more) {
    List<Ending> all = new ArrayList<>(endings);
    all.addAll(more);
    return with(files, all);
  }

  VerifierHealth with(List<WatchedFile> others) {
    return with(others, endings);
  }

  private VerifierHealth with(List<WatchedFile> others, List<Ending> ends) {
    return new VerifierHealth(
        at,
        calls,
        revocation,
        stores,
        replays,
        alone,
        proofsWaitFor,
        approvalUses,
        budgets,
        tokens,
        knownKeys,
        unrecordedDecisions,
        others,
        observesOnly,
        ends,
        rootKeysEnded);
  }

  /**
   * Why calls are refused that should be allowed.
   *
   * @param code what they are refused with
   * @param text one sentence for an operator, which may name files, stores and keys
   */
  public record Reason(String code, String text) {}

  /**
   * True if nothing that is known here makes the verifier refuse calls that it should allow: there
   * are no {@link #reasons}.
   */
  public boolean ready() {
    return reasons().isEmpty();
  }

  /**
   * Everything that is known here and makes the verifier refuse calls that it should allow. A
   * replay memory that does not answer is no reason while the verifier works without it.
   */
  public List<Reason> reasons() {
    List<Reason> reasons = new ArrayList<>();
    boolean doesWithout = alone != null && alone.goesOn();
    for (Store store : stores) {
      ErrorCode code = store.code();
      if (code != null
          && store.refuses(at)
          && !(doesWithout && store.name().equals(Behind.REPLAYS))) {
        // A look-up that failed has a code of its own, and calls are refused as without a list.
        boolean isLookUp = code == ErrorCode.REVOCATION_MEMORY;
        reasons.add(
            new Reason(
                isLookUp ? DenialCode.REVOCATION_UNAVAILABLE.text() : code.text(),
                store.trouble()));
      }
    }
    if (proofsWaitFor != null) {
      reasons.add(
          new Reason(
              DenialCode.PROOF_EXPIRED.text(),
              "the clock was set back, and shows "
                  + seconds(at)
                  + ": new proofs count as too old until it shows "
                  + seconds(proofsWaitFor)
                  + " again, or until the process starts anew"));
    }
    if (rootKeysEnded != null) {
      reasons.add(
          new Reason(
              ErrorCode.UNKNOWN_ROOT_KEY.text(),
              "the last of the root keys ended at "
                  + seconds(rootKeysEnded)
                  + ", and the clock shows "
                  + seconds(at)));
    }
    if (revocation != null && !revocation.fresh()) {
      reasons.add(reason(revocation));
    }
    return reasons;
  }

  /** What is well enough now and may not stay so, a line each; empty if there is nothing. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    String away = alone == null ? null : alone.warning();
    if (away != null) {
      warnings.add(away);
    }
    for (Store store : stores) {
      if (store.failuresInRow() > 0 && !store.refuses(at)) {
        warnings.add(store.trouble());
      }
    }
    for (WatchedFile file : files) {
      if (file.error() != null) {
        warnings.add(
            file.name()
                + " is not used as it is now, but as it was at "
                + seconds(file.modified())
                + (file.lastFailure() == null ? "" : ": " + file.lastFailure().reason()));
      }
    }
    warnings.addAll(Ending.warnings(endings, at));
    if (revocation != null && revocation.fresh()) {
      for (RevocationHealth.Issued list : revocation.lists()) {
        if (at.isAfter(list.nextUpdate())) {
          warnings.add(
              "the revocation list of "
                  + list.issuer()
                  + " should be newer since "
                  + seconds(list.nextUpdate())
                  + "; it can be relied on until "
                  + seconds(list.staleAfter()));
        }
      }
    }
    return warnings;
  }

  private Reason reason(RevocationHealth lists) {
    StringBuilder text = new StringBuilder();
    for (RevocationHealth.Issued list : lists.lists()) {
      if (at.plus(lists.setBack()).isAfter(list.staleAfter())) {
        text.append("the revocation list ")
            .append(list.sequence())
            .append(" of ")
            .append(list.issuer())
            .append(" could be relied on until ")
            .append(seconds(list.staleAfter()))
            .append(", and the clock shows ")
            .append(seconds(at))
            .append("; ");
      }
    }
    if (text.isEmpty()) {
      text.append("there is no revocation list, or none of one of its issuers; ");
    } else if (!lists.setBack().isZero()) {
      text.append("the clock was ahead by ")
          .append(lists.setBack().toSeconds())
          .append(
              " s and was set back: lists age by the later time until the process starts anew; ");
    }
    for (RevocationHealth.Source source : lists.sources()) {
      FailureLog.Failure failure = source.failure();
      if (failure != null) {
        text.append(source.name()).append(": ").append(failure.reason()).append("; ");
      }
    }
    DenialCode code =
        lists.status() == RevocationStatus.STALE
            ? DenialCode.REVOCATION_STALE
            : DenialCode.REVOCATION_UNAVAILABLE;
    return new Reason(code.text(), text.substring(0, text.length() - 2));
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
