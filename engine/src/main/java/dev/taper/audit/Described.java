package dev.taper.audit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which blocks a log has described since it was opened: what a block grants is written once,
 * not with every call. Bounded by starting anew, after which blocks are described again.
 * Thread-safe.
 */
final class Described {
  static final int MAX_BLOCKS = 65_536;

  private final Set<String> digests = ConcurrentHashMap.newKeySet();

  /** True if the block is to be described now; it is then added to the news. */
  boolean isNew(String digest, List<String> news) {
    if (!digests.add(digest)) {
      return false;
    }
    news.add(digest);
    if (digests.size() > MAX_BLOCKS) {
      digests.clear();
    }
    return true;
  }

  /** Forgets all, so that blocks are described again. */
  void forgetAll() {
    digests.clear();
  }

  /** Forgets descriptions that did not reach the log. */
  void forget(List<String> news) {
    digests.removeAll(news);
  }
}
