package dev.taper.integrations.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.call.Proof;
import dev.taper.token.Token;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Set;

/** Writes what a service says of itself to anybody. */
final class Description {
  private Description() {}

  static String json(String audience, Set<Token.Kind> kinds, boolean keepsAsks) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", "taper/1 service");
      json.writeStringField("audience", audience);
      json.writeArrayFieldStart("kinds");
      for (Token.Kind kind : kinds) {
        json.writeString(kind.text());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("profiles");
      json.writeString("taper/1");
      json.writeEndArray();
      json.writeArrayFieldStart("proofs");
      json.writeNumber(Proof.VERSION);
      json.writeEndArray();
      if (keepsAsks) {
        json.writeStringField("asks", AskDesk.PATH);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
