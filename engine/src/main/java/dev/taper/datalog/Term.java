package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A Datalog term: a value, or in rules and queries a variable.
 *
 * <p>The types that most tokens hold say themselves when they are equal: to link what a record has
 * for that takes a command-line tool longer than to read a token.
 */
public sealed interface Term extends Comparable<Term> {
  /**
   * The greatest nesting of a term that the parser and the wire decoder take. An integer has depth
   * 1, a collection one more than its deepest element. The limit is Taper's own.
   */
  int MAX_DEPTH = 64;

  /** True if no variable occurs anywhere in this term. */
  default boolean isGround() {
    return true;
  }

  /**
   * The term as Datalog text, cut short with an ellipsis.
   *
   * @param most the most characters, at least 2
   */
  default String text(int most) {
    return Printer.print(this, most);
  }

  @Override
  default int compareTo(Term other) {
    return TermOrder.compare(this, other);
  }

  /**
   * A variable.
   *
   * @param name without the leading {@code $}
   */
  record Variable(String name) implements Term {
    @Override
    public boolean isGround() {
      return false;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Variable other && name.equals(other.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A signed 64-bit integer.
   *
   * @param value the integer
   */
  record Int(long value) implements Term, MapKey {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Int other && value == other.value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A string.
   *
   * @param value any Unicode text
   */
  record Str(String value) implements Term, MapKey {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Str other && value.equals(other.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A date.
   *
   * @param seconds since 1970-01-01T00:00:00Z, unsigned
   */
  record Date(long seconds) implements Term {
    /**
     * The date of an instant, cut to whole seconds.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999:
     *     other readers would refuse the date
     */
    public static Date of(Instant instant) {
      return new Date(Dates.end(instant).getEpochSecond());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Date other && seconds == other.seconds;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(seconds);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A byte array. */
  final class Bytes implements Term {
    private final byte[] value;

    /**
     * Makes a term from a copy of the bytes.
     *
     * @param value any bytes
     */
    public Bytes(byte[] value) {
      this.value = value.clone();
    }

    /** A copy of the bytes. */
    public byte[] value() {
      return value.clone();
    }

    /** The number of bytes. */
    public int length() {
      return value.length;
    }

    /** The bytes in lower-case hexadecimal. */
    public String hex() {
      return HexFormat.of().formatHex(value);
    }

    int compareBytes(Bytes other) {
      return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Bytes other && Arrays.equals(value, other.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A boolean.
   *
   * @param value true or false
   */
  record Bool(boolean value) implements Term {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Bool other && value == other.value;
    }

    @Override
    public int hashCode() {
      return Boolean.hashCode(value);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** The value {@code null}, which stands for the absence of a value. */
  record Null() implements Term {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A set: distinct ground values, none of them a set, in {@link TermOrder canonical order}.
   *
   * @param elements the values
   */
  record Set(SortedSet<Term> elements) implements Term {
    /**
     * Checks and copies the elements.
     *
     * @throws TaperException {@link ErrorCode#INVALID_DATALOG} for a variable or set among them
     */
    public Set {
      for (Term element : elements) {
        if (element instanceof Set || !element.isGround()) {
          throw new TaperException(
              ErrorCode.INVALID_DATALOG, "a set cannot hold a set or a variable: " + element);
        }
      }
      SortedSet<Term> copy = new TreeSet<>(); // not in the order of the caller's set
      copy.addAll(elements);
      elements = Collections.unmodifiableSortedSet(copy);
    }

    /** A set of the given values; duplicates count once. */
    public static Set of(Collection<? extends Term> elements) {
      return new Set(new TreeSet<>(elements));
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Set other && elements.equals(other.elements);
    }

    @Override
    public int hashCode() {
      return elements.hashCode();
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * An array.
   *
   * @param elements ground values of any types, in order
   */
  record Array(List<Term> elements) implements Term {
    /**
     * Checks and copies the elements.
     *
     * @throws TaperException {@link ErrorCode#INVALID_DATALOG} for a variable among them
     */
    public Array {
      elements = List.copyOf(elements);
      for (Term element : elements) {
        requireGround(element, "an array");
      }
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A map.
   *
   * @param entries ground values by key, in canonical key order
   */
  record Map(SortedMap<MapKey, Term> entries) implements Term {
    /**
     * Checks and copies the entries.
     *
     * @throws TaperException {@link ErrorCode#INVALID_DATALOG} for a variable among the values
     */
    public Map {
      SortedMap<MapKey, Term> copy = new TreeMap<>(TermOrder.KEYS);
      copy.putAll(entries);
      for (Term value : copy.values()) {
        requireGround(value, "a map");
      }
      entries = Collections.unmodifiableSortedMap(copy);
    }

    /** A map of the given entries. */
    public static Map of(java.util.Map<? extends MapKey, ? extends Term> entries) {
      SortedMap<MapKey, Term> sorted = new TreeMap<>(TermOrder.KEYS);
      sorted.putAll(entries);
      return new Map(sorted);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  private static void requireGround(Term term, String container) {
    if (!term.isGround()) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG, container + " cannot hold a variable: " + term);
    }
  }

  /** A key of a map: an integer or a string. */
  sealed interface MapKey permits Int, Str {}
}
