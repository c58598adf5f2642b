package dev.taper.server.signin;

import dev.taper.server.oidc.Subject;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who signed in. The subject says who it is; the name is for showing alone: a provider may let
 * people choose it. Immutable and thread-safe.
 *
 * @param subject who, at which provider
 * @param name as the provider shows the person; not to be compared with anything
 * @param roles what the provider's claims give, by the operator's mapping
 * @param signedIn when the person signed in
 */
public record SignedIn(Subject subject, String name, Set<PersonRole> roles, Instant signedIn) {
  /** Copies the roles. */
  public SignedIn {
    EnumSet<PersonRole> copy = EnumSet.noneOf(PersonRole.class);
    copy.addAll(roles);
    roles = Collections.unmodifiableSet(copy);
  }

  /** True if the person has exactly this role. */
  public boolean has(PersonRole role) {
    return roles.contains(role);
  }
}
