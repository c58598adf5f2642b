package dev.taper.store.registry;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DenialCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the new rows that calls bring, so that no holder fills a registry: a holder can make any
 * number of tokens and keys, and a grant such as {@code jira.*} has any number of tools. A share
 * goes by the authority block, which an issuer signed: whatever is handed on from it shares it.
 * Beyond its share a call counts only for delegations that were told before, and without the name
 * of its tool; what is new waits for a later call. Thread-safe.
 */
final class RowLimiter {
  /** How many new rows an authority block may bring at once: several of the longest chains. */
  static final int BURST = 10_000;

  /** The time in which one more is allowed after those. */
  static final long MILLIS_PER_ROW = 100;

  private static final int MAX_SHARES = 10_000;
  private static final int MAX_TOLD = 50_000;

  /**
   * What is to be written of a call.
   *
   * @param uses the rows
   * @param news what is told with them, to be known from then on
   */
  record Allotted(Uses uses, List<String> news) {}

  /** How many more rows an authority block may bring; time gives them back. */
  private static final class Share {
    private double left = BURST;
    private long filled;

    Share(long now) {
      filled = now;
    }

    boolean take(int rows, long now) {
      long passed = Math.max(0, now - filled); // a clock can be set back
      left = Math.min(BURST, left + passed / (double) MILLIS_PER_ROW);
      filled = now;
      if (left < rows) {
        return false;
      }
      left -= rows;
      return true;
    }
  }

  /** Keeps what was asked for last. */
  private static final class Latest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Latest(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > most;
    }
  }

  // Guarded by this object.
  private final Map<String, Share> shares = new Latest<>(MAX_SHARES);
  private final Map<String, Boolean> told = new Latest<>(MAX_TOLD);

  /**
   * Decides what is to be written of a call.
   *
   * @param again true if a chain that is known is told again
   */
  Allotted allot(DecisionEvent event, boolean again) {
    Uses uses = new Uses();
    boolean allowed = event.decision().allowed();
    if (!allowed && !isHolders(event)) {
      return new Allotted(uses, List.of());
    }
    List<byte[]> revocationKeys = event.revocationKeys();
    List<String> ids = ChainRecord.ids(event.chain(), revocationKeys);
    String last = ids.get(ids.size() - 1);
    String tool = allowed ? event.decision().call().tool() : "";
    List<String> known = known(ids);
    boolean isNew = !known.contains(last);
    @Nullable ChainRecord chain =
        allowed && (isNew || again)
            ? ChainRecord.of(event.chain(), revocationKeys, event.rootKey())
            : null;
    int rows = isNew && chain != null ? chain.size() : 0;
    rows += known(List.of(use(last, tool))).isEmpty() ? ids.size() : 0;
    if (!admits(ids.get(0), rows, event.time())) {
      uses.call(known, ChainRecord.ANY_TOOL, event);
      return new Allotted(uses, List.of());
    }
    List<String> news = new ArrayList<>(List.of(use(last, tool)));
    if (chain != null) {
      uses.chain(chain);
      news.addAll(ids);
    }
    uses.call(ids, tool, event);
    return new Allotted(uses, news);
  }

  /** True for a denial that says something of the holder: it made a call, and was refused it. */
  private static boolean isHolders(DecisionEvent event) {
    return event.isProven()
        && event.decision() instanceof CallDecision.Denied denied
        && denied.code() != DenialCode.AUDIT_UNAVAILABLE;
  }

  /** Takes note that it is written, or will be. */
  synchronized void told(Allotted allotted) {
    allotted.news().forEach(news -> told.put(news, Boolean.TRUE));
  }

  private synchronized List<String> known(List<String> keys) {
    return keys.stream().filter(key -> told.get(key) != null).toList();
  }

  private synchronized boolean admits(String authority, int rows, Instant time) {
    long now = time.toEpochMilli();
    return shares.computeIfAbsent(authority, key -> new Share(now)).take(rows, now);
  }

  private static String use(String delegation, String tool) {
    return delegation + " " + tool;
  }
}
