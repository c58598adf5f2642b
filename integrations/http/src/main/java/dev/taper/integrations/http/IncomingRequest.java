package dev.taper.integrations.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A request as a server received it, before anybody judged it. For one thread. */
public interface IncomingRequest {
  /** The method, as it was received. */
  String method();

  /** Path and query, as they were received: no escape resolved, nothing tidied up. */
  String target();

  /** Whether the connection to this server was encrypted. */
  boolean isSecure();

  /**
   * The values of a header field, one for each time that it was received, in order.
   *
   * @param name in any case
   */
  List<String> field(String name);

  /**
   * The names of all header fields that were received, as they were or in lower case; a name may be
   * there several times. What is missing here is not compared with the fields that are judged.
   */
  Collection<String> fieldNames();

  /**
   * The content after transfer coding, which is read once.
   *
   * @throws IOException if it cannot be read
   */
  InputStream content() throws IOException;

  /**
   * A request that is held in memory, such as one that this process makes for itself. Its content
   * can be read again and again.
   *
   * @param fields a value for each header field, by names in any case
   * @param content the content; not copied, and not to be changed
   */
  static IncomingRequest of(
      String method, String target, boolean isSecure, Map<String, String> fields, byte[] content) {
    return new HeldRequest(method, target, isSecure, fields, content);
  }
}
