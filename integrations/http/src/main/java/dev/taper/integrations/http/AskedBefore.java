package dev.taper.integrations.http;

import dev.taper.TaperException;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which asks a holder made of calls that are alike, in this process, so that it is known when it
 * asks again after a no. Whoever refused may have done so anywhere: the store says it. Thread-safe.
 */
final class AskedBefore {
  /** How many are remembered: a holder that asks for very much pushes out what it asked first. */
  private static final int REMEMBERED = 4096;

  /** How many of a kind are looked up. */
  private static final int ALIKE = 4;

  /** For how long a no counts. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final AskStore store;
  private final Map<String, Before> all = new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Before> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Asks that are alike.
   *
   * @param names what the last ones are kept under
   * @param refused when it was known that somebody refused one; null if nobody did
   */
  private record Before(List<String> names, @Nullable Instant refused) {}

  AskedBefore(AskStore store) {
    this.store = store;
  }

  /** True if somebody refused the holder an approval of a call that is alike. */
  boolean isRefused(PublicKey holder, ToolCall call) {
    String about = about(holder, call);
    Before before;
    synchronized (this) {
      before = all.get(about);
    }
    if (before == null) {
      return false;
    }
    Instant now = store.now();
    if (before.refused() != null && now.isBefore(before.refused().plus(LONGEST))) {
      return true;
    }
    if (before.names().stream().noneMatch(this::isRefused)) {
      return false;
    }
    synchronized (this) {
      all.computeIfPresent(about, (any, one) -> new Before(List.of(), now));
    }
    return true;
  }

  private boolean isRefused(String name) {
    try {
      Ask ask = store.find(name);
      return ask != null && KeptAsk.read(ask).status().state() == AskStatus.State.REFUSED;
    } catch (TaperException e) {
      return false; // it changes no answer
    }
  }

  /** Remembers an ask that was made. */
  synchronized void made(PublicKey holder, ToolCall call, String name) {
    String about = about(holder, call);
    Before before = all.getOrDefault(about, new Before(List.of(), null));
    List<String> names = new ArrayList<>(before.names());
    names.add(name);
    List<String> latest = names.subList(Math.max(0, names.size() - ALIKE), names.size());
    all.put(about, new Before(List.copyOf(latest), before.refused()));
  }

  private static String about(PublicKey holder, ToolCall call) {
    return holder + " " + HexFormat.of().formatHex(call.likeness());
  }
}
