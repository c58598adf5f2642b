package dev.taper.agent.grant;

import dev.taper.TaperException;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads checks as grants and conditions. It reads laxly, then compiles what it read: only if that
 * is the same check again, but for the names of variables and the spelling of a comparison with the
 * time, the check is recognised.
 */
final class Recogniser {
  private Recogniser() {}

  static Caveat read(Check check) {
    if (check.kind() == Check.Kind.IF && !check.queries().isEmpty()) {
      try {
        Check time = Instants.normal(check);
        Check normal = time == null ? check : time;
        Caveat caveat = guess(normal.queries());
        if (caveat != null && SameShape.test(caveat.check(), normal)) {
          return caveat;
        }
      } catch (TaperException e) {
        // It has a value that no grant can have, so it is no grant.
        return new OpaqueCheck(check);
      }
    }
    return new OpaqueCheck(check);
  }

  private static @Nullable Caveat guess(List<Query> queries) {
    Query first = queries.get(0);
    List<Predicate> predicates = first.predicates();
    return switch (predicates.isEmpty() ? "" : predicates.get(0).name()) {
      case "time" -> time(first);
      case "audience" -> AudienceIn.read(first);
      case "task" -> ForTask.read(first);
      case "depth" -> MaxDepth.read(first);
      case "invoker" -> VerifiedHolder.read(first);
      case BudgetStore.PREDICATE -> BudgetStore.read(first);
      default -> grants(queries);
    };
  }

  private static @Nullable Caveat time(Query query) {
    Expiry expiry = Expiry.read(query);
    return expiry != null ? expiry : NotBefore.read(query);
  }

  private static @Nullable Grants grants(List<Query> queries) {
    if (queries.size() > Grants.MAX_ALTERNATIVES) {
      return null;
    }
    List<Grant> grants = new ArrayList<>();
    for (Query query : queries) {
      Grant grant = grant(query);
      if (grant == null) {
        return null;
      }
      grants.add(grant);
    }
    return new Grants(grants);
  }

  private static @Nullable Grant grant(Query query) {
    List<Expression> expressions = query.expressions();
    if (query.predicates().isEmpty() && expressions.equals(List.of(Syntax.TRUE))) {
      return Grant.anyTool();
    }
    List<Element> elements = Element.split(query);
    Grant grant = Grant.anyTool();
    for (int i = 0; elements != null && i < elements.size(); i++) {
      grant = grant == null ? null : grant.with(elements.get(i));
    }
    return elements == null ? null : grant;
  }
}
