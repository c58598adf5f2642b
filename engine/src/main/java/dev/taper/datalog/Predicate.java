package dev.taper.datalog;

import java.util.List;

/**
 * A name applied to terms.
 *
 * @param name the predicate's name
 * @param terms its terms, possibly none
 */
public record Predicate(String name, List<Term> terms) {
  /** Copies the terms. */
  public Predicate {
    terms = List.copyOf(terms);
  }

  /** A predicate of the given terms. */
  public static Predicate of(String name, Term... terms) {
    return new Predicate(name, List.of(terms));
  }

  /** True if no term is a variable; a term of a predicate cannot hold one inside. */
  public boolean isGround() {
    // Every fact of every request passes here, so this uses no iterator and no interface call.
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i) instanceof Term.Variable) {
        return false;
      }
    }
    return true;
  }

  /** The predicate as Datalog text. */
  @Override
  public String toString() {
    return Printer.print(this);
  }

  /**
   * Says what a name is in Datalog text: the name of a predicate, variable or external function.
   */
  public static final class Names {
    /** The prefix of an external function's name where it is called as a method. */
    public static final String EXTERN = "extern::";

    private Names() {}

    /**
     * True for the characters of names: the specification's letters, and digits, {@code _} and
     * {@code :}, which may also come first, as the reference implementation has it.
     *
     * @param c a code point
     */
    public static boolean isNameCharacter(int c) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '_'
          || c == ':'
          || (c > 127 && Character.isLetter(c));
    }

    /** True if text can write the name as it is. */
    public static boolean isName(String name) {
      for (int i = 0; i < name.length(); ) {
        int c = name.codePointAt(i);
        if (!isNameCharacter(c)) {
          return false;
        }
        i += Character.charCount(c);
      }
      return !name.isEmpty();
    }

    /**
     * False for a character that a terminal would act on or not show: control and format
     * characters, half surrogate pairs, and any space but the common one.
     *
     * @param c a code point
     */
    public static boolean isVisible(int c) {
      if (c == ' ') {
        return true;
      }
      return switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SPACE_SEPARATOR ->
            false;
        default -> true;
      };
    }
  }
}
