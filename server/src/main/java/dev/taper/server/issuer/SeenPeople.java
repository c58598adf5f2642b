package dev.taper.server.issuer;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.crypto.Digests;
import dev.taper.server.oidc.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What providers said of people when they were last there: their roles and claims, for renewals.
 * Kept in this process, and in a folder too if there is one, where whoever can write gives anybody
 * any role. Used by one process; thread-safe.
 */
public final class SeenPeople {
  private static final int MOST = 100_000;
  private static final int MAX_BYTES = 256 * 1024;
  private static final String FORMAT = "taper/1 person";

  private final @Nullable Path folder;

  /** The longest unseen first. Guarded by itself. */
  private final Map<String, Seen> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Somebody at a time.
   *
   * @param issued when the provider said it
   */
  private record Seen(Person person, Instant issued) {}

  private SeenPeople(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Remembers until the process ends. */
  public static SeenPeople inMemory() {
    return new SeenPeople(null);
  }

  /** Remembers in a folder that is there, and that only this process's user can change. */
  public static SeenPeople inFolder(Path folder) {
    return new SeenPeople(folder);
  }

  /**
   * Remembers a person, and returns when that is safe. What is older than what is known already, or
   * says the same, changes nothing.
   *
   * @param issued when the provider said it
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if it cannot be kept: the roles of
   *     before would come back
   */
  public void put(Person person, Instant issued) {
    synchronized (seen) {
      Seen before = find(person.delegator());
      if (before != null && issued.isBefore(before.issued())) {
        return;
      }
      if (folder != null && (before == null || !before.person().equals(person))) {
        write(folder, new Seen(person, issued));
      }
      seen.put(person.delegator(), new Seen(person, issued));
    }
  }

  /**
   * A person as it was last seen; null if it never was.
   *
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if that cannot be found out
   */
  public @Nullable Person get(String delegator) {
    synchronized (seen) {
      Seen known = find(delegator);
      return known == null ? null : known.person();
    }
  }

  private @Nullable Seen find(String delegator) {
    Seen known = seen.get(delegator);
    if (known == null && folder != null) {
      known = read(folder, delegator);
      if (known != null) {
        seen.put(delegator, known);
      }
    }
    return known;
  }

  private static Path file(Path folder, String delegator) {
    return folder.resolve(Digests.sha256Hex(delegator) + ".json");
  }

  private static void write(Path folder, Seen one) {
    try {
      byte[] json = json(one).getBytes(StandardCharsets.UTF_8);
      SecretFile.replace(file(folder, one.person().delegator()), json, MAX_BYTES);
    } catch (IOException e) {
      throw unavailable(folder, e);
    }
  }

  private static @Nullable Seen read(Path folder, String delegator) {
    try {
      byte[] bytes = SecretFile.read(file(folder, delegator), MAX_BYTES);
      Seen one = seen(new String(bytes, StandardCharsets.UTF_8));
      if (!one.person().delegator().equals(delegator)) {
        throw new IOException("it is about somebody else");
      }
      return one;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw unavailable(folder, e);
    }
  }

  private static TaperException unavailable(Path folder, IOException e) {
    return new TaperException(
        ErrorCode.FILE_UNAVAILABLE, "cannot use what is kept of people in " + folder, e);
  }

  private static String json(Seen one) {
    Person person = one.person();
    JsonFields claims = new JsonFields();
    person.claims().forEach(claims::json);
    return new JsonFields()
        .put("claims", claims)
        .put("delegator", person.delegator())
        .put("format", FORMAT)
        .put("issued", one.issued().getEpochSecond())
        .put("provider", person.subject().issuer())
        .put("roles", person.roles())
        .put("subject", person.subject().id())
        .toJson();
  }

  private static Seen seen(String json) throws IOException {
    try {
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(json);
      if (!FORMAT.equals(member(members, "format"))) {
        throw new IOException("it has another format");
      }
      Set<String> roles = new LinkedHashSet<>();
      for (String role : CanonicalJson.elements(members.getOrDefault("roles", ""))) {
        roles.add(CanonicalJson.string(role, "a role"));
      }
      Person person =
          new Person(
              new Subject(member(members, "provider"), member(members, "subject")),
              member(members, "delegator"),
              roles,
              CanonicalJson.members(members.getOrDefault("claims", "")));
      long issued = Long.parseLong(members.getOrDefault("issued", ""));
      return new Seen(person, Instant.ofEpochSecond(issued));
    } catch (TaperException | NumberFormatException | DateTimeException e) {
      throw new IOException("it makes no sense", e);
    }
  }

  private static String member(SortedMap<String, String> members, String name) {
    return CanonicalJson.string(members.getOrDefault(name, ""), name);
  }
}
