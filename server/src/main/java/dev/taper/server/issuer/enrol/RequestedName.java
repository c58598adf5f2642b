package dev.taper.server.issuer.enrol;

import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.CanonicalJson;
import java.util.List;
import java.util.SortedMap;

/**
 * What an agent asks for when it enrols: an array with one object {@code {"type":
 * "taper_enrolment", "name": NAME}}, so that its proof serves for nothing else. The name begins
 * with {@code agent:}: a name like that of a provider's client would make that client's tokens
 * consent to whatever this agent asks.
 */
public final class RequestedName {
  private static final String TYPE = "taper_enrolment";

  /** What every name begins with. */
  static final String PREFIX = "agent:";

  private static final int MAX_LENGTH = 4096;

  private RequestedName() {}

  /**
   * Reads the name.
   *
   * @param details exactly as they were sent
   * @throws EnrolmentException {@code invalid_authorization_details}
   */
  public static String read(String details) throws EnrolmentException {
    try {
      List<String> elements =
          details.length() > MAX_LENGTH ? List.of() : CanonicalJson.elements(details);
      if (elements.size() == 1) {
        SortedMap<String, String> members = CanonicalJson.membersOfDocument(elements.get(0));
        String type = CanonicalJson.string(members.getOrDefault("type", "0"), "type");
        String name = CanonicalJson.string(members.getOrDefault("name", "0"), "name");
        boolean isAgent = name.startsWith(PREFIX) && name.length() > PREFIX.length();
        if (type.equals(TYPE) && members.size() == 2 && isAgent) {
          return Canonical.name(name, "the agent's name");
        }
      }
    } catch (TaperException e) {
      // It is none, as below.
    }
    throw new EnrolmentException(
        "invalid_authorization_details",
        "an enrolment asks for one object with type taper_enrolment and a name such as"
            + " agent:planner");
  }
}
