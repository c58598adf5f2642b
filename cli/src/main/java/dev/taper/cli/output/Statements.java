package dev.taper.cli.output;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import java.util.ArrayList;
import java.util.List;

/** Splits Datalog into statements, so that no string in one can pass for another. */
public final class Statements {
  /** How many characters of a block are told whole, four times as many as bytes of a token. */
  private static final int LONGEST = 4 * 65_536;

  private Statements() {}

  /** Those of a block, without semicolons; what is very long is cut short. */
  public static List<String> of(Block block) {
    Room room = new Room(LONGEST);
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
    List<String> statements = of(code.block());
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
