package dev.taper.cli.io;

import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call as it goes over the wire: an HTTP request, or a message of the Model Context Protocol. */
public final class SentOptions extends Arguments {
  private final Value<List<String>> http =
      option(
              "--http",
              "METHOD URL",
              "An HTTP request, as the client dials it. Example:",
              "--http GET \"https://jira.example.com/issues?limit=5\"")
          .together(2);

  private final Value<@Nullable String> content =
      option("--content", "FILE", "With --http: file with the request's content, or -.").text();

  private final Value<@Nullable String> contentType =
      option("--content-type", "TYPE", "With --http: the field Content-Type, as it is sent.")
          .text();

  private final Value<@Nullable String> contentEncoding =
      option("--content-encoding", "CODING", "With --http: the field Content-Encoding.").text();

  private final Value<List<String>> fields =
      option(
              "--field",
              "NAME:VALUE",
              "With --http: a header field that the service's catalog declares.")
          .texts();

  private final Value<List<String>> mcp =
      option(
              "--mcp",
              "METHOD FILE",
              "A message of the Model Context Protocol: its method, and a file with its params as"
                  + " JSON. Example: --mcp tools/call params.json")
          .together(2);

  /** True if a call is given. */
  @Override
  public boolean isGiven() {
    return !http.get().isEmpty() || !mcp.get().isEmpty();
  }

  /**
   * Refuses options that make sense only with a call of this kind.
   *
   * @throws CliException if one is given without, or two calls are
   */
  public void check() {
    if (http.get().size() + mcp.get().size() > 2) {
      throw CliException.usage("there is one call at a time: use --http or --mcp once");
    }
    if (http.get().isEmpty()) {
      new GivenOptions().add(content, contentType, contentEncoding, fields).refuseWithout("--http");
    }
  }

  /**
   * Reads the call, which must be given.
   *
   * @throws CliException if something cannot be read
   * @throws dev.taper.TaperException if there is no such call
   */
  public SentCall read(Inputs inputs) {
    if (!mcp.get().isEmpty()) {
      String params = inputs.text(Source.ofFile(mcp.get().get(1)), InputKind.CONTENT);
      return SentMcp.of(mcp.get().get(0), params);
    }
    SentHttp request = SentHttp.of(http.get().get(0), url(http.get().get(1)));
    if (content.get() != null || contentType.get() != null) {
      byte[] bytes =
          content.get() == null
              ? new byte[0]
              : inputs.bytes(Source.ofFile(content.get()), InputKind.CONTENT);
      request = request.content(contentType.get(), bytes);
    }
    if (contentEncoding.get() != null) {
      request = request.contentEncoding(contentEncoding.get());
    }
    for (String field : fields.get()) {
      int colon = field.indexOf(':');
      if (colon <= 0) {
        throw CliException.usage("a field is written NAME:VALUE, not " + field);
      }
      request = request.field(field.substring(0, colon), field.substring(colon + 1).strip());
    }
    return request;
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw CliException.usage("the URL of the request is none: " + e.getReason());
    }
  }
}
