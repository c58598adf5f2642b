package dev.taper.server.console.people;

import dev.taper.server.signin.PersonNames;
import dev.taper.server.signin.Session;
import dev.taper.server.signin.Sessions;
import dev.taper.server.signin.SignIn;
import org.jspecify.annotations.Nullable;

/**
 * People who sign in. Thread-safe.
 *
 * @param signIn signs them in
 * @param names what they are called in records
 */
public record SignedInPeople(SignIn signIn, PersonNames names) {
  /** Their sessions. */
  Sessions sessions() {
    return signIn.sessions();
  }

  /** What the person of a session is called in records; null if it has no name there. */
  @Nullable String name(Session session) {
    return names.of(session.person());
  }
}
