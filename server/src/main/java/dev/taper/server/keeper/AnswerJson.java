package dev.taper.server.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.NamesFile;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a keeper answers. Stateless. */
final class AnswerJson {
  /** What is told of an authority: its words can be many times the size of its token. */
  private static final int MOST_WORDS = 4096;

  /** Writes the members of an object. */
  @FunctionalInterface
  interface MembersOf {
    void write(JsonGenerator json) throws IOException;
  }

  private AnswerJson() {}

  static String object(MembersOf members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  static String refusal(KeeperRefusal refusal) {
    return object(
        json -> {
          json.writeNumberField("status", refusal.status());
          json.writeStringField("code", refusal.code());
          json.writeStringField("detail", refusal.detail());
        });
  }

  static void key(JsonGenerator json, HeldKey key, boolean isConfirmed) throws IOException {
    json.writeStringField("name", key.name());
    json.writeStringField("key", key.key().toString());
    json.writeStringField("in", key.place().text());
    json.writeBooleanField("confirm", isConfirmed);
    time(json, "until", key.until());
  }

  static void token(JsonGenerator json, HeldToken token, String key) throws IOException {
    DelegationChain chain = token.token().chain();
    EffectiveAuthority authority = chain.effectiveAuthority();
    List<DelegationHop> hops = chain.hops();
    json.writeStringField("name", token.name());
    json.writeStringField("token", token.token().encodeBase64());
    json.writeStringField("key", key);
    json.writeStringField("holder", String.valueOf(hops.get(hops.size() - 1).holderName()));
    json.writeStringField("delegator", chain.delegator());
    json.writeStringField("task", chain.task().id());
    json.writeNumberField("depth", chain.depth());
    texts(json, "audiences", token.audiences());
    json.writeStringField("authority", ShortText.of(authority.words(MOST_WORDS), MOST_WORDS));
    time(json, "expires", authority.expiry());
    time(json, "until", token.until());
    json.writeBooleanField("renews", token.renew() != null);
  }

  static void names(JsonGenerator json, @Nullable NamesFile names) throws IOException {
    json.writeObjectFieldStart("agents");
    if (names != null) {
      for (Map.Entry<String, Set<PublicKey>> agent : names.agents().entrySet()) {
        texts(json, agent.getKey(), agent.getValue().stream().map(PublicKey::toString).toList());
      }
    }
    json.writeEndObject();
  }

  static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void time(JsonGenerator json, String name, @Nullable Instant time)
      throws IOException {
    if (time != null) {
      json.writeNumberField(name, time.getEpochSecond());
    }
  }
}
