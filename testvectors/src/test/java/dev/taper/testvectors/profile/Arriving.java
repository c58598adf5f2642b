package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it arrives at a service: its fields are those of docs/binding.md, in the order
 * in which they stand there. Immutable.
 */
final class Arriving {
  private final ObjectNode line;
  private final List<List<String>> fields;
  private final byte @Nullable [] content;

  private Arriving(ObjectNode line, List<List<String>> fields, byte @Nullable [] content) {
    this.line = line;
    this.fields = List.copyOf(fields);
    this.content = content;
  }

  /** A request that nobody changed on the way, without token and proof. */
  static Arriving of(Sent sent) {
    ObjectNode json = sent.json();
    String origin = Json.text(json, "origin");
    int scheme = origin.indexOf("://");
    ObjectNode line =
        Json.object(
            "scheme",
            origin.substring(0, scheme),
            "method",
            Json.text(json, "method"),
            "target",
            Json.text(json, "target"));
    byte[] content = json.has("content") ? Json.bytes(Json.get(json, "content")) : null;
    Arriving request =
        new Arriving(line, List.of(List.of("Host", origin.substring(scheme + 3))), content);
    if (json.has("contentType")) {
      request = request.with("Content-Type", Json.text(json, "contentType"));
    }
    if (json.has("contentEncoding")) {
      request = request.with("Content-Encoding", Json.text(json, "contentEncoding"));
    }
    for (var field : json.path("fields").properties()) {
      request = request.with(field.getKey(), field.getValue().textValue());
    }
    return content == null
        ? request
        : request.with("Content-Length", Integer.toString(content.length));
  }

  /** The same with a token and a proof of what was sent, made at noon. */
  static Arriving proven(Sent sent, Chain chain, PrivateKey holder, String... approvals) {
    Arriving request =
        of(sent)
            .with("Authorization", "Taper " + Messages.base64(chain.held()))
            .with("Taper-Proof", proof(sent, chain, holder, Cast.JIRA, List.of(approvals)));
    for (String approval : approvals) {
      request = request.with("Taper-Approval", approval);
    }
    return request;
  }

  /** The planner's, proven. */
  static Arriving byPlanner(Sent sent, Chain chain, String... approvals) {
    return proven(sent, chain, Cast.PLANNER, approvals);
  }

  /** A proof made at noon; its nonce follows from what it covers. */
  static String proof(
      Sent sent, Chain chain, PrivateKey holder, String audience, List<String> approvals) {
    return proof(sent, chain, holder, audience, approvals, Cast.NOON);
  }

  static String proof(
      Sent sent,
      Chain chain,
      PrivateKey holder,
      String audience,
      List<String> approvals,
      Instant time) {
    byte[] state = Objects.requireNonNull(chain.state());
    byte[] nonce = Arrays.copyOf(Messages.sha256(sent.parts()), 16);
    return ProofCases.proof(holder, state, audience, approvals, sent, time, nonce);
  }

  /** With one field more. */
  Arriving with(String name, String value) {
    List<List<String>> more = new ArrayList<>(fields);
    more.add(List.of(name, value));
    return new Arriving(line, more, content);
  }

  Arriving without(String name) {
    List<List<String>> fewer = new ArrayList<>(fields);
    fewer.removeIf(field -> field.get(0).equals(name));
    return new Arriving(line, fewer, content);
  }

  /** With another value for a field. */
  Arriving changed(String name, String value) {
    return without(name).with(name, value);
  }

  /** With another {@code scheme}, {@code method} or {@code target}. */
  Arriving line(String member, String value) {
    ObjectNode other = line.deepCopy();
    other.put(member, value);
    return new Arriving(other, fields, content);
  }

  /** With other content, and the length that belongs to it. */
  Arriving content(byte[] other) {
    Arriving request = new Arriving(line, fields, other);
    return request.changed("Content-Length", Integer.toString(other.length));
  }

  /** What arrives at a moment, and what it is answered. */
  JsonNode json(Instant now, ObjectNode expect) {
    ObjectNode json = Json.object("now", now.toEpochMilli());
    json.setAll(line);
    json.setAll(Json.object("fields", fields, "content", content, "expect", expect));
    return json;
  }
}
