package dev.taper.server.issuer.enrol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.server.issuer.enrol.Enrolment.Way;
import dev.taper.server.oidc.Subject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file of enrolments: one JSON object of format {@code taper/1 enrolments}, as
 * docs/login.md has it. Read strictly: a key stands there once.
 */
public final class EnrolmentText {
  private static final String FORMAT = "taper/1 enrolments";

  private EnrolmentText() {}

  /**
   * Reads a text.
   *
   * @throws OperationException {@code usage} with its place if it is no such text
   */
  public static List<Enrolment> read(String json) {
    try {
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(json);
      if (!FORMAT.equals(CanonicalJson.string(members.getOrDefault("format", "0"), "format"))) {
        throw wrong("its format is not " + FORMAT);
      }
      if (members.size() != 2 || !members.containsKey("agents")) {
        throw wrong("it has format and agents, and nothing else");
      }
      List<Enrolment> enrolments = new ArrayList<>();
      Map<PublicKey, String> names = new HashMap<>();
      for (String element : CanonicalJson.elements(members.get("agents"))) {
        Enrolment enrolment = one(CanonicalJson.membersOfDocument(element));
        if (names.put(enrolment.key(), enrolment.name()) != null) {
          throw wrong("a key stands there twice: " + enrolment.key());
        }
        enrolments.add(enrolment);
      }
      return List.copyOf(enrolments);
    } catch (TaperException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Enrolment one(SortedMap<String, String> members) {
    String until = members.remove("until");
    Enrolment enrolment =
        new Enrolment(
            text(members, "name"),
            PublicKey.parse(text(members, "key")).validate(),
            new Subject(text(members, "issuer"), text(members, "subject")),
            way(text(members, "way")),
            time(members.remove("since")),
            until == null ? null : time(until));
    if (!members.isEmpty()) {
      throw wrong("an agent has a member that it cannot have");
    }
    return enrolment;
  }

  private static String text(SortedMap<String, String> members, String name) {
    String json = members.remove(name);
    if (json == null) {
      throw wrong("an agent has no " + name);
    }
    return CanonicalJson.string(json, name);
  }

  private static Way way(String text) {
    for (Way way : Way.values()) {
      if (text(way).equals(text)) {
        return way;
      }
    }
    throw wrong("an agent is enrolled by code or workload");
  }

  private static String text(Way way) {
    return way.name().toLowerCase(Locale.ROOT);
  }

  private static Instant time(@Nullable String seconds) {
    try {
      if (seconds != null && seconds.length() <= 12) {
        return Instant.ofEpochSecond(Long.parseLong(seconds));
      }
    } catch (NumberFormatException e) {
      // It is none, as below.
    }
    throw wrong("a time is a number of seconds since 1970");
  }

  private static OperationException wrong(String why) {
    return OperationException.usage("no file of enrolments: " + why);
  }

  /** Writes a text that {@link #read} reads. */
  public static String write(Collection<Enrolment> enrolments) {
    JsonFields all =
        new JsonFields().put("format", FORMAT).rows("agents", enrolments, EnrolmentText::fields);
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      all.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.append('\n').toString();
  }

  private static JsonFields fields(Enrolment one) {
    Instant until = one.until();
    return new JsonFields()
        .put("name", one.name())
        .put("key", one.key())
        .put("way", text(one.way()))
        .put("issuer", one.by().issuer())
        .put("subject", one.by().id())
        .put("since", one.since().getEpochSecond())
        .putIfPresent("until", until == null ? null : until.getEpochSecond());
  }
}
