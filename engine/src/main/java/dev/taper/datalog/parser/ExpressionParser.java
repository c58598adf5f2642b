package dev.taper.datalog.parser;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.Precedence;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Predicate.Names;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions by precedence climbing. The height that an expression may have bounds the
 * recursion: every nested call of {@link #parse} makes the tree at least one higher.
 */
final class ExpressionParser {
  private static final Map<String, BinaryOp> METHODS = methods();

  private final Cursor cursor;
  private final TermParser terms;
  private final List<String> closureParameters = new ArrayList<>();
  private List<VariableUse> free = new ArrayList<>();
  private int depth;

  /** An expression, how high its tree is, and where it starts. */
  private record Node(Expression expression, int height, int start) {}

  /**
   * A variable that no closure around it binds.
   *
   * @param name without {@code $}
   * @param offset where it stands
   */
  record VariableUse(String name, int offset) {}

  ExpressionParser(Cursor cursor, TermParser terms) {
    this.cursor = cursor;
    this.terms = terms;
  }

  private static Map<String, BinaryOp> methods() {
    Map<String, BinaryOp> methods = new TreeMap<>();
    for (BinaryOp op : BinaryOp.values()) {
      if (!op.infix()) {
        methods.put(op.text(), op);
      }
    }
    return methods;
  }

  /** Reads an expression after optional space. */
  Expression expression() {
    return parse(Precedence.LOWEST).expression();
  }

  /** Takes the variables that predicates must bind, of all expressions since the last call. */
  List<VariableUse> takeFreeVariables() {
    List<VariableUse> taken = free;
    free = new ArrayList<>();
    return taken;
  }

  /** Reads an expression whose operators bind at least as tightly as asked. */
  private Node parse(int minimum) {
    cursor.skipSpace();
    if (++depth > Expression.MAX_HEIGHT) {
      throw tooHigh();
    }
    Node left = operand();
    BinaryOp compared = null;
    while (true) {
      int end = cursor.position;
      cursor.skipSpace();
      BinaryOp op = Infix.at(cursor);
      if (op == null || Precedence.of(op) < minimum) {
        Hints.rejectLookalikeOperator(cursor);
        cursor.position = end;
        break;
      }
      if (compared != null && Precedence.of(op) == Precedence.COMPARISON) {
        throw cursor.error(
            cursor.position,
            "`" + compared.text() + "` and `" + op.text() + "` do not associate",
            "put one of the comparisons in parentheses");
      }
      cursor.position += op.text().length();
      Node right = parse(Precedence.of(op) + 1);
      left = binary(op, left, right);
      compared = Precedence.of(op) == Precedence.COMPARISON ? op : null;
    }
    depth--;
    return left;
  }

  private Node binary(BinaryOp op, Node left, Node right) {
    Node operand = op == BinaryOp.LAZY_AND || op == BinaryOp.LAZY_OR ? lazy(right) : right;
    return node(
        new Expression.Binary(op, left.expression(), operand.expression()),
        Math.max(left.height(), operand.height()),
        left.start());
  }

  private Node operand() {
    int start = cursor.position;
    if (cursor.accept('!')) {
      // As in the reference grammar, a negation takes in all of a sum.
      Node operand = parse(Precedence.SUM);
      return node(
          new Expression.Unary(UnaryOp.NEGATE, operand.expression()), operand.height(), start);
    }
    Node receiver = cursor.at('(') ? parentheses() : value();
    while (cursor.at('.')) {
      receiver = method(receiver);
    }
    return receiver;
  }

  private Node parentheses() {
    int start = cursor.position++;
    Node inner = parse(Precedence.LOWEST);
    cursor.expect(')', "to close the parenthesis");
    return node(new Expression.Unary(UnaryOp.PARENS, inner.expression()), inner.height(), start);
  }

  private Node value() {
    int start = cursor.position;
    Term term = terms.term();
    if (term instanceof Term.Variable v && !closureParameters.contains(v.name())) {
      free.add(new VariableUse(v.name(), start));
    }
    return node(new Expression.Value(term), 0, start);
  }

  /** Reads a method call, whose dot is here. */
  private Node method(Node receiver) {
    cursor.position++;
    int start = cursor.position;
    String name = cursor.name();
    if (!cursor.accept('(')) {
      throw Hints.noMethodCall(cursor, start, name, METHODS.keySet());
    }
    cursor.skipSpace();
    if (name.startsWith(Names.EXTERN)) {
      return extern(receiver, name.substring(Names.EXTERN.length()), start);
    }
    if (name.equals("length") || name.equals("type")) {
      if (!cursor.accept(')')) {
        throw cursor.unexpected("expected `)`, as `" + name + "` takes no argument", null);
      }
      UnaryOp op = name.equals("length") ? UnaryOp.LENGTH : UnaryOp.TYPE;
      return node(
          new Expression.Unary(op, receiver.expression()), receiver.height(), receiver.start());
    }
    BinaryOp op = METHODS.get(name);
    if (op == null) {
      throw Hints.noMethodCall(cursor, start, name, METHODS.keySet());
    }
    return call(op, receiver);
  }

  private Node call(BinaryOp op, Node receiver) {
    if (cursor.at(')')) {
      throw cursor.error(cursor.position, "`" + op.text() + "` takes an argument", null);
    }
    Node left = op == BinaryOp.TRY_OR ? lazy(receiver) : receiver;
    Node right = op == BinaryOp.ALL || op == BinaryOp.ANY ? closure(op) : parse(Precedence.LOWEST);
    closeCall(op.text());
    return node(
        new Expression.Binary(op, left.expression(), right.expression()),
        Math.max(left.height(), right.height()),
        receiver.start());
  }

  private Node extern(Node receiver, String name, int start) {
    if (name.isEmpty()) {
      throw cursor.error(start, "expected the name of an external function", null);
    }
    @Nullable Node argument = null;
    if (!cursor.accept(')')) {
      argument = parse(Precedence.LOWEST);
      closeCall(name);
    }
    return node(
        new Expression.Extern(
            name, receiver.expression(), argument == null ? null : argument.expression()),
        Math.max(receiver.height(), argument == null ? 0 : argument.height()),
        receiver.start());
  }

  private void closeCall(String name) {
    cursor.skipSpace();
    if (!cursor.accept(')')) {
      throw cursor.unexpected(
          "expected `)` after the argument",
          cursor.at(',') ? "`" + name + "` takes no more than one argument" : null);
    }
  }

  /** Reads {@code $x -> ...}. */
  private Node closure(BinaryOp op) {
    int start = cursor.position;
    String hint = "`" + op.text() + "` takes a closure, such as `$x -> $x > 0`";
    if (!cursor.accept('$')) {
      throw cursor.unexpected("expected a closure's parameter", hint);
    }
    String parameter = cursor.name();
    if (parameter.isEmpty()) {
      throw cursor.unexpected("expected a variable's name after `$`", hint);
    }
    cursor.skipSpace();
    if (!cursor.accept("->")) {
      throw cursor.unexpected("expected `->` after the closure's parameter", hint);
    }
    closureParameters.add(parameter);
    Node body = parse(Precedence.LOWEST);
    closureParameters.remove(closureParameters.size() - 1);
    return node(
        new Expression.Closure(List.of(parameter), body.expression()), body.height(), start);
  }

  /** Makes the closure that a lazy operation evaluates if it needs to. */
  private Node lazy(Node body) {
    return node(new Expression.Closure(List.of(), body.expression()), body.height(), body.start());
  }

  private Node node(Expression expression, int below, int start) {
    if (below >= Expression.MAX_HEIGHT) {
      throw tooHigh();
    }
    return new Node(cursor.mark(expression, start), below + 1, start);
  }

  private ParseException tooHigh() {
    return cursor.error(
        cursor.position,
        "the expression is more than " + Expression.MAX_HEIGHT + " operations high",
        "split it into several, or use a set");
  }
}
