package dev.taper.audit;

import dev.taper.TaperException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Chains of records that were read, by the token that each ends with. A chain is most of a record,
 * and stands in the record of each of its calls: so it is read once, and later records are read
 * without it. That only guesses what a record says. It counts if the guess, written, is the record
 * byte for byte, as for a record that was read whole; any other record is read whole. Bounded: all
 * is forgotten when there is no more room. Thread-safe.
 */
final class KnownChains {
  /** How many characters of JSON are kept; what was read from them takes about as much again. */
  private static final int MAX_CHARS = 1 << 24;

  private static final String BEFORE_CHAIN = ",\"hops\":";
  private static final String BEHIND_CHAIN = ",\"kind\":";
  private static final String BEHIND_TOKEN = "\",\"v\":" + RecordWriter.VERSION + "}";
  private static final int TOKEN_DIGITS = 64;

  private final Map<String, Chain> chains = new ConcurrentHashMap<>();
  private int chars; // guarded by this

  /**
   * A chain in a record.
   *
   * @param hops its steps
   * @param json the steps as they are written
   */
  record Chain(List<AuditHop> hops, String json) {}

  /**
   * Reads a record, as {@link AuditRecord#parse} does.
   *
   * @throws TaperException as {@link AuditRecord#parse}
   */
  AuditRecord parse(String json) {
    AuditRecord guessed = guess(json);
    if (guessed != null) {
      return guessed;
    }
    AuditRecord record = AuditRecord.parse(json);
    if (record.content() instanceof AuditEvent event) {
      learn(event);
    }
    return record;
  }

  /** The record if its chain is known; null if not, and for anything else. */
  @Nullable AuditRecord guess(String json) {
    int token = json.length() - BEHIND_TOKEN.length() - TOKEN_DIGITS;
    Chain chain = token < 0 ? null : chains.get(json.substring(token, token + TOKEN_DIGITS));
    int start = chain == null ? -1 : json.indexOf(BEFORE_CHAIN);
    if (chain == null || start < 0) {
      return null;
    }
    int end = start + BEFORE_CHAIN.length() + chain.json().length();
    if (!json.startsWith(BEHIND_CHAIN, end)) {
      return null; // another one of that token, such as one that says what was granted
    }
    String rest = json.substring(0, start) + json.substring(end);
    try {
      AuditRecord record = RecordReader.read(rest, chain);
      return record.json().equals(json) ? record : null;
    } catch (TaperException e) {
      return null; // reading it whole says what is wrong
    }
  }

  private void learn(AuditEvent event) {
    if (event.token() != null && !event.hops().isEmpty()) {
      keep(event.token(), new Chain(event.hops(), RecordWriter.hops(event.hops())));
    }
  }

  private synchronized void keep(String token, Chain chain) {
    Chain before = chains.put(token, chain);
    chars += chain.json().length() - (before == null ? 0 : before.json().length());
    if (chars > MAX_CHARS) {
      chains.clear();
      chars = 0;
    }
  }
}
