package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a path that is a root or below it: {@code arg_path("n", $arg), $arg === "/data" ||
 * $arg.starts_with("/data/")}.
 */
record PathUnder(String argument, String root) implements ConstraintBody {
  PathUnder {
    Require.argument(argument);
    Require.text(root, argument);
    Require.canonical(Canonical::path, root);
    if (root.endsWith("/")) {
      throw Require.refuse("the root of argument " + argument + " ends with a slash: " + root);
    }
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    Expression itself = Syntax.binary(v, BinaryOp.EQUAL, Syntax.str(root));
    Expression below = Syntax.binary(v, BinaryOp.PREFIX, Syntax.str(root + "/"));
    return Element.of(
        "arg_path", List.of(Syntax.str(argument), v), Syntax.anyOf(List.of(itself, below)));
  }

  static @Nullable PathUnder read(Element e) {
    String root =
        e.is("arg_path", 2, 1)
            ? Syntax.text(Syntax.alternatives(e.expressions().get(0)).get(0), BinaryOp.EQUAL)
            : null;
    return root == null ? null : new PathUnder(e.text(0), root);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgumentText(facts, "arg_path", 2, argument, 1, this::covers);
  }

  private boolean covers(String path) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  @Override
  public List<PathUnder> meet(ConstraintBody other) {
    PathUnder that = (PathUnder) other;
    if (that.covers(root)) {
      return List.of(this);
    }
    return covers(that.root) ? List.of(that) : List.of();
  }

  static @Nullable PathUnder parse(String argument, GrantScanner in) {
    return in.acceptWord("under") ? new PathUnder(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " under " + GrantText.word(root);
  }
}
