package dev.taper.integrations.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields that a request has once, or not at all. */
final class Fields {
  private Fields() {}

  /** The value of a field that may be there once; null if it is not. */
  static @Nullable String single(IncomingRequest request, String name) throws RefusedException {
    List<String> values = request.field(name);
    if (values.size() > 1) {
      throw invalid("the field " + name + " is there twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** A refusal of what no server should have let through. */
  static RefusedException invalid(String detail) {
    return new RefusedException(HttpRefusal.of(400, "invalid_request", detail));
  }
}
