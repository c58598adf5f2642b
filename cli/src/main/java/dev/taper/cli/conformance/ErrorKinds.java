package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.ErrorCode;
import java.util.Map;

/**
 * Matches our codes with the errors of the reference implementation. Its messages, and numbers
 * inside its errors, are its own; only the kind of error is common.
 */
final class ErrorKinds {
  private static final Map<String, String> FORMAT =
      Map.ofEntries(
          Map.entry("InvalidSignature", "signature"),
          Map.entry("SealedSignature", "signature"),
          Map.entry("UnknownPublicKey", "signature"),
          Map.entry("UnknownExternalKey", "signature"),
          Map.entry("InvalidFormat", "signature encoding"),
          Map.entry("InvalidSignatureSize", "signature encoding"),
          Map.entry("SignatureDeserializationError", "signature encoding"),
          Map.entry("BlockSignatureDeserializationError", "signature encoding"),
          Map.entry("DeserializationError", "deserialization"),
          Map.entry("BlockDeserializationError", "deserialization"),
          Map.entry("InvalidKey", "deserialization"),
          Map.entry("InvalidKeySize", "deserialization"),
          Map.entry("EmptyKeys", "deserialization"),
          Map.entry("UnknownSymbol", "deserialization"),
          Map.entry("Version", "version"),
          Map.entry("SymbolTableOverlap", "symbols"),
          Map.entry("PublicKeyTableOverlap", "public keys"),
          Map.entry("ExistingPublicKey", "public keys"));

  private static final Map<String, String> EXECUTION =
      Map.of(
          "Overflow", "overflow",
          "DivideByZero", "division by zero",
          "InvalidType", "type",
          "InvalidStack", "type",
          "UnknownVariable", "variable",
          "UnknownSymbol", "symbol",
          "ShadowedVariable", "shadowing",
          "UndefinedExtern", "undefined function",
          "ExternEvalError", "failed function");

  private static final Map<String, String> LIMIT =
      Map.of(
          "TooManyFacts", "facts",
          "TooManyIterations", "iterations",
          "Timeout", "time");

  private ErrorKinds() {}

  /** The kind of one of our errors. */
  static String of(ErrorCode code) {
    return switch (code) {
      case INVALID_SIGNATURE, UNKNOWN_ROOT_KEY, INVALID_PROOF -> "format: signature";
      case MALFORMED_SIGNATURE -> "format: signature encoding";
      case UNSUPPORTED_VERSION -> "format: version";
      case SYMBOL_TABLE_OVERLAP -> "format: symbols";
      case PUBLIC_KEY_TABLE_OVERLAP -> "format: public keys";
      case SYNTAX, INVALID_DATALOG -> "language: parse";
      case PARAMETER -> "language: parameters";
      case OVERFLOW -> "execution: overflow";
      case DIVISION_BY_ZERO -> "execution: division by zero";
      case INVALID_TYPE -> "execution: type";
      case UNKNOWN_VARIABLE -> "execution: variable";
      case SHADOWED_VARIABLE -> "execution: shadowing";
      case UNDEFINED_EXTERN -> "execution: undefined function";
      case EXTERN_FAILED -> "execution: failed function";
      case TOO_MANY_FACTS -> "limit: facts";
      case TOO_MANY_ITERATIONS -> "limit: iterations";
      case TOO_MUCH_WORK, TIMEOUT -> "limit: time";
      case INVALID_BLOCK_RULE -> "logic: block rule";
      default ->
          code.category() == ErrorCode.Category.FORMAT || code.category() == ErrorCode.Category.KEY
              ? "format: deserialization"
              : "unexpected: " + code.text();
    };
  }

  /** The kind of an expected error; the JSON itself if its kind is unknown. */
  static String of(JsonNode error) {
    String family = name(error);
    JsonNode content = error.path(family);
    return switch (family) {
      case "Format" -> "format: " + kind(FORMAT, content);
      case "Language" ->
          "language: " + (name(content).equals("ParseError") ? "parse" : "parameters");
      case "Base64" -> "format: deserialization";
      case "Execution" -> "execution: " + kind(EXECUTION, content);
      case "RunLimit" -> "limit: " + kind(LIMIT, content);
      default -> error.toString();
    };
  }

  private static String kind(Map<String, String> kinds, JsonNode content) {
    String name = name(content);
    // A signature error is nested one deeper.
    String inner = name.equals("Signature") ? name(content.path(name)) : name;
    return kinds.getOrDefault(inner, content.toString());
  }

  /** The name of a variant: a text, or the only field of an object. */
  static String name(JsonNode variant) {
    if (variant.isObject() && variant.size() == 1) {
      return variant.fieldNames().next();
    }
    return variant.isTextual() ? variant.textValue() : "";
  }
}
