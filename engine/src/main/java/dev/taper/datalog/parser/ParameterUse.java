package dev.taper.datalog.parser;

import dev.taper.ErrorCode;
import dev.taper.Nearest;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Term;
import java.util.HashSet;
import java.util.Set;

/** The parameters of one parse, and which of them the text has used so far. */
final class ParameterUse {
  private final Parameters parameters;
  private final Set<String> used = new HashSet<>();

  ParameterUse(Parameters parameters) {
    this.parameters = parameters;
  }

  /** The value of a parameter that stands for a term. */
  Term term(Cursor cursor, int offset, String name) {
    if (get(cursor, offset, name) instanceof Term term) {
      return term;
    }
    throw cursor.parameterError(
        offset,
        "the value of {" + name + "} is a public key, but a term is needed here",
        "public keys stand after `trusting`");
  }

  /** The value of a parameter that stands for a map's key. */
  Term.MapKey mapKey(Cursor cursor, int offset, String name) {
    if (get(cursor, offset, name) instanceof Term.MapKey key) {
      return key;
    }
    throw cursor.parameterError(
        offset, "the value of {" + name + "} is not an integer or string, as a map's key is", null);
  }

  /** The value of a parameter that stands for a trusted key. */
  PublicKey publicKey(Cursor cursor, int offset, String name) {
    if (get(cursor, offset, name) instanceof PublicKey key) {
      return key;
    }
    throw cursor.parameterError(
        offset, "the value of {" + name + "} is a term, but a public key is needed here", null);
  }

  private Object get(Cursor cursor, int offset, String name) {
    Object value = parameters.get(name);
    if (value == null) {
      String nearest = Nearest.of(name, parameters.names());
      throw cursor.parameterError(
          offset,
          "the parameter {" + name + "} has no value",
          nearest == null ? null : "did you mean {" + nearest + "}?");
    }
    used.add(name);
    return value;
  }

  /**
   * Ends the parse.
   *
   * @throws TaperException {@link ErrorCode#PARAMETER} if a value was not used
   */
  void finish() {
    if (parameters.unusedAllowed()) {
      return;
    }
    for (String name : parameters.names()) {
      if (!used.contains(name)) {
        throw new TaperException(
            ErrorCode.PARAMETER, "the text does not use the parameter {" + name + "}");
      }
    }
  }
}
