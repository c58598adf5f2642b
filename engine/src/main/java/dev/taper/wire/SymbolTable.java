package dev.taper.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The strings that a token's blocks refer to by number. The first 1,024 numbers are reserved; 28 of
 * them stand for strings that every implementation knows (Biscuit specification, "Symbol table").
 *
 * <p>Not thread-safe.
 */
final class SymbolTable {
  /** The number of the first symbol that is not a default one. */
  static final int FIRST = 1024;

  /** The number of the default symbol {@code query}, the head of a check's queries. */
  static final int QUERY = 27;

  private static final List<String> DEFAULTS =
      List.of(
          "read",
          "write",
          "resource",
          "operation",
          "right",
          "time",
          "role",
          "owner",
          "tenant",
          "namespace",
          "user",
          "team",
          "service",
          "admin",
          "email",
          "group",
          "member",
          "ip_address",
          "client",
          "client_ip",
          "domain",
          "path",
          "version",
          "cluster",
          "node",
          "hostname",
          "nonce",
          "query");

  // Not Map.copyOf: a HashMap finds out sooner that a symbol is none of them, as nearly all are.
  private static final Map<String, Integer> DEFAULT_IDS = defaultIds();

  private final List<String> symbols = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

  /** The string of a number, or null if there is none. */
  @Nullable String get(long id) {
    if (id >= FIRST && id - FIRST < symbols.size()) {
      return symbols.get((int) (id - FIRST));
    }
    return id >= 0 && id < DEFAULTS.size() ? DEFAULTS.get((int) id) : null;
  }

  /**
   * Adds the symbols that a block declares. One that occurs twice in the same block keeps both
   * numbers, as in the reference implementation.
   *
   * @return the index of a symbol that was in the table before, or -1 if there is none
   */
  int extend(List<String> declared) {
    int first = FIRST + symbols.size();
    for (int i = 0; i < declared.size(); i++) {
      String symbol = declared.get(i);
      Integer known = ids.putIfAbsent(symbol, FIRST + symbols.size());
      if (DEFAULT_IDS.containsKey(symbol) || (known != null && known < first)) {
        return i;
      }
      symbols.add(symbol);
    }
    return -1;
  }

  /** The number of a string, which is added if it is new. */
  int insert(String symbol) {
    Integer known = DEFAULT_IDS.get(symbol);
    if (known == null) {
      known = ids.get(symbol);
    }
    if (known != null) {
      return known;
    }
    int id = FIRST + symbols.size();
    ids.put(symbol, id);
    symbols.add(symbol);
    return id;
  }

  /** The number of symbols besides the default ones. */
  int size() {
    return symbols.size();
  }

  /** True if a symbol has more than one number. */
  boolean hasDuplicates() {
    return ids.size() < symbols.size();
  }

  /** The symbols added since the table had a size. */
  List<String> since(int size) {
    return List.copyOf(symbols.subList(size, symbols.size()));
  }

  private static Map<String, Integer> defaultIds() {
    Map<String, Integer> map = new HashMap<>();
    for (String symbol : DEFAULTS) {
      map.put(symbol, map.size());
    }
    return map;
  }
}
