package dev.taper.cli.conformance;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes JSON documents. */
final class Edits {
  private Edits() {}

  /** Sets what a pointer points to; the index behind an array's end appends. */
  static void set(JsonNode document, String pointer, JsonNode value) {
    JsonPointer place = JsonPointer.compile(pointer);
    JsonNode parent = document.at(place.head());
    String last = place.last().getMatchingProperty();
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode array && Integer.parseInt(last) < array.size()) {
      array.set(Integer.parseInt(last), value);
    } else if (parent instanceof ArrayNode array) {
      array.add(value);
    } else {
      throw new AssertionError("nothing at " + pointer);
    }
  }
}
