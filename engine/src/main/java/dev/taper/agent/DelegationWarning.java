package dev.taper.agent;

import java.util.Locale;

/**
 * Something about a hop that is allowed but probably not meant. A hop cannot widen: what it says
 * beyond its parent has no effect.
 *
 * @param kind what is odd
 * @param text a sentence for people
 */
public record DelegationWarning(Kind kind, String text) {
  /** What can be odd about a hop. */
  public enum Kind {
    /** The hop names something that its parent does not allow. */
    WIDER,
    /** Nothing can ever match what the hop leaves. */
    CONTRADICTION,
    /** The hop ends later than its parent. */
    OUTLIVES_PARENT,
    /** What the hop hands on has ended already. */
    EXPIRED,
    /** The hop goes deeper than the chain allows. */
    TOO_DEEP,
    /** A regular expression means something else in other libraries of the format. */
    REGEX_DIALECT;

    /** The kind in lower case, as printed and logged. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    return kind.text() + ": " + text;
  }
}
