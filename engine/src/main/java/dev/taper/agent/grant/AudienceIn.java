package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Only some services may take the token: {@code check if audience("svc:jira")}, or {@code check if
 * audience($audience), {..}.contains($audience)}.
 *
 * @param services the services, at least one, sorted
 */
record AudienceIn(List<String> services) implements Condition {
  /**
   * Checks, sorts and copies the services.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if there are
   *     none, or no call can come to one of them
   */
  public AudienceIn {
    services = List.copyOf(new TreeSet<>(services));
    if (services.isEmpty() || services.size() > Require.MAX_VALUES) {
      throw Require.refuse("a token needs between 1 and " + Require.MAX_VALUES + " audiences");
    }
    for (String service : services) {
      Require.canonical(Canonical::audience, service);
    }
  }

  @Override
  public Kind kind() {
    return Kind.AUDIENCE;
  }

  @Override
  public Check check() {
    TextSet set = TextSet.exactly(services);
    Term term = set.term(() -> Syntax.variable("audience"));
    return Syntax.check(
        List.of(Predicate.of("audience", term)), set.expressions(term).toArray(new Expression[0]));
  }

  static @Nullable AudienceIn read(Query query) {
    TextSet set =
        query.predicates().size() == 1 && query.predicates().get(0).terms().size() == 1
            ? TextSet.read(
                BinaryOp.PREFIX, query.predicates().get(0).terms().get(0), query.expressions())
            : null;
    return set == null ? null : new AudienceIn(List.copyOf(set.exact()));
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Facts.anyText(facts, "audience", services::contains)
        ? null
        : Caveat.Mismatch.of(
            Caveat.Mismatch.Subject.AUDIENCE,
            Facts.shown(facts, "audience"),
            GrantText.joined(services, ", ", service -> service, Caveat.Mismatch.MAX_WANTED));
  }

  @Override
  public String words() {
    return words(Integer.MAX_VALUE);
  }

  @Override
  public String words(int enough) {
    return "at " + GrantText.joined(services, " or ", service -> service, enough);
  }
}
