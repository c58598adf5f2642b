package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the cases of files of names. */
final class NamesRunner {
  private NamesRunner() {}

  static void run(JsonNode one) {
    Expectation.check(Json.get(one, "expect"), () -> result(one));
  }

  /** What is read in a file of names. */
  static JsonNode result(JsonNode one) {
    return Cases.ok(said(read(one)));
  }

  private static NamesFile read(JsonNode one) {
    String text = Json.text(one, "text");
    NamesFile names;
    if (one.has("trusted")) {
      List<PublicKey> trusted = new ArrayList<>();
      Json.get(one, "trusted").forEach(key -> trusted.add(PublicKey.parse(key.textValue())));
      names = NamesFile.parseSigned(text, trusted.toArray(new PublicKey[0]));
    } else {
      names = NamesFile.parse(text);
    }
    return one.has("earlier")
        ? names.notOlderThan(
            NamesFile.builder().number(Long.parseLong(Json.text(one, "earlier"))).build())
        : names;
  }

  /** Who is who. The number is a text: a reader of JSON may round it. */
  static JsonNode said(NamesFile names) {
    return Json.object(
        "number",
        names.number().isPresent() ? Long.toString(names.number().getAsLong()) : null,
        "agents",
        section(names.agents()),
        "approvers",
        section(names.approvers()),
        "groups",
        section(names.groups()),
        "issuers",
        section(names.issuers()),
        "signer",
        names.signer());
  }

  private static <E> ObjectNode section(Map<String, Set<E>> section) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    section.forEach(
        (name, values) -> {
          ArrayNode array = all.putArray(name);
          values.forEach(value -> array.add("" + value));
        });
    return all;
  }
}
