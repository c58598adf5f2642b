package dev.taper.server.issuer;

import dev.taper.server.oidc.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** People as an issuer keeps them in its folder, {@code memory.people}, for tests elsewhere. */
public final class KeptPeople {
  /** Somebody with roles, and with claims whose JSON is not the plainest. */
  public static final Person ALICE =
      new Person(
          new Subject("https://login.example.com", "alice-1"),
          "user:alice@acme.com",
          Set.of("support", "zürich \"west\""),
          Map.of("department", "{\"id\":7,\"name\":\"caf\u00e9\"}", "tenant", "\"acme\""));

  /** Somebody of whom a provider says nothing else. */
  public static final Person BOB =
      new Person(new Subject("https://login.example.com", "bob/2"), "user:bob", Set.of(), Map.of());

  private static final Instant SEEN = Instant.parse("2026-11-27T12:00:00Z");

  private KeptPeople() {}

  /** Has an issuer see both. */
  public static void write(Path folder) throws IOException {
    Files.createDirectory(folder);
    see(folder, ALICE, 0);
    see(folder, BOB, 0);
  }

  /**
   * Has an issuer that starts there see a person.
   *
   * @param later how long after both were seen first, in seconds
   */
  public static void see(Path folder, Person person, long later) {
    SeenPeople.inFolder(folder).put(person, SEEN.plusSeconds(later));
  }

  /** A person as an issuer that starts there knows it. */
  public static @Nullable Person known(Path folder, String delegator) {
    return SeenPeople.inFolder(folder).get(delegator);
  }
}
