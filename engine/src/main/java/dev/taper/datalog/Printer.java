package dev.taper.datalog;

import dev.taper.datalog.Expression.Precedence;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Predicate.Names;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes syntax as Datalog text, in the one normal form that the parser reads back to an equal
 * value. Parentheses that a tree needs but does not carry are added.
 *
 * <p>Values that have no form in text are written so that they cannot be taken for something else,
 * and do not parse: dates after the year 9999 as {@code <date SECONDS>}; names that are not
 * {@linkplain Names names}, in backquotes and escaped; predicates without terms; queries without
 * anything; closures where no operation takes one; sets of mixed types. Strings are written raw,
 * control characters included, since text has no escapes for them: a caller that writes to a
 * terminal must replace them.
 */
final class Printer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * How deep expressions and terms are printed. No text or token can hold deeper ones, but Java
   * code can build them, and printing must not overflow the stack.
   */
  private static final int MAX_DEPTH = 2 * Expression.MAX_HEIGHT;

  private static final String TOO_DEEP = "<too deep>";

  private final StringBuilder out = new StringBuilder();
  private int depth;

  /** How many characters are enough; an ellipsis stands for the rest. */
  private int enough = Integer.MAX_VALUE;

  private Printer() {}

  /** Prints, as all of these, no more characters than asked for: few bytes can be a long text. */
  static String print(Check check, int most) {
    Printer p = upTo(most);
    p.alternatives(check.kind().text(), check.queries());
    return p.cut(most);
  }

  static String print(Rule rule, int most) {
    Printer p = upTo(most);
    p.rule(rule);
    return p.cut(most);
  }

  static String print(Predicate predicate, int most) {
    Printer p = upTo(most);
    p.predicate(predicate);
    return p.cut(most);
  }

  static String print(Term term, int most) {
    Printer p = upTo(most);
    p.term(term);
    return p.cut(most);
  }

  private static Printer upTo(int most) {
    Printer p = new Printer();
    p.enough = most;
    return p;
  }

  private String cut(int most) {
    if (out.length() <= most) {
      return out.toString();
    }
    int end = Character.isHighSurrogate(out.charAt(most - 2)) ? most - 2 : most - 1;
    return out.substring(0, end) + "…";
  }

  static String print(Term term) {
    return print(term, Integer.MAX_VALUE);
  }

  static String print(Predicate predicate) {
    return print(predicate, Integer.MAX_VALUE);
  }

  static String print(Expression expression) {
    Printer p = new Printer();
    p.expression(expression);
    return p.out.toString();
  }

  static String print(Query query) {
    Printer p = new Printer();
    p.query(query);
    return p.out.toString();
  }

  static String print(Rule rule) {
    return print(rule, Integer.MAX_VALUE);
  }

  static String print(Check check) {
    return print(check, Integer.MAX_VALUE);
  }

  static String print(Policy policy) {
    Printer p = new Printer();
    p.alternatives(policy.kind().text(), policy.queries());
    return p.out.toString();
  }

  static String print(Block block) {
    Printer p = new Printer();
    p.block(block);
    return p.out.toString();
  }

  static String print(AuthorizerCode code) {
    Printer p = new Printer();
    p.block(code.block());
    p.lines(code.policies());
    return p.out.toString();
  }

  private void block(Block block) {
    if (!block.scopes().isEmpty()) {
      out.append("trusting ");
      scopeList(block.scopes());
      out.append(";\n");
    }
    lines(block.facts());
    lines(block.rules());
    lines(block.checks());
  }

  private void lines(List<?> elements) {
    for (Object element : elements) {
      out.append(element).append(";\n");
    }
  }

  private void alternatives(String keywords, List<Query> queries) {
    out.append(keywords).append(' ');
    for (int i = 0; i < queries.size() && out.length() <= enough; i++) {
      if (i > 0) {
        out.append(" or ");
      }
      query(queries.get(i));
    }
  }

  private void rule(Rule rule) {
    predicate(rule.head());
    out.append(" <- ");
    query(rule.body());
  }

  private void query(Query query) {
    String separator = "";
    for (Predicate predicate : query.predicates()) {
      out.append(separator);
      predicate(predicate);
      separator = ", ";
    }
    for (Expression expression : query.expressions()) {
      out.append(separator);
      expression(expression);
      separator = ", ";
    }
    if (!query.scopes().isEmpty()) {
      out.append(" trusting ");
      scopeList(query.scopes());
    }
  }

  private void scopeList(List<Scope> scopes) {
    for (int i = 0; i < scopes.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      out.append(scopes.get(i));
    }
  }

  private void predicate(Predicate predicate) {
    if (out.length() > enough) {
      return;
    }
    name(predicate.name());
    out.append('(');
    terms(predicate.terms());
    out.append(')');
  }

  private void terms(Iterable<Term> terms) {
    String separator = "";
    for (Term term : terms) {
      out.append(separator);
      term(term);
      separator = ", ";
    }
  }

  private void term(Term term) {
    if (++depth > MAX_DEPTH) {
      out.append(TOO_DEEP);
    } else if (out.length() <= enough) {
      shallowTerm(term);
    }
    depth--;
  }

  private void shallowTerm(Term term) {
    if (term instanceof Term.Variable v) {
      out.append('$');
      name(v.name());
    } else if (term instanceof Term.Int i) {
      out.append(i.value());
    } else if (term instanceof Term.Str s) {
      string(s.value());
    } else if (term instanceof Term.Date d) {
      date(d.seconds());
    } else if (term instanceof Term.Bytes b) {
      out.append("hex:").append(b.hex());
    } else if (term instanceof Term.Bool b) {
      out.append(b.value());
    } else if (term instanceof Term.Null) {
      out.append("null");
    } else if (term instanceof Term.Set s) {
      set(s);
    } else if (term instanceof Term.Array a) {
      out.append('[');
      terms(a.elements());
      out.append(']');
    } else if (term instanceof Term.Map m) {
      map(m);
    }
  }

  private void set(Term.Set set) {
    if (set.elements().isEmpty()) {
      out.append("{,}");
      return;
    }
    // Without the spaces, {true}, {null} and {hex:00} would read as parameters.
    Term first = set.elements().first();
    boolean spaced =
        set.elements().size() == 1
            && (first instanceof Term.Bool
                || first instanceof Term.Null
                || first instanceof Term.Bytes);
    out.append(spaced ? "{ " : "{");
    terms(set.elements());
    out.append(spaced ? " }" : "}");
  }

  private void map(Term.Map map) {
    out.append('{');
    String separator = "";
    for (Map.Entry<Term.MapKey, Term> entry : map.entries().entrySet()) {
      out.append(separator);
      term((Term) entry.getKey());
      out.append(": ");
      term(entry.getValue());
      separator = ", ";
    }
    out.append('}');
  }

  private void name(String name) {
    if (out.length() > enough) {
      return;
    }
    if (Names.isName(name)) {
      out.append(name);
      return;
    }
    out.append('`');
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      if (c != '`' && c != '\\' && Names.isVisible(c)) {
        out.appendCodePoint(c);
      } else {
        out.append("\\u{").append(Integer.toHexString(c)).append('}');
      }
      i += Character.charCount(c);
    }
    out.append('`');
  }

  private void string(String value) {
    out.append('"');
    for (int i = 0; i < value.length() && out.length() <= enough; i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    out.append('"');
  }

  private void date(long seconds) {
    if (!Dates.isWritable(seconds)) {
      out.append("<date ").append(Long.toUnsignedString(seconds)).append('>');
    } else {
      out.append(DATE.format(Instant.ofEpochSecond(seconds)));
    }
  }

  private void expression(Expression e) {
    if (++depth > MAX_DEPTH) {
      out.append(TOO_DEEP);
    } else if (out.length() <= enough) {
      shallowExpression(e);
    }
    depth--;
  }

  private void shallowExpression(Expression e) {
    if (e instanceof Expression.Value v) {
      term(v.term());
    } else if (e instanceof Expression.Unary u) {
      unary(u);
    } else if (e instanceof Expression.Binary b) {
      binary(b);
    } else if (e instanceof Expression.Extern x) {
      receiver(x.receiver());
      out.append('.').append(Names.EXTERN);
      name(x.name());
      out.append('(');
      if (x.argument() != null) {
        expression(x.argument());
      }
      out.append(')');
    } else if (e instanceof Expression.Closure c) {
      closure(c);
    }
  }

  private void unary(Expression.Unary u) {
    switch (u.op()) {
      case NEGATE -> {
        out.append('!');
        operand(u.operand(), Precedence.SUM);
      }
      case PARENS -> {
        out.append('(');
        expression(u.operand());
        out.append(')');
      }
      case LENGTH -> {
        receiver(u.operand());
        out.append(".length()");
      }
      case TYPE -> {
        receiver(u.operand());
        out.append(".type()");
      }
    }
  }

  private void binary(Expression.Binary b) {
    if (!b.op().infix()) {
      receiver(b.left());
      out.append('.').append(b.op().text()).append('(');
      expression(b.right());
      out.append(')');
      return;
    }
    int level = Precedence.of(b.op());
    // Comparisons do not associate; all others associate to the left.
    leftOperand(b.left(), level == Precedence.COMPARISON ? level + 1 : level);
    out.append(' ').append(b.op().text()).append(' ');
    operand(b.right(), level + 1);
  }

  private void closure(Expression.Closure c) {
    if (!c.parameters().isEmpty()) {
      for (int i = 0; i < c.parameters().size(); i++) {
        out.append(i == 0 ? "$" : ", $");
        name(c.parameters().get(i));
      }
      out.append(" -> ");
    }
    expression(c.body());
  }

  private void receiver(Expression e) {
    // A date must be followed by a space or a closing bracket.
    boolean date = visible(e) instanceof Expression.Value v && v.term() instanceof Term.Date;
    operand(e, date ? Precedence.METHOD + 1 : Precedence.METHOD);
  }

  private void leftOperand(Expression e, int minimum) {
    // An unparenthesised negation at the end would take in the sum or product to its right.
    boolean open = minimum >= Precedence.SUM && endsInNegation(visible(e));
    operand(e, open ? Precedence.METHOD + 1 : minimum);
  }

  private static boolean endsInNegation(Expression e) {
    Expression last = e;
    while (last instanceof Expression.Binary b && b.op().infix()) {
      Expression right = visible(b.right());
      if (Precedence.of(right) <= Precedence.of(b.op())) {
        return false; // it gets parentheses
      }
      last = right;
    }
    return last instanceof Expression.Unary u && u.op() == UnaryOp.NEGATE;
  }

  private void operand(Expression e, int minimum) {
    Expression shown = visible(e);
    boolean parens = Precedence.of(shown) < minimum;
    if (parens) {
      out.append('(');
    }
    expression(shown);
    if (parens) {
      out.append(')');
    }
  }

  /** The closure of a lazy operation is not visible in text. */
  private static Expression visible(Expression e) {
    Expression shown = e;
    while (shown instanceof Expression.Closure c && c.parameters().isEmpty()) {
      shown = c.body();
    }
    return shown;
  }
}
