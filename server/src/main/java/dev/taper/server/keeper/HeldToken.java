package dev.taper.server.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.JsonMembers;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.call.Canonical;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as a keeper keeps it. Immutable.
 *
 * @param name what it is called
 * @param token the token
 * @param audiences the services for which alone it is used; empty for all
 * @param renew where it is renewed; null for nowhere
 * @param until when it is forgotten; null for never
 */
record HeldToken(
    String name,
    AgentToken token,
    List<String> audiences,
    KeeperRequest.@Nullable RenewAt renew,
    @Nullable Instant until) {
  private static final String FORMAT = "taper/1 keeper token";

  HeldToken {
    audiences = List.copyOf(audiences);
  }

  /**
   * Reads what {@link #stored} wrote.
   *
   * @throws KeeperRefusal if it is something else
   */
  static HeldToken read(String name, String json) {
    JsonMembers<KeeperRefusal> all = KeeperJson.JSON.read(json, "the token " + name);
    if (!all.text("format").equals(FORMAT)) {
      throw KeeperRefusal.invalid("the token " + name + " has another format");
    }
    try {
      JsonMembers<KeeperRefusal> renew = all.objectOrNull("renew");
      HeldToken read =
          new HeldToken(
              name,
              AgentToken.decode(all.text("token")),
              all.texts("audiences").stream().map(Canonical::audience).toList(),
              renew == null
                  ? null
                  : new KeeperRequest.RenewAt(
                      URI.create(renew.text("url")), Canonical.audience(renew.text("audience"))),
              KeeperJson.instantOrNull(all, "until"));
      all.end();
      return read;
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    } catch (IllegalArgumentException e) {
      throw KeeperRefusal.invalid("the token " + name + " is renewed at what is no URL");
    }
  }

  /** The text of its file. */
  String stored() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeStringField("token", token.encodeBase64());
      json.writeArrayFieldStart("audiences");
      for (String audience : audiences) {
        json.writeString(audience);
      }
      json.writeEndArray();
      if (renew != null) {
        json.writeObjectFieldStart("renew");
        json.writeStringField("url", renew.url().toString());
        json.writeStringField("audience", renew.audience());
        json.writeEndObject();
      }
      if (until != null) {
        json.writeNumberField("until", until.getEpochSecond());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out + "\n";
  }

  /** True once it is to be forgotten. */
  boolean hasEnded(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /**
   * The service that a use is for.
   *
   * @param asked the one that is named; null for the only one there is
   * @throws KeeperRefusal {@code other_audience} if the token is kept for others; {@code
   *     audience_required} if there is not one alone
   */
  String audience(@Nullable String asked) {
    if (asked == null) {
      if (audiences.size() != 1) {
        throw KeeperRefusal.of(
            400, "audience_required", "say for which service: the token is kept for not just one");
      }
      return audiences.get(0);
    }
    if (!audiences.isEmpty() && !audiences.contains(asked)) {
      throw KeeperRefusal.of(
          403, "other_audience", "the token is kept for other services: " + audiences);
    }
    return asked;
  }
}
