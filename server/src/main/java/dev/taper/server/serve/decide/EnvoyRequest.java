package dev.taper.server.serve.decide;

import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.CallerAddress;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that Envoy asks about, with its whole content. Where Envoy joined the values of a
 * field, they are taken apart again, so that nobody reads as one what a service may read as two.
 * For one thread.
 */
public final class EnvoyRequest implements IncomingRequest {
  private static final String PARTIAL = "x-envoy-auth-partial-body";

  private final AttributeContext.HttpRequest http;
  private final Map<String, List<String>> fields;
  private final byte[] content;

  private EnvoyRequest(
      AttributeContext.HttpRequest http, Map<String, List<String>> fields, byte[] content) {
    this.http = http;
    this.fields = fields;
    this.content = content;
  }

  /**
   * Takes what Envoy sends.
   *
   * @throws RefusedException 400 if there is no request in it, or {@code content_not_seen} if Envoy
   *     did not send the whole content
   */
  public static EnvoyRequest of(CheckRequest check) throws RefusedException {
    AttributeContext.HttpRequest http = check.getAttributes().getRequest().getHttp();
    if (http.getMethod().isEmpty() || http.getPath().isEmpty()) {
      throw new RefusedException(
          400, "invalid_request", "there is no request of HTTP to decide about");
    }
    byte[] content =
        http.getRawBody().isEmpty()
            ? http.getBody().getBytes(StandardCharsets.UTF_8)
            : http.getRawBody().toByteArray();
    EnvoyRequest request = new EnvoyRequest(http, fields(http), content);
    request.requireWhole();
    return request;
  }

  /**
   * Where Envoy says that the request came from: its own client, as its {@code use_remote_address}
   * and trusted hops have it.
   *
   * @return null if it says none, or something else than an address
   */
  static @Nullable InetAddress source(CheckRequest check) {
    return CallerAddress.figures(
        check.getAttributes().getSource().getAddress().getSocketAddress().getAddress());
  }

  private static Map<String, List<String>> fields(AttributeContext.HttpRequest http) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    if (http.hasHeaderMap()) {
      for (HeaderValue field : http.getHeaderMap().getHeadersList()) {
        String value =
            field.getRawValue().isEmpty()
                ? field.getValue()
                : field.getRawValue().toString(StandardCharsets.ISO_8859_1);
        fields
            .computeIfAbsent(field.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(value);
      }
      return fields;
    }
    http.getHeadersMap()
        .forEach(
            (name, value) ->
                fields.put(
                    name.toLowerCase(Locale.ROOT), new ArrayList<>(List.of(value.split(",", -1)))));
    fields.replaceAll((name, values) -> values.stream().map(String::strip).toList());
    return fields;
  }

  /** Content that Envoy keeps from who decides would reach the service unseen. */
  private void requireWhole() throws RefusedException {
    boolean isAnnounced =
        !field("transfer-encoding").isEmpty()
            || field("content-length").stream().anyMatch(length -> !length.equals("0"));
    boolean isMissing = (content.length == 0 && isAnnounced) || http.getSize() > content.length;
    if (field(PARTIAL).contains("true") || isMissing) {
      throw new RefusedException(
          400, "content_not_seen", "the proxy does not send the whole content");
    }
  }

  @Override
  public String method() {
    return http.getMethod();
  }

  @Override
  public String target() {
    return http.getPath();
  }

  @Override
  public boolean isSecure() {
    return http.getScheme().equals("https");
  }

  @Override
  public List<String> field(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("host")) {
      return http.getHost().isEmpty() ? List.of() : List.of(http.getHost());
    }
    List<String> given = fields.getOrDefault(lower, List.of());
    boolean isLength = given.isEmpty() && lower.equals("content-length");
    // Over HTTP/2 a content needs no stated length.
    return isLength && content.length > 0 && !fields.containsKey("transfer-encoding")
        ? List.of(Integer.toString(content.length))
        : given;
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }

  @Override
  public InputStream content() {
    return new ByteArrayInputStream(content);
  }
}
