package dev.taper.server.signin;

import dev.taper.integrations.http.IncomingRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request as a test makes it up. */
record AskedRequest(String method, String target, Map<String, List<String>> fields, String text)
    implements IncomingRequest {
  static AskedRequest get(String target, String... fields) {
    return of("GET", target, "", fields);
  }

  static AskedRequest of(String method, String target, String text, String... fields) {
    Map<String, List<String>> all = new TreeMap<>();
    for (int at = 0; at < fields.length; at += 2) {
      all.computeIfAbsent(fields[at].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(fields[at + 1]);
    }
    return new AskedRequest(method, target, all, text);
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public List<String> field(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }

  @Override
  public InputStream content() {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
