package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses header fields by which a service could take another request than the one that is judged.
 * docs/binding.md lists them. Names are compared folded, because many servers cannot tell a hyphen
 * in a name from an underscore.
 */
final class FieldNames {
  /** Fields in which some services read another method or target. */
  private static final Set<String> OTHER_REQUESTS =
      Set.of(
          "x-http-method-override",
          "x-http-method",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url");

  /** Starts of names of which only the spelling with hyphens is taken. */
  private static final List<String> RESERVED_STARTS =
      List.of("taper-", "content-", "proxy-", "x-forwarded-", "x-original-", "x-rewrite-");

  /** Other names of which only the spelling with hyphens is taken. */
  private static final Set<String> RESERVED = Set.of("transfer-encoding", "x-real-ip");

  /** Fields that belong to the whole way of a request, beside the reserved ones. */
  private static final Set<String> END_TO_END =
      Set.of("authorization", "cookie", "expect", "forwarded", "host", "origin");

  private FieldNames() {}

  /**
   * Refuses fields that no request may have, whatever it calls.
   *
   * @param targetField the field in which a proxy says the target; null without one
   */
  static void check(IncomingRequest request, @Nullable String targetField) throws RefusedException {
    @Nullable String target = targetField == null ? null : SentHttp.foldedName(targetField);
    for (String name : request.fieldNames()) {
      boolean isPlain = name.indexOf('_') < 0;
      if (isPlain && target == null && !startsWithX(name)) {
        continue; // it cannot be one of OTHER_REQUESTS, nor another spelling of any name
      }
      String folded = SentHttp.foldedName(name);
      boolean isTarget = folded.equals(target);
      if (OTHER_REQUESTS.contains(folded) && !isTarget) {
        throw Fields.invalid("the field " + folded + " names another method or target");
      }
      boolean isSpelled = isTarget ? name.equalsIgnoreCase(targetField) : isPlain;
      if (!isSpelled && (isTarget || isReserved(folded))) {
        throw Fields.invalid("the field " + folded + " is there in another spelling");
      }
    }
    for (String option : options(request, "connection")) {
      if (isReserved(option) || END_TO_END.contains(option) || option.equals(target)) {
        throw Fields.invalid("Connection names the field " + option + ", which is judged");
      }
    }
  }

  /**
   * Refuses an upgrade to a protocol whose messages nobody would judge. A service that speaks
   * {@code h2c} brings each request of it before its filters; a proxy does not.
   */
  static void checkUpgrade(IncomingRequest request, boolean isByProxy) throws RefusedException {
    boolean isTunnel = request.method().equals("CONNECT");
    for (String protocol : options(request, "upgrade")) {
      isTunnel |= isByProxy || !protocol.equals("h2c");
    }
    if (isTunnel) {
      throw Fields.invalid("the request asks for another protocol, which nobody would judge");
    }
  }

  /** All of OTHER_REQUESTS start so. */
  private static boolean startsWithX(String name) {
    return name.startsWith("x-") || name.startsWith("X-");
  }

  private static boolean isReserved(String folded) {
    return RESERVED.contains(folded) || RESERVED_STARTS.stream().anyMatch(folded::startsWith);
  }

  /** The elements of a list field, folded. */
  private static List<String> options(IncomingRequest request, String field) {
    List<String> values = request.field(field);
    if (values.isEmpty()) {
      return List.of();
    }
    return values.stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .map(element -> SentHttp.foldedName(element.strip()))
        .toList();
  }

  /**
   * Refuses a request in which the field of an argument is there in another spelling, or is said to
   * be for the next server alone.
   *
   * @param field the name in lower case
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST}
   */
  static void checkArgument(IncomingRequest request, String field) {
    requireSpelling(request.fieldNames(), field);
    if (options(request, "connection").contains(SentHttp.foldedName(field))) {
      throw invalid("Connection names the field " + field + ", which is an argument");
    }
  }

  /**
   * Refuses another spelling of a field among some names.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST}
   */
  static void requireSpelling(Collection<String> names, String field) {
    String folded = SentHttp.foldedName(field);
    for (String name : names) {
      if (!name.equalsIgnoreCase(field) && SentHttp.foldedName(name).equals(folded)) {
        throw invalid("the field " + field + " is there in another spelling");
      }
    }
  }

  /**
   * Refuses a request in which a field is there twice, or in another spelling.
   *
   * @param names in lower case, with hyphens
   * @param starts of further names, in lower case, with hyphens
   * @throws RefusedException 400 {@code invalid_request}
   */
  static void requireOnce(IncomingRequest request, Set<String> names, Collection<String> starts)
      throws RefusedException {
    for (String name : request.fieldNames()) {
      String folded = SentHttp.foldedName(name);
      if (names.contains(folded) || starts.stream().anyMatch(folded::startsWith)) {
        if (name.indexOf('_') >= 0) {
          throw Fields.invalid("the field " + folded + " is there in another spelling");
        }
        String unused = Fields.single(request, folded);
      }
    }
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_REQUEST, message);
  }
}
