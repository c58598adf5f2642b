package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and what is expected of it.
 *
 * @param title what it is about
 * @param filename the token's file, beside the file with the cases
 * @param rootKey the key it is verified with
 * @param blocks what its blocks say, or null if the case does not carry it
 * @param validations what authorizers say about it
 */
record TestCase(
    String title,
    String filename,
    PublicKey rootKey,
    @Nullable JsonNode blocks,
    List<Validation> validations) {
  TestCase {
    validations = List.copyOf(validations);
  }

  /**
   * An authorization and what is expected of it.
   *
   * @param name which one of the case, often empty
   * @param authorizerCode the authorizer's Datalog
   * @param expected the whole object
   */
  record Validation(String name, String authorizerCode, JsonNode expected) {}
}
