package dev.taper.wire;

import java.util.Arrays;
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
  /** The number of the first symbol that is not a default symbol. */
  static final int FIRST = 1024;

  /** The number of the default symbol {@code query}, the head of a check's queries. */
  static final int QUERY = 27;

  /**
   * A table with at most this many symbols, as nearly all have, is searched from its start, which
   * is faster than hashing. A larger table is hashed.
   */
  private static final int SCANNED = 32;

  private static final String[] DEFAULTS = {
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
    "query",
  };

  /** The length of {@code ip_address}. */
  private static final int LONGEST_DEFAULT = 10;

  // A HashMap, not Map.copyOf: it is faster at finding that a symbol is not among them, the usual
  // case.
  private static final Map<String, Integer> DEFAULT_IDS = defaultIds();

  private String[] symbols;
  private int size;

  /** The first number of each symbol; null while there are few. */
  private @Nullable Map<String, Integer> ids;

  SymbolTable() {
    this.symbols = new String[16];
  }

  /** Makes a copy. */
  SymbolTable(SymbolTable other) {
    this.symbols = other.symbols.clone();
    this.size = other.size;
    this.ids = other.ids == null ? null : new HashMap<>(other.ids);
  }

  /** Returns the string of a number, or null if there is none. */
  @Nullable String get(long id) {
    if (id >= FIRST && id - FIRST < size) {
      return symbols[(int) (id - FIRST)];
    }
    return id >= 0 && id < DEFAULTS.length ? DEFAULTS[(int) id] : null;
  }

  /**
   * Adds the symbols that a block declares. One that occurs twice in the same block keeps both
   * numbers, as in the reference implementation.
   *
   * @return the index of a symbol that was in the table before, or -1 if there is none
   */
  int extend(List<String> declared) {
    int first = size;
    for (int i = 0; i < declared.size(); i++) {
      String symbol = declared.get(i);
      int known = find(symbol, first);
      if (known >= 0 || defaultId(symbol) != null) {
        return i;
      }
      add(symbol);
    }
    return -1;
  }

  /** Adds the symbols that a decoded block declares; decoding has compared them with the table. */
  void addAll(List<String> declared) {
    for (int i = 0; i < declared.size(); i++) {
      add(declared.get(i));
    }
  }

  /** Returns the number of a string, which is added if it is new. */
  int insert(String symbol) {
    Integer known = defaultId(symbol);
    if (known != null) {
      return known;
    }
    int index = find(symbol, size);
    if (index < 0) {
      index = size;
      add(symbol);
    }
    return FIRST + index;
  }

  /** Returns the index of a symbol among the first ones, or -1 if it is not among them. */
  private int find(String symbol, int first) {
    if (ids != null) {
      Integer known = ids.get(symbol);
      return known != null && known < first ? known : -1;
    }
    for (int i = 0; i < first; i++) {
      if (symbols[i].equals(symbol)) {
        return i;
      }
    }
    return -1;
  }

  private void add(String symbol) {
    if (size == symbols.length) {
      symbols = Arrays.copyOf(symbols, size * 2);
    }
    symbols[size++] = symbol;
    if (ids != null) {
      ids.putIfAbsent(symbol, size - 1);
    } else if (size > SCANNED) {
      ids = index();
    }
  }

  private Map<String, Integer> index() {
    Map<String, Integer> map = new HashMap<>();
    for (int i = 0; i < size; i++) {
      map.putIfAbsent(symbols[i], i);
    }
    return map;
  }

  /** Returns the number of symbols besides the default ones. */
  int size() {
    return size;
  }

  /** True if a symbol has more than one number. */
  boolean hasDuplicates() {
    return (ids == null ? index() : ids).size() < size;
  }

  /** Returns the symbols added since the table had this size. */
  List<String> since(int start) {
    return List.of(Arrays.copyOfRange(symbols, start, size));
  }

  /**
   * Returns the number of a default symbol, or null; the text of most symbols need not even be
   * hashed.
   */
  private static @Nullable Integer defaultId(String symbol) {
    return symbol.length() > LONGEST_DEFAULT ? null : DEFAULT_IDS.get(symbol);
  }

  private static Map<String, Integer> defaultIds() {
    Map<String, Integer> map = new HashMap<>();
    for (String symbol : DEFAULTS) {
      map.put(symbol, map.size());
    }
    return map;
  }
}
