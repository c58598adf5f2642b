package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Reads a content once, and no more of it than is taken. */
final class BoundedContent {
  /** So many values cost little. */
  private static final int FEW = 16;

  private static final byte[] NOTHING = {};

  private BoundedContent() {}

  /**
   * The content. One of a stated length is read into an array of that length, so that it is never
   * copied.
   *
   * @param max the most bytes
   */
  static byte[] of(IncomingRequest request, int max) throws RefusedException {
    String length = Fields.single(request, "content-length");
    boolean coded = !request.field("transfer-encoding").isEmpty();
    if (length != null && coded) {
      throw Fields.invalid("the content has two lengths");
    }
    long stated = length == null ? -1 : length(length);
    if (stated > max) {
      throw tooLarge(max);
    }
    try {
      InputStream in = request.content();
      byte[] content = stated >= 0 ? whole(in, (int) stated) : unstated(in, max);
      if (coded && content.length == 0) { // who read it before may have kept its arguments
        throw notSeen("content is announced, and there is none to read");
      }
      return content;
    } catch (IOException e) {
      throw Fields.invalid("the content ends early");
    }
  }

  /** True if a request says that it has content, whatever can be read of it here. */
  static boolean isAnnounced(IncomingRequest request) {
    return !request.field("transfer-encoding").isEmpty()
        || request.field("content-length").stream().anyMatch(length -> !length.equals("0"));
  }

  /** Refuses content that was announced, and that nobody here could read. */
  static RefusedException notSeen(String detail) {
    return new RefusedException(HttpRefusal.of(400, ErrorCode.CONTENT_NOT_SEEN.text(), detail));
  }

  private static long length(String text) throws RefusedException {
    boolean digits = !text.isEmpty() && text.length() <= 18;
    for (int i = 0; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw Fields.invalid("the content has no length");
    }
    return Long.parseLong(text);
  }

  private static byte[] whole(InputStream in, int length) throws IOException, RefusedException {
    byte[] content = new byte[length];
    int read = in.readNBytes(content, 0, length);
    if (read == 0 && length > 0) {
      throw notSeen("content is announced, and there is none to read");
    }
    if (read < length || in.read() >= 0) {
      throw Fields.invalid("the content has another length than it states");
    }
    return content;
  }

  /**
   * What states no length ends with its last chunk, or over HTTP/2 with its last frame; a request
   * that says nothing of a content has none over HTTP/1.1. The parts are put together once.
   */
  private static byte[] unstated(InputStream in, int max) throws IOException, RefusedException {
    int first = in.read();
    if (first < 0) {
      return NOTHING;
    }
    PushbackInputStream whole = new PushbackInputStream(in);
    whole.unread(first);
    byte[] content = whole.readNBytes(max + 1);
    if (content.length > max) {
      throw tooLarge(max);
    }
    return content;
  }

  private static RefusedException tooLarge(int max) {
    return new RefusedException(
        HttpRefusal.of(413, "content_too_large", "a content has at most " + max + " bytes"));
  }

  /**
   * True if a content is short and, should it be JSON, has few values: it costs little, whatever
   * they are. A comma in a text counts, too.
   */
  static boolean isFew(byte[] content, int most) {
    int parts = 0;
    for (byte b : content) {
      parts += b == ',' || b == '[' || b == '{' ? 1 : 0;
    }
    return content.length <= most && parts <= FEW;
  }
}
