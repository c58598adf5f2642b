package dev.taper.server.mcp;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of all answers together waits for clients that have not taken it yet: each answer is
 * bounded alone, and a client can ask on very many connections and read none. Where there is no
 * room, whoever took nothing for longest is cut off. Thread-safe.
 */
final class UnreadRoom {
  private final long most;
  private final Map<HttpOutlet, Long> waiting = new LinkedHashMap<>(); // guarded by this
  private long bytes; // guarded by this

  /**
   * Makes a room.
   *
   * @param most the most bytes that wait; what waits for one client alone may be more
   */
  UnreadRoom(long most) {
    this.most = most;
  }

  /** A room of this process's memory. */
  static UnreadRoom ofMemory() {
    return new UnreadRoom(Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8));
  }

  /** How many bytes wait. */
  synchronized long bytes() {
    return bytes;
  }

  /** More waits for a client. */
  void add(HttpOutlet outlet, int more) {
    List<HttpOutlet> cut = new ArrayList<>();
    synchronized (this) {
      waiting.merge(outlet, (long) more, Long::sum);
      bytes += more;
      Iterator<Map.Entry<HttpOutlet, Long>> longest = waiting.entrySet().iterator();
      while (bytes > most && longest.hasNext()) {
        Map.Entry<HttpOutlet, Long> next = longest.next();
        if (next.getKey() != outlet) {
          bytes -= next.getValue();
          longest.remove();
          cut.add(next.getKey());
        }
      }
    }
    cut.forEach(HttpOutlet::cutOff);
  }

  /** A client has taken something. */
  synchronized void taken(HttpOutlet outlet, int less) {
    Long before = waiting.remove(outlet);
    if (before == null) {
      return; // it was cut off
    }
    bytes -=
        Math.min(before, less); // what was written before it was cut off does not wait any more
    if (before > less) {
      waiting.put(outlet, before - less); // behind all who took nothing since
    }
  }

  /** Nothing waits for a client any more. */
  synchronized void forget(HttpOutlet outlet) {
    Long left = waiting.remove(outlet);
    bytes -= left == null ? 0 : left;
  }
}
