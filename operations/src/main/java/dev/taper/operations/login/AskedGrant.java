package dev.taper.operations.login;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asks an issuer for: one object of RFC 9396, of the type {@code taper_grant}. What
 * is missing is as the issuer's template has it. Immutable and thread-safe.
 *
 * @param template the issuer's template, which says what is granted at most
 * @param task the task's id
 * @param purpose what the task is for; null to leave it out
 * @param grants what is asked for, in the text form of grants; none for all of the template
 * @param audiences the services that may take the token; none for all of the template
 * @param life how long; null for as long as the template says
 * @param maxDepth how often it may be handed on; null for as often as the template says
 */
public record AskedGrant(
    String template,
    String task,
    @Nullable String purpose,
    List<String> grants,
    List<String> audiences,
    @Nullable Duration life,
    @Nullable Integer maxDepth) {
  /** Copies the lists. */
  public AskedGrant {
    grants = List.copyOf(grants);
    audiences = List.copyOf(audiences);
  }

  /** The {@code authorization_details}: an array with this one object. */
  public String details() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("type", "taper_grant");
      json.writeStringField("template", template);
      text(json, "task", task);
      text(json, "purpose", purpose);
      texts(json, "grants", grants);
      texts(json, "audience", audiences);
      if (life != null) {
        json.writeNumberField("expires_in", life.toSeconds());
      }
      if (maxDepth != null) {
        json.writeNumberField("max_depth", maxDepth);
      }
      json.writeEndObject();
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void texts(JsonGenerator json, String name, List<String> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
