package dev.taper.datalog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes syntax as Datalog text, in the one normal form that the parser reads back to an equal
 * value. Parentheses that a tree needs but does not carry are added.
 */
final class Printer {
  /** The last second of the year 9999, the last that RFC 3339 can write. */
  private static final long LAST_DATE = 253_402_300_799L;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final StringBuilder out = new StringBuilder();

  private Printer() {}

  static String print(Term term) {
    Printer p = new Printer();
    p.term(term);
    return p.out.toString();
  }

  static String print(Predicate predicate) {
    Printer p = new Printer();
    p.predicate(predicate);
    return p.out.toString();
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
    Printer p = new Printer();
    p.rule(rule);
    return p.out.toString();
  }

  static String print(Check check) {
    Printer p = new Printer();
    p.alternatives(check.kind().text(), check.queries());
    return p.out.toString();
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
    for (int i = 0; i < queries.size(); i++) {
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
    out.append(predicate.name()).append('(');
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
    if (term instanceof Term.Variable v) {
      out.append('$').append(v.name());
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
      out.append('{');
      if (s.elements().isEmpty()) {
        out.append(',');
      }
      terms(s.elements());
      out.append('}');
    } else if (term instanceof Term.Array a) {
      out.append('[');
      terms(a.elements());
      out.append(']');
    } else if (term instanceof Term.Map m) {
      map(m);
    }
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

  private void string(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
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
    if (Long.compareUnsigned(seconds, LAST_DATE) > 0) {
      out.append("<invalid date>");
    } else {
      out.append(DATE.format(Instant.ofEpochSecond(seconds)));
    }
  }

  private void expression(Expression e) {
    if (e instanceof Expression.Value v) {
      term(v.term());
    } else if (e instanceof Expression.Unary u) {
      unary(u);
    } else if (e instanceof Expression.Binary b) {
      binary(b);
    } else if (e instanceof Expression.Extern x) {
      receiver(x.receiver());
      out.append(".extern::").append(x.name()).append('(');
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
        operand(u.operand(), Precedence.NEGATE);
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
    // Comparisons do not associate, all else does to the left.
    operand(b.left(), level == Precedence.COMPARISON ? level + 1 : level);
    out.append(' ').append(b.op().text()).append(' ');
    operand(b.right(), level + 1);
  }

  private void closure(Expression.Closure c) {
    if (!c.parameters().isEmpty()) {
      for (int i = 0; i < c.parameters().size(); i++) {
        out.append(i == 0 ? "$" : ", $").append(c.parameters().get(i));
      }
      out.append(" -> ");
    }
    expression(c.body());
  }

  private void receiver(Expression e) {
    operand(e, Precedence.METHOD);
  }

  private void operand(Expression e, int minimum) {
    Expression shown = e;
    while (shown instanceof Expression.Closure c && c.parameters().isEmpty()) {
      shown = c.body(); // the closure of a lazy operation is not visible in text
    }
    boolean parens = Precedence.of(shown) < minimum;
    if (parens) {
      out.append('(');
    }
    expression(shown);
    if (parens) {
      out.append(')');
    }
  }
}
