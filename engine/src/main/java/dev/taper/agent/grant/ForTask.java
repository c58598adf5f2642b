package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Check;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token serves one task: {@code check if task("T")}, against the task that the authority block
 * states.
 *
 * @param id the task
 */
record ForTask(String id) implements Condition {
  /**
   * Checks the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is not a
   *     name, of the form that {@link Canonical#audience} asks for
   */
  public ForTask {
    Require.canonical(Canonical::audience, id);
  }

  @Override
  public Kind kind() {
    return Kind.TASK;
  }

  @Override
  public Check check() {
    return Syntax.check(List.of(Predicate.of("task", Syntax.str(id))));
  }

  static @Nullable ForTask read(Query query) {
    List<Predicate> predicates = query.predicates();
    return predicates.size() == 1
            && predicates.get(0).terms().size() == 1
            && predicates.get(0).terms().get(0) instanceof Term.Str s
        ? new ForTask(s.value())
        : null;
  }

  /**
   * Null only if the facts state the task; a verifier's facts do not, the token's own block does.
   */
  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Facts.anyText(facts, "task", id::equals)
        ? null
        : Caveat.Mismatch.of(Caveat.Mismatch.Subject.TASK, Facts.shown(facts, "task"), id);
  }

  @Override
  public String words() {
    return "for task " + id;
  }
}
