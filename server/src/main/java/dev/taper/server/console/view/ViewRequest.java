package dev.taper.server.console.view;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.listener.Endpoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question to the console's data: a method, a path in parts, and parameters, each of them taken
 * out; what is left should not have been there. For one thread.
 */
public final class ViewRequest {
  private static final int MAX_TARGET = 4096;
  private static final int MAX_PARAMETERS = 32;
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_DEPTH = 12;
  private static final int MAX_NUMBER = 32;
  private static final JsonReader<RefusedException> JSON =
      JsonReader.of(
          MAX_DEPTH, Endpoints.MAX_CONTENT, MAX_NUMBER, (message, cause) -> invalid(message));

  private final String method;
  private final List<String> path;
  private final Map<String, String> parameters;
  private final byte[] content;
  private @Nullable String by;

  private ViewRequest(
      String method, List<String> path, Map<String, String> parameters, byte[] content) {
    this.method = method;
    this.path = path;
    this.parameters = parameters;
    this.content = content;
  }

  /**
   * Reads a request below a prefix.
   *
   * @param prefix such as {@code /api/}
   * @return null if it is not below the prefix
   * @throws RefusedException 400 {@code invalid_request} if it makes no sense
   */
  public static @Nullable ViewRequest of(IncomingRequest request, String prefix)
      throws RefusedException {
    String target = request.target();
    if (!target.startsWith(prefix)) {
      return null;
    }
    if (target.length() > MAX_TARGET) {
      throw invalid("the address is too long");
    }
    String[] halves = target.substring(prefix.length()).split("\\?", 2);
    List<String> path = new ArrayList<>();
    Map<String, String> parameters = new TreeMap<>();
    try {
      for (String part : halves[0].split("/", -1)) {
        path.add(part(part));
      }
      parameters.putAll(
          UrlEncoded.fields(halves.length == 2 ? halves[1] : "", MAX_PARAMETERS, "address"));
    } catch (TaperException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
    parameters.values().removeIf(String::isEmpty);
    return new ViewRequest(request.method(), path, parameters, content(request));
  }

  private static String part(String text) throws RefusedException {
    String part = UrlEncoded.decode(text, false, "address");
    if (part.indexOf('\0') >= 0 || part.equals(".") || part.equals("..")) {
      throw invalid("the address goes up, or has a character that no name has");
    }
    return part;
  }

  private static byte[] content(IncomingRequest request) throws RefusedException {
    if (!request.method().equals("POST")) {
      return new byte[0];
    }
    List<String> types = request.field("content-type");
    String media = types.size() == 1 ? types.get(0).split(";", 2)[0].strip() : "";
    if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
      throw invalid("the Content-Type is not application/json");
    }
    try {
      return request.content().readNBytes(Endpoints.MAX_CONTENT);
    } catch (IOException e) {
      throw invalid("the content ends early");
    }
  }

  /** True for a request by this method to this path, whose parts are given; a star is any part. */
  public boolean is(String wanted, String... parts) {
    if (!method.equals(wanted) || path.size() != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].equals("*") && !parts[i].equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Says who asks: what is done is recorded as this person's. */
  public ViewRequest by(String person) {
    by = person;
    return this;
  }

  /** Who asks; null if that is whoever started this process. */
  @Nullable String by() {
    return by;
  }

  /** The method. */
  public String method() {
    return method;
  }

  /** A part of the path. */
  public String part(int index) {
    return path.get(index);
  }

  /** The first part of the path. */
  public String first() {
    return path.get(0);
  }

  /** A part of the path that is a number. */
  int numberOf(int index) throws RefusedException {
    return number(path.get(index), "a number in the path", Integer.MAX_VALUE);
  }

  /** Path and parameters, written anew for another to read. */
  public String written() {
    StringBuilder target = new StringBuilder();
    for (String part : path) {
      target.append(target.isEmpty() ? "" : "/").append(encoded(part));
    }
    char before = '?';
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      target.append(before).append(encoded(one.getKey()));
      target.append('=').append(encoded(one.getValue()));
      before = '&';
    }
    return target.toString();
  }

  private static String encoded(String text) {
    return UrlEncoded.encode(text).replace("+", "%20");
  }

  /** Takes out a parameter; null if there is none. */
  public @Nullable String parameter(String name) {
    return parameters.remove(name);
  }

  /** Takes out a number. */
  int number(String name, int otherwise, int max) throws RefusedException {
    String text = parameter(name);
    return text == null ? otherwise : number(text, name, max);
  }

  /** Takes out a number of milliseconds; null if there is none. */
  @Nullable Long millis(String name) throws RefusedException {
    String text = parameter(name);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,15}")) {
      throw invalid(name + " is no moment");
    }
    return Long.parseLong(text);
  }

  private static int number(String text, String what, int max) throws RefusedException {
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > max) {
      throw invalid(what + " is no number of at most " + max);
    }
    return Integer.parseInt(text);
  }

  /** Takes out how many items a page has. */
  int limit() throws RefusedException {
    int limit = number("limit", DEFAULT_LIMIT, MAX_LIMIT);
    if (limit == 0) {
      throw invalid("a page has an item at least");
    }
    return limit;
  }

  /** Takes out where a page begins; null for the first. */
  public @Nullable String after() {
    return parameter("after");
  }

  /** Refuses parameters that nobody took out. */
  public void requireNothingElse() throws RefusedException {
    if (!parameters.isEmpty()) {
      throw invalid("there is a parameter that is unknown");
    }
  }

  /** The content as an object. */
  public JsonMembers<RefusedException> content() throws RefusedException {
    return content(Endpoints.MAX_CONTENT);
  }

  /**
   * The content as an object.
   *
   * @param max the most bytes
   */
  public JsonMembers<RefusedException> content(int max) throws RefusedException {
    requireNothingElse();
    return read(content, max);
  }

  /**
   * Reads one object.
   *
   * @param max the most bytes
   * @throws RefusedException 400 {@code invalid_request} if it is none, is too deep, or has a name
   *     twice
   */
  public static JsonMembers<RefusedException> read(byte[] content, int max)
      throws RefusedException {
    if (content.length > max) {
      throw invalid("the content has more than " + max + " bytes");
    }
    return JSON.read(content, "the content");
  }

  static RefusedException invalid(String detail) {
    return new RefusedException(400, "invalid_request", detail);
  }
}
