package dev.taper.policies.format;

import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Lays out a statement: on one line if it fits, else with each alternative on its own line. */
final class StatementLayout {
  /** The longest line, its semicolon included. */
  private static final int WIDTH = 100;

  private static final String INDENT = "  ";

  private StatementLayout() {}

  static void append(Object statement, StringBuilder out) {
    if (statement instanceof List<?> scopes) {
      StringJoiner list = new StringJoiner(", ", "trusting ", "");
      scopes.forEach(scope -> list.add(scope.toString()));
      out.append(list);
    } else if (statement.toString().length() < WIDTH) {
      out.append(statement);
    } else if (statement instanceof Rule rule) {
      out.append(rule.head()).append(" <-");
      alternatives(List.of(rule.body()), out);
    } else if (statement instanceof Check check) {
      out.append(check.kind().text());
      alternatives(check.queries(), out);
    } else if (statement instanceof Policy policy) {
      out.append(policy.kind().text());
      alternatives(policy.queries(), out);
    } else {
      out.append(statement); // a fact has no place to break
    }
  }

  private static void alternatives(List<Query> queries, StringBuilder out) {
    for (int i = 0; i < queries.size(); i++) {
      out.append('\n').append(INDENT).append(i == 0 ? "" : "or ");
      int column = INDENT.length() + (i == 0 ? 0 : 3);
      List<String> words = words(queries.get(i));
      for (int w = 0; w < words.size(); w++) {
        String word = words.get(w);
        if (w > 0 && column + 1 + word.length() >= WIDTH) {
          out.append('\n').append(INDENT);
          column = INDENT.length();
        } else if (w > 0) {
          out.append(' ');
          column++;
        }
        out.append(word);
        column += word.length();
      }
    }
  }

  /** The conditions with their commas, then the scopes. */
  private static List<String> words(Query query) {
    List<String> conditions = new ArrayList<>();
    for (Predicate predicate : query.predicates()) {
      conditions.add(predicate.toString());
    }
    for (Expression expression : query.expressions()) {
      conditions.add(expression.toString());
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      words.add(conditions.get(i) + (i < conditions.size() - 1 ? "," : ""));
    }
    if (!query.scopes().isEmpty()) {
      StringJoiner scopes = new StringJoiner(", ", "trusting ", "");
      for (Scope scope : query.scopes()) {
        scopes.add(scope.toString());
      }
      words.add(scopes.toString());
    }
    return words;
  }
}
