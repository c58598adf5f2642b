package dev.taper.server.signin;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.Nearest;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.config.Times;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.server.process.FileReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * How people sign in, as an operator writes it: one JSON object of format {@code taper/1 sign-in}.
 * docs/login.md has its members. Immutable and thread-safe.
 *
 * @param provider the provider's URL
 * @param client how this process is known there
 * @param origins by which browsers reach its pages
 * @param life how long a session lasts
 * @param idle how long one lasts without being used
 * @param names what people are called in records
 */
public record SignInFile(
    String provider,
    SignInClient client,
    Set<String> origins,
    Duration life,
    Duration idle,
    PersonNames names) {
  private static final String FORMAT = "taper/1 sign-in";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int SHOWN = 80;
  private static final int MAX_DEPTH = 4;
  private static final int MAX_NUMBER = 32;
  private static final JsonReader<OperationException> JSON =
      JsonReader.of(
          MAX_DEPTH, MAX_BYTES, MAX_NUMBER, (message, cause) -> OperationException.usage(message));

  private static final List<String> MEMBERS =
      List.of(
          "format",
          "provider",
          "client",
          "secret_file",
          "origins",
          "scopes",
          "life",
          "idle",
          "roles",
          "people",
          "person");

  /** Copies the origins. */
  public SignInFile {
    origins = Set.copyOf(origins);
  }

  /**
   * Reads a file.
   *
   * @throws OperationException {@code io} if it or the client's secret cannot be read, {@code
   *     config_exposed} if somebody else can change it, {@code usage} with its place if it is no
   *     such file
   * @throws TaperException {@code secret_exposed} if others can get at the client's secret
   */
  public static SignInFile read(Path file) {
    TaperConfig.requireOwn(file);
    byte[] bytes = FileReason.bounded(file, MAX_BYTES);
    SignInFile read = parse(new String(bytes, StandardCharsets.UTF_8), file);
    String unused = read.client.secret(); // else nobody could sign in, and that were late to know
    return read;
  }

  /**
   * Reads a file's text.
   *
   * @param file where it stands; files that it names are beside it
   * @throws OperationException {@code usage} with its place if it is no such text
   */
  static SignInFile parse(String json, Path file) {
    JsonMembers<OperationException> all =
        JSON.refusing((message, cause) -> OperationException.usage(file + ": " + message))
            .read(json, "the file");
    Reading reading = new Reading(file, all);
    if (!FORMAT.equals(all.text("format"))) {
      throw reading.wrong("format", "is not " + FORMAT);
    }
    String secretFile = all.textOrNull("secret_file");
    SignInClient client =
        new SignInClient(
            all.text("client"),
            secretFile == null ? null : file.resolveSibling(secretFile),
            texts(all, "scopes"),
            reading.roles());
    SignInFile read =
        new SignInFile(
            reading.checked("provider", () -> Provider.of(all.text("provider")).issuer()),
            client,
            reading.checked("origins", () -> origins(texts(all, "origins"))),
            reading.duration("life", "8h"),
            reading.duration("idle", "30m"),
            reading.names());
    if (read.origins.isEmpty()) {
      throw reading.wrong("origins", "is missing: by which URL browsers reach this process");
    }
    Sessions unused = reading.checked("life or idle", () -> read.sessions(Clock.systemUTC()));
    return read;
  }

  private static Set<String> origins(Set<String> written) {
    Origins checked = new Origins();
    written.forEach(checked::add);
    return written;
  }

  private static Set<String> texts(JsonMembers<OperationException> members, String name) {
    return new TreeSet<>(members.textOrTexts(name));
  }

  /**
   * Signs people in as the file says.
   *
   * @param home the path where people go who named no other
   * @param clock what time it is
   */
  public SignIn open(String home, Clock clock) {
    return new SignIn(
        IdentityTokens.of(Provider.of(provider), clock), client, sessions(clock), home, clock);
  }

  private Sessions sessions(Clock clock) {
    Origins known = new Origins();
    origins.forEach(known::add);
    return new Sessions(known, life, idle, clock);
  }

  /** Names the place of what is wrong. For one thread. */
  private record Reading(Path file, JsonMembers<OperationException> all) {
    Reading {
      for (String name : all.names()) { // before one is missed that is only misspelt
        if (!MEMBERS.contains(name)) {
          throw OperationException.usage(
              file
                  + ": "
                  + ShownText.of(name, SHOWN)
                  + " is no member of this format"
                  + Nearest.hint(name, MEMBERS));
        }
      }
    }

    /** What is read, with the place in what is wrong with it. */
    <T> T checked(String name, Supplier<T> reader) {
      try {
        return reader.get();
      } catch (OperationException e) {
        String message = String.valueOf(e.getMessage());
        throw message.startsWith(file + ": ") ? e : wrong(name + ":", message);
      } catch (TaperException e) {
        throw wrong(name + ":", String.valueOf(e.getMessage()));
      }
    }

    OperationException wrong(String name, String why) {
      return OperationException.usage(file + ": " + name + " " + why);
    }

    Duration duration(String name, String otherwise) {
      String text = all.textOrNull(name);
      return checked(name, () -> Times.parseDuration(text == null ? otherwise : text));
    }

    RoleMapping roles() {
      JsonMembers<OperationException> roles = all.objectOrNull("roles");
      if (roles == null) {
        return RoleMapping.NONE;
      }
      List<String> claim = roles.textOrTexts("claim");
      if (claim.isEmpty()) {
        throw wrong("roles.claim", "is missing: the claim whose values give roles");
      }
      Map<PersonRole, Set<String>> values = new EnumMap<>(PersonRole.class);
      for (String name : roles.names()) {
        PersonRole role = PersonRole.of(name);
        if (role != null) {
          values.put(role, texts(roles, name));
        } else if (!name.equals("claim")) {
          throw wrong("roles." + name, "is no role: viewer, approver, reviewer, operator are");
        }
      }
      return new RoleMapping(claim.get(0), values);
    }

    PersonNames names() {
      JsonMembers<OperationException> people = all.objectOrNull("people");
      Map<String, String> table = people == null ? Map.of() : people.allTexts();
      String person = all.textOrNull("person");
      return checked("people or person", () -> new PersonNames(table, person));
    }
  }
}
