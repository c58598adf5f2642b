package dev.taper.server.issuer;

import dev.taper.agent.call.Canonical;
import dev.taper.server.oidc.Subject;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A person as policies know one. Immutable and thread-safe.
 *
 * @param subject who it is at a provider
 * @param delegator what the person is called in tokens
 * @param roles the roles, in order
 * @param claims other claims that the configuration lets through, by name; each value is JSON
 */
public record Person(
    Subject subject, String delegator, Set<String> roles, Map<String, String> claims) {
  /**
   * Checks the name, and copies the collections.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_REQUEST} if the name is
   *     ambiguous
   */
  public Person {
    Canonical.name(delegator, "the delegator");
    roles = Collections.unmodifiableSet(new TreeSet<>(roles));
    claims = Collections.unmodifiableMap(new TreeMap<>(claims));
  }
}
