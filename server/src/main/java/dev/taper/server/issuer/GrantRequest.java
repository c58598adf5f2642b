package dev.taper.server.issuer;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.delegation.Task;
import dev.taper.agent.grant.Grants;
import dev.taper.server.issuer.ExchangeException.OauthError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asks for: {@code authorization_details} of OAuth (RFC 9396) with one object of the
 * type {@code taper_grant}. Immutable and thread-safe.
 *
 * @param template the name of the template
 * @param task for what
 * @param grants less than the template's; null for all of it
 * @param audience fewer services than the template's; null for all of them
 * @param lifetime a shorter time than the template's; null for the whole
 * @param depth a smaller depth than the template's; null for the same
 */
public record GrantRequest(
    String template,
    Task task,
    @Nullable Grants grants,
    @Nullable List<String> audience,
    @Nullable Duration lifetime,
    @Nullable Integer depth) {
  /** The type of the object. */
  public static final String TYPE = "taper_grant";

  /** The longest text, in characters. */
  public static final int MAX_TEXT = 8 * 1024;

  private static final int MAX_LIST = 64;
  private static final int MAX_SECONDS = 366 * 24 * 60 * 60;
  private static final int MAX_DEPTH = 64;
  private static final Set<String> MEMBERS =
      Set.of(
          "type", "template", "task", "purpose", "grants", "audience", "expires_in", "max_depth");

  private static final JsonReader<ExchangeException> READER =
      JsonReader.of(16, 1 << 16, 1000, (message, cause) -> wrong(message));

  /** The same, for all that the template has. */
  GrantRequest whole() {
    return new GrantRequest(template, task, null, null, null, null);
  }

  /**
   * Reads a text as it was sent.
   *
   * @param details JSON: an array of one object
   * @throws ExchangeException {@link OauthError#INVALID_AUTHORIZATION_DETAILS}
   */
  public static GrantRequest read(String details) throws ExchangeException {
    if (details.length() > MAX_TEXT) {
      throw wrong("they have more than " + MAX_TEXT + " characters");
    }
    try {
      List<String> elements = CanonicalJson.elements(details);
      if (elements.size() != 1) {
        throw wrong("one object is expected, not " + elements.size());
      }
      return of(READER.read(elements.get(0), "the details"));
    } catch (TaperException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static GrantRequest of(JsonMembers<ExchangeException> members) throws ExchangeException {
    for (String name : members.names()) {
      if (!MEMBERS.contains(name)) { // it would be ignored, and would be thought to hold
        throw wrong("there is no member of that name among " + new ArrayList<>(MEMBERS));
      }
    }
    if (!TYPE.equals(members.textOrNull("type"))) {
      throw wrong("the type is " + TYPE);
    }
    String template = members.textOrNull("template");
    String task = members.textOrNull("task");
    if (template == null || task == null) {
      throw wrong("template and task are needed");
    }
    List<String> grants = texts(members, "grants");
    List<String> audience = texts(members, "audience");
    if (audience != null) {
      audience.forEach(Canonical::audience);
    }
    Integer seconds = number(members, "expires_in", 1, MAX_SECONDS);
    return new GrantRequest(
        Canonical.name(template, "the template's name"),
        new Task(task, members.textOrNull("purpose")),
        grants == null ? null : Grants.parse(String.join(" or ", grants)),
        audience,
        seconds == null ? null : Duration.ofSeconds(seconds),
        number(members, "max_depth", 0, MAX_DEPTH));
  }

  private static @Nullable List<String> texts(JsonMembers<ExchangeException> members, String name)
      throws ExchangeException {
    List<String> texts = members.texts(name);
    if (members.has(name) && (texts.isEmpty() || texts.size() > MAX_LIST)) {
      throw wrong(name + " has between 1 and " + MAX_LIST + " texts");
    }
    return texts.isEmpty() ? null : List.copyOf(texts);
  }

  private static @Nullable Integer number(
      JsonMembers<ExchangeException> members, String name, int least, int most)
      throws ExchangeException {
    Integer number = members.integerOrNull(name);
    if (number != null && (number < least || number > most)) {
      throw wrong(name + " is between " + least + " and " + most);
    }
    return number;
  }

  private static ExchangeException wrong(String why) {
    return new ExchangeException(
        OauthError.INVALID_AUTHORIZATION_DETAILS,
        "invalid_details",
        "authorization_details: " + why);
  }
}
