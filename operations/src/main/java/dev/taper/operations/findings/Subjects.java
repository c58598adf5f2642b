package dev.taper.operations.findings;

import dev.taper.crypto.PublicKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who is counted, in bounded room. It is shared by delegator, as an issuer signed it:
 * holders make keys and tokens for free, and whoever makes many forgets its own first. One
 * thread's.
 */
final class Subjects {
  /** Whose part of the room something takes; places are nobody's. */
  private record Share(@Nullable PublicKey issuer, String delegator) {}

  private record Key(Subject.Kind kind, Object id) {}

  private static final Share PLACES = new Share(null, "");

  private final int capacity;
  private final AbuseRules rules;

  /** Of both maps the one that was used last comes last. */
  private final Map<Share, Map<Key, Subject>> shares = new LinkedHashMap<>(16, 0.75f, true);

  private int size;

  Subjects(int capacity, AbuseRules rules) {
    this.capacity = capacity;
    this.rules = rules;
  }

  Subject agent(Seen seen, PublicKey key, String name) {
    return get(share(seen), new Key(Subject.Kind.AGENT, key), name);
  }

  Subject task(Seen seen) {
    String task = seen.chain().task().id();
    return get(share(seen), new Key(Subject.Kind.TASK, task), task);
  }

  Subject token(Seen seen, Sight sight) {
    return get(share(seen), new Key(Subject.Kind.TOKEN, sight.last()), sight.token());
  }

  Subject place(String place) {
    return get(PLACES, new Key(Subject.Kind.PLACE, place), place);
  }

  private static Share share(Seen seen) {
    return new Share(seen.rootKey(), seen.chain().delegator());
  }

  private Subject get(Share share, Key key, String name) {
    Map<Key, Subject> own =
        shares.computeIfAbsent(share, any -> new LinkedHashMap<>(16, 0.75f, true));
    Subject subject = own.get(key);
    if (subject == null) {
      if (size == capacity) {
        forget(own);
      }
      subject = new Subject(key.kind(), name, rules);
      own.put(key, subject);
      size++;
    }
    return subject;
  }

  /**
   * Makes room for one: whoever has more than an equal part gives it, otherwise the share that
   * nobody used for longest.
   */
  private void forget(Map<Key, Subject> own) {
    if (own.size() > capacity / shares.size() || shares.size() == 1) {
      removeFirst(own);
      return;
    }
    Iterator<Map<Key, Subject>> oldest = shares.values().iterator();
    Map<Key, Subject> first = oldest.next();
    removeFirst(first);
    if (first.isEmpty()) {
      oldest.remove();
    }
  }

  private void removeFirst(Map<Key, Subject> some) {
    Iterator<Subject> first = some.values().iterator();
    first.next();
    first.remove();
    size--;
  }

  /** How many there are. */
  int size() {
    return size;
  }
}
