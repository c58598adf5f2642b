package dev.taper.cli.policy;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.Explanation;
import dev.taper.cli.output.Room;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query.QueryExplanation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes a decision for programs. */
public final class DecisionJson {
  private static final int NANOS_PER_MICRO = 1000;

  private DecisionJson() {}

  /**
   * Writes the members of a decision.
   *
   * @throws IOException from the generator
   */
  public static void write(JsonGenerator json, Decision decision, boolean explain)
      throws IOException {
    json.writeBooleanField("allowed", decision.allowed());
    json.writeStringField("outcome", decision.code().text());
    policy(json, decision.policy());
    json.writeArrayFieldStart("failed_checks");
    Room room = new Room();
    for (FailedCheck check : decision.failedChecks()) {
      json.writeStartObject();
      json.writeFieldName("block");
      if (check.block().isPresent()) {
        json.writeNumber(check.block().getAsInt());
      } else {
        json.writeNull();
      }
      if (check.part() != null) {
        json.writeStringField("part", check.part());
      }
      json.writeNumberField("index", check.index());
      json.writeStringField("check", room.fit(check.text()));
      json.writeEndObject();
    }
    json.writeEndArray();
    if (explain) {
      explanation(json, decision.explain());
    }
  }

  /**
   * Writes what it took to decide.
   *
   * @throws IOException from the generator
   */
  public static void effort(JsonGenerator json, Authorization authorization) throws IOException {
    json.writeNumberField("iterations", authorization.iterations());
    json.writeNumberField("elapsed_micros", authorization.elapsed().toNanos() / NANOS_PER_MICRO);
  }

  /**
   * Writes the facts that were known or derived, each with the blocks that it comes from.
   *
   * @throws IOException from the generator
   */
  public static void facts(JsonGenerator json, Authorization authorization) throws IOException {
    json.writeArrayFieldStart("facts");
    Room room = new Room();
    for (OriginFact fact : authorization.facts()) {
      json.writeStartObject();
      json.writeStringField("origin", fact.origin().toString());
      json.writeStringField("fact", room.fit(fact.fact()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void explanation(JsonGenerator json, Explanation explanation) throws IOException {
    json.writeArrayFieldStart("explanation");
    for (Explanation.Part part : explanation.parts()) {
      json.writeStartObject();
      json.writeStringField("place", part.place());
      json.writeStringField("text", part.text());
      json.writeArrayFieldStart("why");
      for (QueryExplanation query : part.queries()) {
        json.writeString(Explanation.words(query));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void policy(JsonGenerator json, @Nullable MatchedPolicy policy)
      throws IOException {
    if (policy == null) {
      json.writeNullField("policy");
      return;
    }
    json.writeObjectFieldStart("policy");
    json.writeStringField("kind", policy.kind() == Policy.Kind.ALLOW ? "allow" : "deny");
    if (policy.part() != null) {
      json.writeStringField("part", policy.part());
    }
    json.writeNumberField("index", policy.index());
    json.writeStringField("text", policy.text());
    json.writeEndObject();
  }
}
