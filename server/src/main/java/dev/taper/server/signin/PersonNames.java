package dev.taper.server.signin;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.server.oidc.Subject;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people of one provider are called in records, by their {@code sub} alone: an e-mail address
 * or a user name can change hands. Immutable and thread-safe.
 *
 * @param table names by {@code sub}
 * @param rule what those are called who are not in the table, with {@link #SUB} in it; null if they
 *     have no name
 */
public record PersonNames(Map<String, String> table, @Nullable String rule) {
  /** What a rule replaces by somebody's {@code sub}. */
  public static final String SUB = "{sub}";

  /** Nobody has a name. */
  public static final PersonNames NONE = new PersonNames(Map.of(), null);

  private static final String WHOSE = "the name of a person";

  /**
   * Checks the names, and copies the table.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if a name is ambiguous, {@link
   *     ErrorCode#INVALID_ARGUMENT} if two people have one, or a rule does not tell them apart
   */
  public PersonNames {
    table = Map.copyOf(table);
    Set<String> names = new TreeSet<>();
    for (String name : table.values()) {
      if (!names.add(Canonical.name(name, WHOSE))) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "two people are called " + name);
      }
    }
    if (rule != null && !Canonical.name(rule, WHOSE).contains(SUB)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a rule makes a name of " + SUB + ", which nobody chooses");
    }
  }

  /** What somebody is called; null if the person has no name, or one of somebody else's. */
  public @Nullable String of(SignedIn person) {
    Subject subject = person.subject();
    String named = table.get(subject.id());
    if (named != null || rule == null) {
      return named;
    }
    String made = rule.replace(SUB, subject.id());
    try {
      return table.containsValue(made) ? null : Canonical.name(made, WHOSE);
    } catch (TaperException e) {
      return null; // what nobody can read in a record is no name
    }
  }
}
