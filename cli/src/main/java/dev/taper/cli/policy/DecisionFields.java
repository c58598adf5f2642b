package dev.taper.cli.policy;

import dev.taper.JsonFields;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.Explanation;
import dev.taper.cli.output.Room;
import dev.taper.datalog.Policy;

/** Decisions of policies for programs. */
public final class DecisionFields {
  private static final int NANOS_PER_MICRO = 1000;

  private DecisionFields() {}

  /** What was decided; with an explanation, why. */
  public static JsonFields of(Decision decision, boolean explain) {
    Room room = new Room();
    JsonFields fields =
        new JsonFields()
            .put("allowed", decision.allowed())
            .put("outcome", decision.code().text())
            .put("policy", decision.policy() == null ? null : policy(decision.policy()))
            .rows("failed_checks", decision.failedChecks(), check -> check(check, room));
    return explain
        ? fields.rows("explanation", decision.explain().parts(), DecisionFields::part)
        : fields;
  }

  private static JsonFields policy(MatchedPolicy policy) {
    return new JsonFields()
        .put("kind", policy.kind() == Policy.Kind.ALLOW ? "allow" : "deny")
        .putIfPresent("part", policy.part())
        .put("index", policy.index())
        .put("text", policy.text());
  }

  private static JsonFields check(FailedCheck check, Room room) {
    return new JsonFields()
        .put("block", check.block().isPresent() ? check.block().getAsInt() : null)
        .putIfPresent("part", check.part())
        .put("index", check.index())
        .put("check", room.fit(check.text()));
  }

  private static JsonFields part(Explanation.Part part) {
    return new JsonFields()
        .put("place", part.place())
        .put("text", part.text())
        .put("why", part.queries().stream().map(Explanation::words).toList());
  }

  /** How much work an evaluation was. */
  public static JsonFields effort(Authorization authorization) {
    return new JsonFields()
        .put("iterations", authorization.iterations())
        .put("elapsed_micros", authorization.elapsed().toNanos() / NANOS_PER_MICRO);
  }

  /** The facts of an evaluation and where they come from. */
  public static JsonFields facts(Authorization authorization) {
    Room room = new Room();
    return new JsonFields()
        .rows(
            "facts",
            authorization.facts(),
            fact ->
                new JsonFields().put("origin", fact.origin()).put("fact", room.fit(fact.fact())));
  }
}
