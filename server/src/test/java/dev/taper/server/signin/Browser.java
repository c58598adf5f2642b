package dev.taper.server.signin;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser does for one person: it keeps the cookies of our pages and says which site made a
 * request.
 */
public final class Browser {
  private static final Pattern HIDDEN = Pattern.compile("name=\"([a-z]+)\" value=\"([^\"]*)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String origin;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private String userAgent = "Browser/1";

  /** A browser at the pages of an origin. */
  public Browser(String origin) {
    this.origin = origin;
  }

  /** Takes another browser's cookies, as a thief does. */
  public Browser stealing(Browser victim) {
    cookies.putAll(victim.cookies);
    return this;
  }

  /** Says that it is another program. */
  public Browser as(String agent) {
    userAgent = agent;
    return this;
  }

  /** The cookies. */
  public Map<String, String> cookies() {
    return cookies;
  }

  /** Opens a page of ours, as if the person typed its path. */
  public HttpResponse<String> open(String path) {
    return send(to(path).header("Sec-Fetch-Site", "none").build());
  }

  /** Fetches as a script of our own page does. */
  public HttpResponse<String> fetch(String path) {
    return send(to(path).header("Sec-Fetch-Site", "same-origin").build());
  }

  /** Asks as a script of our own page does, with fields of its own; a content is JSON. */
  public HttpResponse<String> ask(
      String method, String path, @Nullable String json, String... fields) {
    return askFrom("same-origin", method, path, json, fields);
  }

  /** Asks as a script of a page does that the browser says is of some site. */
  public HttpResponse<String> askFrom(
      String site, String method, String path, @Nullable String json, String... fields) {
    HttpRequest.Builder request = to(path).header("Sec-Fetch-Site", site);
    request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    if (fields.length > 0) {
      request.headers(fields);
    }
    return send(request.build());
  }

  /** Posts a form as our own page does: without a referrer, so with no origin. */
  public HttpResponse<String> post(String path, Map<String, String> fields) {
    return post(path, fields, "null", "same-origin");
  }

  /** Posts a form from some page. */
  public HttpResponse<String> post(
      String path, Map<String, String> fields, String from, String site) {
    return send(
        to(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", from)
            .header("Sec-Fetch-Site", site)
            .POST(BodyPublishers.ofString(form(fields)))
            .build());
  }

  /** Signs in at a provider that asks nothing. */
  public HttpResponse<String> signIn(String to) {
    return open(callback(to));
  }

  /** Begins to sign in, and comes back from the provider to this path. */
  public String callback(String to) {
    String there =
        open("/signin?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    String back = elsewhere(there).headers().firstValue("Location").orElseThrow();
    if (!back.startsWith(origin)) {
      throw new AssertionError(back);
    }
    return back.substring(origin.length());
  }

  /** Opens a page of another site. */
  public HttpResponse<String> elsewhere(String url) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The fields of a page's forms. */
  public static Map<String, String> fields(HttpResponse<String> page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher found = HIDDEN.matcher(page.body());
    while (found.find()) {
      fields.putIfAbsent(found.group(1), found.group(2));
    }
    return fields;
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path)).header("User-Agent", userAgent);
    if (!cookies.isEmpty()) {
      StringJoiner all = new StringJoiner("; ");
      cookies.forEach((name, value) -> all.add(name + "=" + value));
      request.header("Cookie", all.toString());
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) {
    HttpResponse<String> answer;
    try {
      answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    for (String set : answer.headers().allValues("Set-Cookie")) {
      String pair = set.substring(0, set.indexOf(';'));
      String name = pair.substring(0, pair.indexOf('='));
      if (set.contains("Max-Age=0")) {
        cookies.remove(name);
      } else {
        cookies.put(name, pair.substring(name.length() + 1));
      }
    }
    return answer;
  }

  private static String form(Map<String, String> fields) {
    StringJoiner form = new StringJoiner("&");
    fields.forEach(
        (name, value) -> form.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return form.toString();
  }
}
