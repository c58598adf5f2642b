package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a service knows of one argument of its tools: which JSON it is, what a tool takes it for,
 * and in which unit it counts. Immutable and thread-safe.
 *
 * @param kind which JSON values it takes
 * @param reading what the tool takes a string for, or each string of an array
 * @param nullable whether null will do, too; always, if any value will
 * @param opaque whether it may have a value that cannot be stated exactly; it gives no facts then,
 *     and a policy or token that forbids something about it refuses the call
 * @param unit of the amount that it states, such as {@code EUR}; null if it states none
 */
public record ArgumentType(
    Kind kind, Reading reading, boolean nullable, boolean opaque, @Nullable String unit) {
  private static final int MAX_UNIT = 64;

  /** An argument of which nothing is known. */
  public static final ArgumentType ANY =
      new ArgumentType(Kind.ANY, Reading.PLAIN, true, false, null);

  /** Free text of which nothing else is known. */
  static final ArgumentType ANY_TEXT = new ArgumentType(Kind.ANY, Reading.TEXT, true, false, null);

  /** The JSON values that an argument takes. */
  public enum Kind {
    /** Any string. */
    STRING,
    /** A number without a fraction; {@code 5.0} is one. */
    INTEGER,
    /** Any number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** An array. */
    ARRAY,
    /** An object. */
    OBJECT,
    /** Any value. */
    ANY;

    /** Its name in a catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a tool takes a string for. */
  public enum Reading {
    /** A URL or a path if it looks like one, and is held to their rules then. */
    PLAIN,
    /** A URL, also without its scheme. */
    URL,
    /** The name or address of a host. */
    HOST,
    /** An absolute path. */
    PATH,
    /** Prose or source code: neither a URL nor a path, whatever it holds. */
    TEXT;

    /** Its name in a catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that the parts fit each other.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if something that holds no string is
   *     to be read as a URL, host, path or text, something is to be opaque that never is, or
   *     something that is no number has a unit; {@link ErrorCode#INVALID_REQUEST} for the unit
   */
  public ArgumentType {
    Given.that(kind, "the kind of an argument");
    Given.that(reading, "what an argument is taken for");
    nullable |= kind == Kind.ANY;
    boolean isString = kind == Kind.STRING || kind == Kind.ARRAY || kind == Kind.ANY;
    if (reading != Reading.PLAIN && !isString) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "only a string, or one in an array, can be a " + reading.text());
    }
    if (opaque && !canBeOpaque(kind, reading)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a number, true, false, a URL, host or path is stated exactly or refused: never opaque");
    }
    if (unit != null) {
      Text.label(unit, MAX_UNIT, ErrorCode.INVALID_REQUEST, "the unit of an argument");
      if (kind != Kind.INTEGER && kind != Kind.NUMBER) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "only a number can have a unit");
      }
    }
  }

  private static boolean canBeOpaque(Kind kind, Reading reading) {
    return switch (kind) {
      case INTEGER, NUMBER, BOOLEAN -> false;
      case STRING, ARRAY, OBJECT, ANY -> reading == Reading.PLAIN || reading == Reading.TEXT;
    };
  }

  /** Takes values of one kind and nothing else. */
  public static ArgumentType of(Kind kind) {
    return new ArgumentType(kind, Reading.PLAIN, false, false, null);
  }

  /** Takes strings that the tool takes for something. */
  public static ArgumentType of(Reading reading) {
    return new ArgumentType(Kind.STRING, reading, false, false, null);
  }

  /** Takes null, too. */
  public ArgumentType orNull() {
    return new ArgumentType(kind, reading, true, opaque, unit);
  }

  /** Takes values that cannot be stated exactly, too. */
  public ArgumentType orOpaque() {
    return new ArgumentType(kind, reading, nullable, true, unit);
  }

  /** States the unit of a number. */
  public ArgumentType in(String newUnit) {
    return new ArgumentType(kind, reading, nullable, opaque, newUnit);
  }

  /** True if a value that cannot be stated exactly will do: prose has any form. */
  boolean takesOpaque() {
    return opaque || reading == Reading.TEXT;
  }
}
