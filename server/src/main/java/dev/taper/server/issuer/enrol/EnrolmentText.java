package dev.taper.server.issuer.enrol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.SafeJson;
import dev.taper.TaperException;
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

/**
 * The text of a file of enrolments: one JSON object of format {@code taper/1 enrolments}, as
 * docs/login.md has it. Read strictly: a key stands there once.
 */
public final class EnrolmentText {
  private static final String FORMAT = "taper/1 enrolments";
  private static final int MAX_DEPTH = 4;
  private static final int MAX_NUMBER = 32;
  private static final long MAX_TIME = 999_999_999_999L;
  private static final JsonReader<OperationException> JSON =
      JsonReader.of(
          MAX_DEPTH, EnrolmentBook.MAX_BYTES, MAX_NUMBER, (message, cause) -> wrong(message));

  private EnrolmentText() {}

  /**
   * Reads a text.
   *
   * @throws OperationException {@code usage} with its place if it is no such text
   */
  public static List<Enrolment> read(String json) {
    try {
      JsonMembers<OperationException> members = JSON.read(json, "it");
      if (!FORMAT.equals(members.textIfAny("format"))) {
        throw wrong("its format is not " + FORMAT);
      }
      if (members.names().size() != 2 || !members.has("agents")) {
        throw wrong("it has format and agents, and nothing else");
      }
      List<Enrolment> enrolments = new ArrayList<>();
      Map<PublicKey, String> names = new HashMap<>();
      for (JsonMembers<OperationException> element : members.objects("agents")) {
        Enrolment enrolment = one(element);
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

  private static Enrolment one(JsonMembers<OperationException> members) {
    Enrolment enrolment =
        new Enrolment(
            members.text("name"),
            PublicKey.parse(members.text("key")).validate(),
            new Subject(members.text("issuer"), members.text("subject")),
            way(members.text("way")),
            time(members, "since"),
            members.has("until") ? time(members, "until") : null);
    members.end();
    return enrolment;
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

  private static Instant time(JsonMembers<OperationException> members, String name) {
    Long seconds = members.numberOrNull(name);
    if (seconds == null || seconds > MAX_TIME) {
      throw wrong("a time is a number of seconds since 1970");
    }
    return Instant.ofEpochSecond(seconds);
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
