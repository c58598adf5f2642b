package dev.taper.integrations.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request that is held in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HeldRequest(
    String method, String target, boolean isSecure, Map<String, String> fields, byte[] bytes)
    implements IncomingRequest {
  HeldRequest {
    Map<String, String> lower = new HashMap<>();
    fields.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    fields = Map.copyOf(lower);
  }

  @Override
  public List<String> field(String name) {
    String value = fields.get(name.toLowerCase(Locale.ROOT));
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }

  @Override
  public InputStream content() {
    return new ByteArrayInputStream(bytes);
  }
}
