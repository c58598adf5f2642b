package dev.taper.server.signin;

import dev.taper.server.oidc.Identity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a claim give which roles. Values are compared as they stand. Immutable and
 * thread-safe.
 *
 * @param claim a claim of strings, such as {@code groups}; with dots for a nested one
 * @param values the values that give each role
 */
public record RoleMapping(String claim, Map<PersonRole, Set<String>> values) {
  /** Nobody has a role. */
  public static final RoleMapping NONE = new RoleMapping("groups", Map.of());

  /** Copies the values. */
  public RoleMapping {
    EnumMap<PersonRole, Set<String>> copy = new EnumMap<>(PersonRole.class);
    values.forEach((role, texts) -> copy.put(role, Set.copyOf(texts)));
    values = Map.copyOf(copy);
  }

  /** The roles that what a provider says of somebody gives. */
  public Set<PersonRole> roles(Identity identity) {
    Set<PersonRole> roles = EnumSet.noneOf(PersonRole.class);
    List<String> texts = texts(identity.claims());
    values.forEach(
        (role, wanted) -> {
          if (texts.stream().anyMatch(wanted::contains)) {
            roles.add(role);
          }
        });
    return roles;
  }

  /** The strings of the claim: of an array, or the one that it is. */
  private List<String> texts(Map<String, Object> claims) {
    Object value = claims.get(claim);
    if (value == null) {
      value = claims;
      for (String name : claim.split("\\.", -1)) {
        value = value instanceof Map<?, ?> members ? members.get(name) : null;
      }
    }
    List<String> texts = new ArrayList<>();
    for (Object one : value instanceof List<?> list ? list : Arrays.asList(value)) {
      if (one instanceof String text) {
        texts.add(text);
      }
    }
    return texts;
  }
}
