package dev.taper.cli.call;

import dev.taper.authorizer.Authorization;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.SafeText;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.parser.Datalog;
import java.io.PrintStream;
import java.util.List;

/**
 * Asks questions to the facts of an authorization, and prints the answers: one text of a token can
 * be in very many, so as far as there is {@linkplain Room room}.
 */
final class Queries {
  private Queries() {}

  static List<Fact> ask(
      Authorization authorization, String written, boolean all, ParameterOptions params) {
    Rule rule = Datalog.rule(written, params.values().allowUnused());
    return all ? authorization.queryAll(rule) : authorization.query(rule);
  }

  static void print(PrintStream out, List<Fact> answers) {
    Room room = new Room();
    for (Fact answer : answers) {
      out.println(SafeText.line(room.fit(answer)));
    }
  }
}
