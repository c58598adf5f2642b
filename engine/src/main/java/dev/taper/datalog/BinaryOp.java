package dev.taper.datalog;

/** An operation on two values; the text is the operator, or the method's name. */
public enum BinaryOp {
  /** {@code <}. */
  LESS_THAN("<", true),
  /** {@code >}. */
  GREATER_THAN(">", true),
  /** {@code <=}. */
  LESS_OR_EQUAL("<=", true),
  /** {@code >=}. */
  GREATER_OR_EQUAL(">=", true),
  /** Strict equality: different types are an error. */
  EQUAL("===", true),
  /** {@code a.contains(b)}. */
  CONTAINS("contains", false),
  /** {@code a.starts_with(b)}. */
  PREFIX("starts_with", false),
  /** {@code a.ends_with(b)}. */
  SUFFIX("ends_with", false),
  /** {@code a.matches(regex)}. */
  REGEX("matches", false),
  /** Addition of integers, concatenation of strings. */
  ADD("+", true),
  /** {@code -}. */
  SUB("-", true),
  /** {@code *}. */
  MUL("*", true),
  /** {@code /}. */
  DIV("/", true),
  /**
   * Eager conjunction, as older blocks have it. The reference implementation prints {@code &&!},
   * but reads that as {@code &&} before a negation; this spelling it does not read at all.
   */
  AND("&&&", true),
  /** Eager disjunction, as older blocks have it; spelled like {@link #AND}. */
  OR("|||", true),
  /** {@code a.intersection(b)}. */
  INTERSECTION("intersection", false),
  /** {@code a.union(b)}. */
  UNION("union", false),
  /** {@code &}. */
  BITWISE_AND("&", true),
  /** {@code |}. */
  BITWISE_OR("|", true),
  /** {@code ^}. */
  BITWISE_XOR("^", true),
  /** Strict inequality: different types are an error. */
  NOT_EQUAL("!==", true),
  /** Lenient equality: different types are unequal. */
  LENIENT_EQUAL("==", true),
  /** Lenient inequality: different types are unequal. */
  LENIENT_NOT_EQUAL("!=", true),
  /** Conjunction whose right side, a closure without parameters, is evaluated only if needed. */
  LAZY_AND("&&", true),
  /** Disjunction whose right side, a closure without parameters, is evaluated only if needed. */
  LAZY_OR("||", true),
  /** {@code a.all($x -> ...)}. */
  ALL("all", false),
  /** {@code a.any($x -> ...)}. */
  ANY("any", false),
  /** {@code a.get(key)}. */
  GET("get", false),
  /** {@code (...).try_or(fallback)}; the left side is a closure without parameters. */
  TRY_OR("try_or", false);

  private final String text;
  private final boolean infix;

  BinaryOp(String text, boolean infix) {
    this.text = text;
    this.infix = infix;
  }

  /** The operator's symbol, or the method's name. */
  public String text() {
    return text;
  }

  /** True for {@code a op b}, false for {@code a.op(b)}. */
  public boolean infix() {
    return infix;
  }
}
