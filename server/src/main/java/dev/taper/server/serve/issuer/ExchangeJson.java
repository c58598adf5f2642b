package dev.taper.server.serve.issuer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.issuer.Ask;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.Issued;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes answers of the token endpoint. Stateless and thread-safe. */
final class ExchangeJson {
  private static final Map<String, String> FIELDS =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-store", "Pragma", "no-cache");

  /** How often an agent looks whether the user has answered, in seconds. */
  private static final int INTERVAL = 5;

  private ExchangeJson() {}

  /** Writes the members of an object. */
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  static HttpAnswer answer(int status, Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HttpAnswer(status, FIELDS, out.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A token that was issued. */
  static HttpAnswer issued(Issued issued) {
    return answer(
        200,
        json -> {
          json.writeStringField("access_token", issued.token().encodeBase64());
          json.writeStringField("issued_token_type", ExchangeForm.TOKEN_TYPE);
          json.writeStringField("token_type", "N_A"); // it is no bearer token
          json.writeNumberField("expires_in", issued.lifetime().toSeconds());
          json.writeArrayFieldStart("authorization_details");
          json.writeStartObject();
          json.writeStringField("type", Ask.TYPE);
          json.writeStringField("template", issued.template());
          json.writeStringField("task", issued.task().id());
          texts(json, "grants", issued.grants());
          if (!issued.audience().isEmpty()) {
            texts(json, "audience", issued.audience());
          }
          json.writeNumberField("expires_in", issued.lifetime().toSeconds());
          json.writeNumberField("max_depth", issued.depth());
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /**
   * An exchange that is refused.
   *
   * @param issuer where the user confirms one that waits
   */
  static HttpAnswer refused(ExchangeException refusal, String issuer) {
    return answer(
        refusal.error().status(),
        json -> {
          json.writeStringField("error", refusal.error().text());
          json.writeStringField("error_description", ascii(String.valueOf(refusal.getMessage())));
          json.writeStringField("code", refusal.code());
          if (!refusal.confirmation().isEmpty()) {
            json.writeStringField(
                "confirmation_uri", issuer + "/confirm#" + refusal.confirmation());
            json.writeNumberField("interval", INTERVAL);
          }
        });
  }

  /** The characters that RFC 6749 lets a description have. */
  private static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]", "'");
  }
}
