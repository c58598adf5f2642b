package dev.taper.wire;

import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that the scopes of a token's blocks refer to by number.
 *
 * <p>Not thread-safe.
 */
final class KeyTable {
  private final List<PublicKey> keys;
  private final Map<PublicKey, Integer> ids;

  KeyTable() {
    this.keys = new ArrayList<>();
    this.ids = new HashMap<>();
  }

  /** Makes a copy. */
  KeyTable(KeyTable other) {
    this.keys = new ArrayList<>(other.keys);
    this.ids = new HashMap<>(other.ids);
  }

  /** Returns the key of a number, or null if there is none. */
  @Nullable PublicKey get(long id) {
    return id >= 0 && id < keys.size() ? keys.get((int) id) : null;
  }

  /**
   * Adds the keys that a block declares.
   *
   * @return the index of a key that was in the table already or is declared twice, or -1 if there
   *     is none
   */
  int extend(List<PublicKey> declared) {
    for (int i = 0; i < declared.size(); i++) {
      if (ids.putIfAbsent(declared.get(i), keys.size()) != null) {
        return i;
      }
      keys.add(declared.get(i));
    }
    return -1;
  }

  /** Returns the number of a key, which is added if it is new. */
  int insert(PublicKey key) {
    Integer known = ids.putIfAbsent(key, keys.size());
    if (known != null) {
      return known;
    }
    keys.add(key);
    return keys.size() - 1;
  }

  /** The number of keys. */
  int size() {
    return keys.size();
  }

  /** Returns the keys added since the table had this size. */
  List<PublicKey> since(int size) {
    return List.copyOf(keys.subList(size, keys.size()));
  }
}
