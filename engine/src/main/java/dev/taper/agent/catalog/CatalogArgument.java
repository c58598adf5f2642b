package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.SentHttp;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a tool, as a catalog has it. Immutable and thread-safe.
 *
 * @param type what its values are
 * @param required whether a call without it is refused
 * @param list whether it may be repeated in a query or form, and is an array then
 * @param dropped whether it never reaches the tool: it is no part of what the call means
 * @param field the header field that it is sent in, in lower case; null if it is sent elsewhere
 */
public record CatalogArgument(
    ArgumentType type, boolean required, boolean list, boolean dropped, @Nullable String field) {
  /**
   * Checks that the parts fit each other.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a list is no array or is sent in a
   *     field, something dropped is required, or a field changes the method; {@link
   *     ErrorCode#INVALID_REQUEST} if there can be no such field
   */
  public CatalogArgument {
    Given.that(type, "the type of an argument");
    if (list && type.kind() != ArgumentType.Kind.ARRAY) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a list is an array");
    }
    if (dropped && required) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "what is dropped cannot be required as well");
    }
    if (field != null) {
      if (list) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a list is sent in a query, form or JSON, not in a field");
      }
      field = SentHttp.fieldName(field);
      if (HttpRules.overridesMethod(field)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "no argument is sent in " + field + ", which changes the method");
      }
    }
  }

  /** An argument that may be left out. */
  public static CatalogArgument optional(ArgumentType type) {
    return new CatalogArgument(type, false, false, false, null);
  }

  /** An argument without which a call is refused. */
  public static CatalogArgument required(ArgumentType type) {
    return new CatalogArgument(type, true, false, false, null);
  }

  /** A member that callers send and that never reaches the tool. */
  public static CatalogArgument ofDropped() {
    return new CatalogArgument(ArgumentType.ANY, false, false, true, null);
  }

  /** Sends it in a header field. */
  public CatalogArgument inField(String name) {
    return new CatalogArgument(type, required, list, dropped, name);
  }

  /** Lets it be repeated in a query or form. */
  public CatalogArgument repeatable() {
    return new CatalogArgument(type, required, true, dropped, field);
  }
}
