package dev.taper.integrations.http.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.SafeJson;
import dev.taper.agent.call.SentHttp;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes asks, and reads what services say of them: members that this version does not know are
 * left alone.
 *
 * @param texts the members that are strings, and objects as their text
 * @param approvals the member of that name
 */
record AskJson(Map<String, String> texts, List<String> approvals) {
  /** The most bytes of an answer. */
  static final int MAX_BYTES = 2 << 20;

  private static final JsonFactory FACTORY = SafeJson.strict(32, MAX_BYTES, 1000);

  /** What is sent to ask. */
  static byte[] write(SentHttp call, String reason) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("method", call.method());
      json.writeStringField("target", call.target());
      if (call.contentType() != null) {
        json.writeStringField("content_type", call.contentType());
      }
      if (call.contentEncoding() != null) {
        json.writeStringField("content_encoding", call.contentEncoding());
      }
      if (call.contentLength() > 0) {
        json.writeStringField(
            "content", Base64.getUrlEncoder().withoutPadding().encodeToString(call.content()));
      }
      if (!call.fields().isEmpty()) {
        json.writeObjectFieldStart("fields");
        for (Map.Entry<String, String> field : call.fields().entrySet()) {
          json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
      }
      json.writeStringField("reason", reason);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads an answer.
   *
   * @throws IOException if it is no JSON object, or has approvals that are no texts; it quotes
   *     nothing of the answer
   */
  static AskJson read(byte[] answer) throws IOException {
    String text = new String(answer, StandardCharsets.UTF_8);
    Map<String, String> texts = new TreeMap<>();
    List<String> approvals = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the service did not answer with a JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        if (name.equals("approvals") && token == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
              throw new IOException("the service gives approvals that are no texts");
            }
            approvals.add(json.getText());
          }
        } else if (token == JsonToken.VALUE_STRING) {
          texts.put(name, json.getText());
        } else {
          int start = (int) json.currentTokenLocation().getCharOffset();
          json.skipChildren();
          texts.put(name, text.substring(start, (int) json.currentLocation().getCharOffset()));
        }
      }
    } catch (JsonProcessingException e) {
      // Its message, and that of a cause, may quote the answer, whatever it holds.
      throw new IOException("the service's answer is no JSON, or has a name twice");
    }
    return new AskJson(texts, approvals);
  }

  /** A member as text; empty if it is not there. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }
}
