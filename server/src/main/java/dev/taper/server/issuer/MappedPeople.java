package dev.taper.server.issuer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * People by configuration: a table of subjects, and perhaps a rule for each provider that makes a
 * name of {@code sub}. Roles of the table count as they are; others come from claims, and of people
 * without a row those of the last exchange count when a token is renewed. Thread-safe.
 */
public final class MappedPeople implements People {
  /** What a rule replaces by the subject's {@code sub}. */
  public static final String SUB = "{sub}";

  private static final int MAX_ROLES = 64;
  private static final int MAX_TEXT = 256;

  private final Map<Subject, Row> rows;
  private final Map<String, Row> byDelegator = new HashMap<>();
  private final Map<String, Rule> rules;
  private final Set<String> suspended;

  private final SeenPeople seen;

  /**
   * A row of the table.
   *
   * @param subject who it is at a provider
   * @param delegator what the person is called in tokens
   * @param roles the roles; those of claims count beside them
   */
  public record Row(Subject subject, String delegator, Set<String> roles) {
    /** Copies the roles. */
    public Row {
      roles = Set.copyOf(roles);
    }
  }

  /**
   * What holds for all people of a provider.
   *
   * @param delegator what those without a row are called, with {@link #SUB} in it; null if only the
   *     table counts
   * @param roles the claim with the roles, with dots between the names of members; null for none
   * @param claims which other claims the policies get
   */
  public record Rule(@Nullable String delegator, @Nullable String roles, List<String> claims) {
    /**
     * Checks the name.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not made of {@code sub}:
     *     every other claim can change hands
     */
    public Rule {
      claims = List.copyOf(claims);
      if (delegator != null && !delegator.contains(SUB)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a rule makes the delegator of " + SUB + ": every other claim can change hands");
      }
    }
  }

  /**
   * Knows people.
   *
   * @param rows the table
   * @param rules for each provider, by its issuer
   * @param suspended delegators that may not delegate now
   * @param seen what providers said of people when they were last there
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a subject has two rows, or two
   *     subjects have one name, or could have by the rules
   */
  public MappedPeople(
      Collection<Row> rows,
      Map<String, Rule> rules,
      Collection<String> suspended,
      SeenPeople seen) {
    this.seen = seen;
    Map<Subject, Row> table = new HashMap<>();
    for (Row row : rows) {
      Row other = byDelegator.putIfAbsent(row.delegator(), row);
      if (table.putIfAbsent(row.subject(), row) != null || other != null) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "somebody is in the table of people twice: " + row.delegator());
      }
    }
    requireApart(List.copyOf(rules.values()));
    this.rows = Map.copyOf(table);
    this.rules = Map.copyOf(rules);
    this.suspended = Set.copyOf(suspended);
  }

  /** Two providers' people never have one name: nobody is another by choosing a {@code sub}. */
  private static void requireApart(List<Rule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      for (int j = 0; j < i; j++) {
        String one = rules.get(i).delegator();
        String other = rules.get(j).delegator();
        if (one != null && other != null && mayMeet(one, other)) {
          throw new TaperException(
              ErrorCode.INVALID_ARGUMENT,
              "the rules " + one + " and " + other + " could give two people one name");
        }
      }
    }
  }

  private static boolean mayMeet(String one, String other) {
    String oneStart = one.substring(0, one.indexOf(SUB));
    String otherStart = other.substring(0, other.indexOf(SUB));
    String oneEnd = one.substring(one.lastIndexOf(SUB) + SUB.length());
    String otherEnd = other.substring(other.lastIndexOf(SUB) + SUB.length());
    return (oneStart.startsWith(otherStart) || otherStart.startsWith(oneStart))
        && (oneEnd.endsWith(otherEnd) || otherEnd.endsWith(oneEnd));
  }

  /** What a subject is called; null if it is nobody who may delegate now. */
  private @Nullable String delegator(Subject subject) {
    Row row = rows.get(subject);
    if (row != null) {
      return suspended.contains(row.delegator()) ? null : row.delegator();
    }
    Rule rule = rules.get(subject.issuer());
    if (rule == null || rule.delegator() == null) {
      return null;
    }
    String name = rule.delegator().replace(SUB, subject.id());
    // A name in the table is its subject's alone.
    return suspended.contains(name) || byDelegator.containsKey(name) ? null : name;
  }

  @Override
  public @Nullable Person of(Identity identity) {
    Person stated = stated(identity);
    return stated == null ? null : withRow(stated);
  }

  @Override
  public void seen(Identity identity) {
    Person stated = stated(identity);
    if (stated != null) {
      seen.put(stated, identity.issued());
    }
  }

  /** Somebody as the provider has it, without the roles of the table. */
  private @Nullable Person stated(Identity identity) {
    Subject subject = identity.subject();
    String delegator = delegator(subject);
    if (delegator == null) {
      return null;
    }
    Rule rule = rules.get(subject.issuer());
    Set<String> roles = new TreeSet<>();
    Map<String, String> claims = new TreeMap<>();
    if (rule != null) {
      if (rule.roles() != null) {
        roles.addAll(texts(claim(identity.claims(), rule.roles())));
      }
      for (String name : rule.claims()) {
        String json = json(identity.claims().get(name));
        if (json != null) {
          claims.put(name, json);
        }
      }
    }
    return new Person(subject, delegator, roles, claims);
  }

  @Override
  public @Nullable Person again(String delegator) {
    Row row = byDelegator.get(delegator);
    Person last = seen.get(delegator);
    if (row != null && (last == null || !last.subject().equals(row.subject()))) {
      last = new Person(row.subject(), delegator, Set.of(), Map.of());
    }
    // By the table and the rules as they are now.
    return last == null || !delegator.equals(delegator(last.subject())) ? null : withRow(last);
  }

  private Person withRow(Person stated) {
    Row row = rows.get(stated.subject());
    if (row == null) {
      return stated;
    }
    Set<String> roles = new TreeSet<>(stated.roles());
    roles.addAll(row.roles());
    return new Person(stated.subject(), stated.delegator(), roles, stated.claims());
  }

  private static @Nullable Object claim(Map<String, Object> claims, String path) {
    Object value = claims;
    for (String name : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /**
   * A text, or a list of texts; what is anything else names no role.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if there are more than policies see: a
   *     role that forbids something must not get lost among others
   */
  private static List<String> texts(@Nullable Object value) {
    List<String> texts = new ArrayList<>();
    List<?> values = value instanceof List<?> list ? list : List.of(value == null ? "" : value);
    for (Object each : values) {
      if (each instanceof String text && !text.isBlank()) {
        texts.add(bounded(text));
      }
    }
    if (texts.size() > MAX_ROLES) {
      throw tooMuch("more than " + MAX_ROLES + " roles, or as many texts in another claim");
    }
    return texts;
  }

  private static String bounded(String text) {
    if (text.length() > MAX_TEXT) {
      throw tooMuch("a role or claim of more than " + MAX_TEXT + " characters");
    }
    return text;
  }

  private static TaperException tooMuch(String what) {
    return new TaperException(ErrorCode.INVALID_REQUEST, "the provider states " + what);
  }

  /** A claim as JSON: a text, a truth value, a whole number, or a list of texts; null if none. */
  private static @Nullable String json(@Nullable Object value) {
    if (value instanceof Boolean || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    if (value instanceof String text) {
      return CanonicalJson.quoted(bounded(text));
    }
    return value instanceof List<?>
        ? "[" + String.join(",", texts(value).stream().map(CanonicalJson::quoted).toList()) + "]"
        : null;
  }
}
