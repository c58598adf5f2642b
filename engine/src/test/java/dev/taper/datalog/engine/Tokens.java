package dev.taper.datalog.engine;

import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Programs from text, for tests. */
final class Tokens {
  private Tokens() {}

  /** A token of first-party blocks. */
  static TokenProgram token(String... blocks) {
    List<BlockProgram> programs = new ArrayList<>();
    for (String block : blocks) {
      programs.add(BlockProgram.compile(Datalog.block(block)));
    }
    return TokenProgram.link(programs, Collections.nCopies(blocks.length, null));
  }

  static AuthorizerProgram authorizer(String code) {
    return AuthorizerProgram.compile(Datalog.authorizer(code));
  }

  static World run(@Nullable TokenProgram token, String authorizer, String... requestFacts) {
    return run(RunLimits.defaults(), token, authorizer, requestFacts);
  }

  static World run(
      RunLimits limits, @Nullable TokenProgram token, String authorizer, String... requestFacts) {
    List<Fact> facts = Arrays.stream(requestFacts).map(Datalog::fact).toList();
    return World.run(token, authorizer(authorizer), facts, ExternFunctions.none(), limits);
  }
}
