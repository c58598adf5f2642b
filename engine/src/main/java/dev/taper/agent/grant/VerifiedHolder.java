package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Check;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller must be known to the verifier by key: {@code check if invoker($invoker),
 * holder_verified($invoker)}.
 */
record VerifiedHolder() implements Condition {
  private static final Term.Variable INVOKER = Syntax.variable("invoker");

  @Override
  public Kind kind() {
    return Kind.VERIFIED_HOLDER;
  }

  @Override
  public Check check() {
    return Syntax.check(
        List.of(Predicate.of("invoker", INVOKER), Predicate.of("holder_verified", INVOKER)));
  }

  static VerifiedHolder read(Query query) {
    return new VerifiedHolder();
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    boolean verified =
        Facts.anyText(
            facts, "invoker", invoker -> Facts.anyText(facts, "holder_verified", invoker::equals));
    return verified
        ? null
        : Caveat.Mismatch.of(
            Caveat.Mismatch.Subject.INVOKER, Facts.shown(facts, "invoker"), words());
  }

  @Override
  public String words() {
    return "verified holders only";
  }
}
