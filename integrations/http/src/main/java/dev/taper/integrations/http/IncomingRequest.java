package dev.taper.integrations.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

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
   * The content after transfer coding, which is read once.
   *
   * @throws IOException if it cannot be read
   */
  InputStream content() throws IOException;
}
