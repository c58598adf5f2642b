package dev.taper.cli.conformance;

import dev.taper.datalog.ExternFunctions.ExternFunction;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * The external function {@code test} of the official samples: alone it gives back its receiver; of
 * two strings it says whether they are equal; anything else is an error.
 */
final class SampleFunction implements ExternFunction {
  static final String NAME = "test";

  @Override
  public Term call(Term receiver, @Nullable Term argument) {
    if (argument == null) {
      return receiver;
    }
    if (receiver instanceof Term.Str left && argument instanceof Term.Str right) {
      return new Term.Str(left.equals(right) ? "equal strings" : "different strings");
    }
    throw new IllegalArgumentException("unsupported operands");
  }
}
