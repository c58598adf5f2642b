package dev.taper.operations.findings;

import dev.taper.agent.delegation.DelegationChain;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Somebody, or something, that is counted: what happened lately, in bounded room. One thread's. */
final class Subject {
  /** What a subject is, by the names that the rules know. */
  enum Kind {
    /** Whoever has a key and proves calls with it. */
    AGENT("agent"),
    /** All that is done for a delegator under one task. */
    TASK("task"),
    /** A token in the hands of whoever does not prove to hold it. */
    TOKEN("token"),
    /** Where calls that nobody proved came from. */
    PLACE("place");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /** True if holders proved what is counted, false if whoever has a token may have done it. */
    boolean isProven() {
      return this == AGENT || this == TASK;
    }
  }

  private static final int SLICES = 8;
  private static final int TOOLS = 5;

  /** How many calls with new grants make their tools known. */
  private static final int LEARNING = 20;

  /** How many of the last grants are known. */
  private static final int GRANTS = 8;

  final Kind kind;
  final String name;
  private final AbuseRules rules;
  private final Map<Counted, Recent> recent = new EnumMap<>(Counted.class);
  private final int[] calls = new int[SLICES];
  private long slice;
  private final Known tools = new Known();
  private final Known places = new Known();
  private final long[] grants = new long[GRANTS];
  private int grantsSeen;
  private int learning;
  private @Nullable Long chargedSince;
  private long charged;
  private long secondsOfCharges = -1;
  private final List<String> lately = new ArrayList<>(TOOLS);
  private final Map<String, Told> told = new HashMap<>();
  private WeakReference<@Nullable DelegationChain> lastChain = new WeakReference<>(null);

  /** When a rule's finding was told last, and how often it was found since. */
  static final class Told {
    private static final long LEAST_PAUSE = 3_600_000;

    private @Nullable Long at;
    private long again;

    /** True if it is to be told now, and not only counted. */
    boolean isDue(long now) {
      return at == null || now - at >= LEAST_PAUSE;
    }

    /** Counts that it was found and not told. */
    void foundAgain() {
      again++;
    }

    /** Takes that it is told; returns how often it was found since the last time. */
    long tell(long now) {
      long since = again;
      at = now;
      again = 0;
      return since;
    }
  }

  Subject(Kind kind, String name, AbuseRules rules) {
    this.kind = kind;
    this.name = name;
    this.rules = rules;
  }

  /** True if a chain is another one than that of the last call. */
  boolean isOther(DelegationChain chain) {
    if (lastChain.get() == chain) {
      return false;
    }
    lastChain = new WeakReference<>(chain);
    return true;
  }

  /** Counts a call. */
  void called(long now) {
    calls[(int) Math.floorMod(advance(now), (long) SLICES)]++;
  }

  /** Empties the parts of the window that are over; returns the one that it is now. */
  private long advance(long now) {
    long current = now / Math.max(1, rules.window(Counted.CALLS) / SLICES);
    for (long i = Math.max(slice + 1, current - SLICES + 1); i <= current; i++) {
      calls[(int) Math.floorMod(i, (long) SLICES)] = 0;
    }
    slice = Math.max(slice, current);
    return slice;
  }

  /**
   * Counts something once.
   *
   * @param id what it is known by
   * @return false if it was counted before
   */
  boolean count(Counted what, long now, long id, Sight sight) {
    if (what == Counted.USED_UP && number(what, now) == 0) {
      usedUp(now);
    }
    return recent(what).add(now, rules.window(what), id, sight);
  }

  /** Counts something, though one like it was counted. */
  void countAlike(Counted what, long now, long id, Sight sight) {
    recent(what).addAlike(now, rules.window(what), id, sight);
  }

  private Recent recent(Counted what) {
    return recent.computeIfAbsent(what, any -> new Recent(kind == Kind.TASK));
  }

  /** Takes the use of a tool; true if that is counted as new. */
  boolean used(String tool, long now, Sight sight) {
    if (!isKnown(sight.granted())) {
      grants[grantsSeen % GRANTS] = sight.granted();
      grantsSeen = grantsSeen + 1 == 2 * GRANTS ? GRANTS : grantsSeen + 1;
      learning = LEARNING;
    }
    if (learning > 0) {
      learning--;
      tools.learn(tool.hashCode());
      return false;
    }
    return tools.isNew(tool.hashCode(), number(Counted.NEW_TOOLS, now) == 0)
        && count(Counted.NEW_TOOLS, now, tool.hashCode(), sight);
  }

  /** Who goes to and fro between tokens that it has gets nothing new by that. */
  private boolean isKnown(long granted) {
    for (int i = 0; i < Math.min(grantsSeen, GRANTS); i++) {
      if (grants[i] == granted) {
        return true;
      }
    }
    return false;
  }

  /** Takes where a call came from; true if that is counted as new. */
  boolean cameFrom(String place, long now, Sight sight) {
    return places.isNew(place.hashCode(), number(Counted.NEW_PLACES, now) == 0)
        && count(Counted.NEW_PLACES, now, place.hashCode(), sight);
  }

  /** Remembers the tool of an odd call. */
  void usedLately(String tool) {
    lately.remove(tool);
    if (lately.size() == TOOLS) {
      lately.remove(0);
    }
    lately.add(tool);
  }

  /** The last few tools of odd calls, the latest one last. */
  List<String> lately() {
    return lately;
  }

  /** Takes that a budget was charged. */
  void charged(long now) {
    if (chargedSince == null || now - charged > rules.window(Counted.USED_UP)) {
      chargedSince = now;
    }
    charged = now;
  }

  /** Notes how long it took to use a budget up, when that is counted first. */
  private void usedUp(long now) {
    Long since = chargedSince;
    boolean isFresh = since != null && now - charged <= rules.window(Counted.USED_UP);
    secondsOfCharges = since != null && isFresh ? (now - since) / 1000 : -1;
  }

  /** How much of something there is now. */
  long number(Counted what, long now) {
    if (what == Counted.CALLS) {
      long unused = advance(now);
      long sum = 0;
      for (int part : calls) {
        sum += part;
      }
      return sum;
    }
    Recent some = recent.get(what);
    if (some == null) {
      return 0;
    }
    return what == Counted.ASKED_ALIKE
        ? some.countAlike(now, rules.window(what))
        : some.count(now, rules.window(what));
  }

  /** Everything that the rules are told of it. */
  Map<String, Long> numbers(long now) {
    Map<String, Long> numbers = new TreeMap<>();
    for (Counted what : Counted.values()) {
      long number = number(what, now);
      if (number > 0) {
        numbers.put(what.text(), number);
      }
    }
    if (numbers.containsKey(Counted.NEW_TOOLS.text())) {
      numbers.put("calls_before_new_tools", tools.callsBefore());
    }
    if (numbers.containsKey(Counted.NEW_PLACES.text())) {
      numbers.put("calls_before_new_places", places.callsBefore());
    }
    if (numbers.containsKey(Counted.USED_UP.text()) && secondsOfCharges >= 0) {
      numbers.put("seconds_of_charges", secondsOfCharges);
    }
    return numbers;
  }

  /** True if something has reached the least number that a rule could ask for. */
  boolean matters(long now) {
    for (Counted what : recent.keySet()) {
      if (number(what, now) >= rules.least(what, kind)) {
        return true;
      }
    }
    return false;
  }

  /** The deepest block by which more than half of what there is most of came; null if unknown. */
  Recent.@Nullable Place most(long now) {
    Recent most = null;
    long number = 0;
    for (Map.Entry<Counted, Recent> entry : recent.entrySet()) {
      long one = entry.getValue().count(now, rules.window(entry.getKey()));
      if (one > number) {
        number = one;
        most = entry.getValue();
      }
    }
    return most == null ? null : most.most();
  }

  /** Forgets what was counted, and what was told of it. */
  void forget() {
    recent.clear();
    told.clear();
    lately.clear();
  }

  /** When something was told last. */
  Told told(String rule) {
    return told.computeIfAbsent(rule, any -> new Told());
  }

  @Override
  public String toString() {
    return kind.text() + " " + name;
  }
}
