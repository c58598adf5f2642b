package dev.taper.cli.token;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.cli.output.Room;
import dev.taper.datalog.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One dimension in which an authority became narrower.
 *
 * @param dimension such as {@code tools} or {@code ends}
 * @param before what it was, in words
 * @param after what is left, in words
 */
record AuthorityChange(String dimension, String before, String after) {
  private static final String ANY = "any";

  /** How much is told: a token has one copy of a long text that it names often. */
  private static final int LONGEST = 4096;

  AuthorityChange {
    before = ShortText.of(before, LONGEST);
    after = ShortText.of(after, LONGEST);
  }

  /**
   * What became narrower; empty if nothing did.
   *
   * @param between what the blocks between them say
   */
  static List<AuthorityChange> between(
      EffectiveAuthority before, EffectiveAuthority after, List<Caveat> between) {
    List<AuthorityChange> changes = new ArrayList<>();
    grants(before, after, changes);
    if (!before.isListed() && between.stream().anyMatch(Grants.class::isInstance)) {
      // They are compared with nothing, but a call has to fit these, too.
      changes.add(new AuthorityChange("grants", count(before), "those within further grants"));
    }
    add("services", services(before.audiences()), services(after.audiences()), changes);
    add("begins", time(before.notBefore(), "at once"), time(after.notBefore(), "at once"), changes);
    add("ends", time(before.expiry(), "never"), time(after.expiry(), "never"), changes);
    add("hand-overs", depth(before.maxDepth()), depth(after.maxDepth()), changes);
    add("holders", holders(before), holders(after), changes);
    for (Budget budget : after.budgets().subList(before.budgets().size(), after.budgets().size())) {
      changes.add(new AuthorityChange("budgets", ANY, budget.toString()));
    }
    List<Check> checks = new ArrayList<>(after.opaqueChecks());
    before.opaqueChecks().forEach(checks::remove);
    for (Check check : checks) {
      changes.add(new AuthorityChange("check", "none", check.text(LONGEST)));
    }
    return List.copyOf(changes);
  }

  private static void grants(
      EffectiveAuthority before, EffectiveAuthority after, List<AuthorityChange> changes) {
    if (!before.isListed() || !after.isListed()) {
      add("grants", count(before), count(after), changes);
      return;
    }
    Set<Grant> gone = new LinkedHashSet<>(before.alternatives());
    for (Grant grant : after.alternatives()) {
      Grant wider = covering(before.alternatives(), grant);
      if (wider != null) {
        gone.remove(wider);
        boolean alone = after.alternatives().size() == 1;
        compare(wider, grant, alone ? "" : " of " + tools(grant), changes);
      }
    }
    for (Grant grant : gone) {
      changes.add(new AuthorityChange("grant", grant.text(LONGEST), "nothing"));
    }
  }

  private static @Nullable Grant covering(List<Grant> grants, Grant narrower) {
    for (Grant grant : grants) {
      if (narrower.equals(grant.intersect(narrower))) {
        return grant;
      }
    }
    return null;
  }

  private static void compare(
      Grant before, Grant after, String suffix, List<AuthorityChange> changes) {
    add("tools", before.tools(), after.tools(), ANY, changes);
    add("operations" + suffix, before.operations(), after.operations(), ANY, changes);
    add("resources" + suffix, before.resources(), after.resources(), ANY, changes);
    List<Constraint> lost = new ArrayList<>(before.constraints());
    lost.removeAll(after.constraints());
    List<Constraint> found = new ArrayList<>(after.constraints());
    found.removeAll(before.constraints());
    add("arguments" + suffix, lost, found, ANY, changes);
    add("requires" + suffix, before.activations(), after.activations(), "nothing", changes);
  }

  /** Compares the parts themselves: of their words only the beginning is told. */
  private static void add(
      String dimension, List<?> before, List<?> after, String none, List<AuthorityChange> changes) {
    if (!before.equals(after)) {
      changes.add(new AuthorityChange(dimension, words(before, none), words(after, none)));
    }
  }

  private static void add(
      String dimension, String before, String after, List<AuthorityChange> changes) {
    if (!before.equals(after)) {
      changes.add(new AuthorityChange(dimension, before, after));
    }
  }

  private static String count(EffectiveAuthority authority) {
    return authority.isListed()
        ? authority.alternatives().size() + " alternatives"
        : "more than " + EffectiveAuthority.MAX_ALTERNATIVES + " alternatives";
  }

  private static String tools(Grant grant) {
    return words(grant.tools(), ANY);
  }

  private static String words(List<?> items, String none) {
    StringJoiner texts = new StringJoiner(", ");
    for (int i = 0; i < items.size() && texts.length() <= LONGEST; i++) {
      texts.add(new Room(LONGEST).fit(items.get(i)));
    }
    return items.isEmpty() ? none : texts.toString();
  }

  private static String services(@Nullable List<String> services) {
    return services == null
        ? ANY
        : services.isEmpty()
            ? "none"
            : Condition.audience(services.toArray(new String[0])).words().substring("at ".length());
  }

  private static String time(@Nullable Instant instant, String otherwise) {
    return instant == null ? otherwise : instant.toString();
  }

  private static String depth(OptionalLong depth) {
    return depth.isEmpty() ? "any number" : Condition.maxDepth(depth.getAsLong()).words();
  }

  private static String holders(EffectiveAuthority authority) {
    return authority.isForVerifiedHolder() ? "verified only" : ANY;
  }
}
