package dev.taper.datalog;

/** An operation on one value. */
public enum UnaryOp {
  /** Boolean negation, {@code !x}. */
  NEGATE,
  /** The value itself; keeps the parentheses that were written. */
  PARENS,
  /** {@code x.length()}. */
  LENGTH,
  /** {@code x.type()}. */
  TYPE
}
