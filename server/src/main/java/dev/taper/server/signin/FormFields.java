package dev.taper.server.signin;

import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.integrations.http.IncomingRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and values of forms and queries, read strictly: each name once, in UTF-8. */
public final class FormFields {
  /** The longest content of a form, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final String TYPE = "application/x-www-form-urlencoded";
  private static final int MAX_FIELDS = 32;

  private FormFields() {}

  /**
   * The fields of a posted form.
   *
   * @return null if it is none, is too long, or has a name twice
   */
  public static @Nullable Map<String, String> of(IncomingRequest request) {
    List<String> types = request.field("content-type");
    if (!request.method().equals("POST") || types.size() != 1 || !isForm(types.get(0))) {
      return null;
    }
    try {
      byte[] bytes = request.content().readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES ? null : read(bytes);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isForm(String type) {
    String lower = type.toLowerCase(Locale.ROOT).replace(" ", "");
    return lower.equals(TYPE) || lower.equals(TYPE + ";charset=utf-8");
  }

  /**
   * The fields of a request's query; none without one.
   *
   * @return null if it is malformed, or has a name twice
   */
  public static @Nullable Map<String, String> ofQuery(IncomingRequest request) {
    int mark = request.target().indexOf('?');
    return mark < 0
        ? Map.of()
        : read(request.target().substring(mark + 1).getBytes(StandardCharsets.UTF_8));
  }

  /** The path of a request, without its query. */
  public static String path(IncomingRequest request) {
    int mark = request.target().indexOf('?');
    return mark < 0 ? request.target() : request.target().substring(0, mark);
  }

  private static @Nullable Map<String, String> read(byte[] form) {
    try {
      return UrlEncoded.fields(form, MAX_FIELDS, "form");
    } catch (TaperException e) {
      return null;
    }
  }
}
