package dev.taper.cli.output;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import java.util.ArrayList;
import java.util.List;

/** Splits Datalog into statements, so that no string in one can pass for another. */
public final class Statements {
  private Statements() {}

  /** Those of a block that there is room for, without semicolons. */
  public static List<String> of(Block block, Room room) {
    List<String> statements = new ArrayList<>();
    if (!block.scopes().isEmpty()) {
      Block onlyScopes = new Block(null, block.scopes(), List.of(), List.of(), List.of());
      String text = onlyScopes.toString();
      statements.add(text.substring(0, text.lastIndexOf(';')));
    }
    block.facts().forEach(fact -> statements.add(room.fit(fact)));
    block.rules().forEach(rule -> statements.add(room.fit(rule)));
    block.checks().forEach(check -> statements.add(room.fit(check)));
    return statements;
  }

  /** Those of an authorizer, without semicolons. */
  public static List<String> of(AuthorizerCode code) {
    List<String> statements = of(code.block(), new Room(Integer.MAX_VALUE));
    code.policies().forEach(policy -> statements.add(policy.toString()));
    return statements;
  }

  /** Statements as one text. */
  public static String join(List<String> statements) {
    StringBuilder text = new StringBuilder();
    for (String statement : statements) {
      text.append(statement).append(";\n");
    }
    return text.toString();
  }
}
