package dev.taper.server.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes what a keeper has, for programs. No token's text is in it. */
final class KeptJson {
  private KeptJson() {}

  static void write(JsonGenerator json, KeptKey key) throws IOException {
    json.writeStringField("name", key.name());
    json.writeStringField("key", key.key().toString());
    json.writeStringField("place", key.place());
    json.writeBooleanField("confirmed", key.isConfirmed());
    text(json, "until", key.until());
  }

  static void write(JsonGenerator json, KeptToken token) throws IOException {
    json.writeStringField("name", token.name());
    json.writeStringField("key", token.key());
    json.writeStringField("holder", token.holder());
    json.writeStringField("delegator", token.delegator());
    json.writeStringField("task", token.task());
    json.writeArrayFieldStart("audiences");
    for (String audience : token.audiences()) {
      json.writeString(audience);
    }
    json.writeEndArray();
    json.writeStringField("authority", token.authority());
    text(json, "expires", token.expires());
    text(json, "until", token.until());
  }

  private static void text(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value.toString());
    }
  }
}
