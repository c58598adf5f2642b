package dev.taper.server.mcp;

import dev.taper.operations.OperationException;
import dev.taper.server.listener.TlsFiles;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say where the server is. */
public final class UpstreamOptions {
  private static final int MIN_BYTES = 1 << 16;
  private static final int MAX_BYTES = 1 << 28;

  @Option(
      names = "--upstream",
      paramLabel = "URL",
      description = "The server's address over streamable HTTP, instead of a command.")
  @Nullable String url;

  @Option(
      names = "--upstream-header",
      paramLabel = "NAME=@FILE",
      description =
          "A header for the server, such as Authorization=@FILE; only the file's owner can read it.")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--upstream-without-tls",
      description = "Talk to a server on another machine without TLS.")
  boolean withoutTls;

  @Option(
      names = "--upstream-ca",
      paramLabel = "FILE",
      description =
          "Takes the server's certificate only if one of these in PEM signed it, or is it;"
              + " default: what the JVM trusts.")
  @Nullable Path ca;

  @Option(
      names = "--max-message",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      description = "The longest message, in both directions; default: ${DEFAULT-VALUE}.")
  int maxBytes;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "After --: the command that starts the server, with its arguments.")
  List<String> command = new ArrayList<>();

  private @Nullable String withheld;

  /**
   * Keeps a variable of the environment from the server, because of the secret in it.
   *
   * @param variable its name; null for none
   */
  public void withhold(@Nullable String variable) {
    withheld = variable;
  }

  /** The most bytes of a message. */
  public int maxBytes() {
    if (maxBytes < MIN_BYTES || maxBytes > MAX_BYTES) {
      throw OperationException.usage("--max-message is between " + MIN_BYTES + " and " + MAX_BYTES);
    }
    return maxBytes;
  }

  /**
   * The server; a command is started at once.
   *
   * @throws OperationException {@code usage} if it is not one server, {@code io} if it cannot be
   *     started
   */
  public Upstream open() {
    UrlUpstream server = atUrl();
    return server == null ? started() : server;
  }

  /**
   * The server of an agent, as {@link #open()}.
   *
   * @param signer signs what goes on with a session at a URL, as {@link UrlUpstream#forAgent}
   * @throws OperationException as {@link #open()}
   */
  public Upstream openForAgent(UnaryOperator<HttpRequest> signer) {
    UrlUpstream server = atUrl();
    return server == null ? started() : server.forAgent(signer);
  }

  private Upstream started() {
    if (!headers.isEmpty() || ca != null) {
      throw OperationException.usage("--upstream-header and --upstream-ca go with --upstream");
    }
    return CommandUpstream.start(command, withheld, maxBytes());
  }

  /** The server at a URL; null for a command. */
  private @Nullable UrlUpstream atUrl() {
    String where = url;
    if (where == null && command.size() == 1 && command.get(0).matches("https?://.*")) {
      where = command.get(0);
    } else if ((where == null) == command.isEmpty()) {
      throw OperationException.usage(
          "say where the server is: --upstream URL, or -- and the command that starts it");
    }
    if (where == null) {
      return null;
    }
    URI uri = url(where);
    if (ca != null && !isEncrypted(uri)) {
      throw OperationException.usage("--upstream-ca goes with an https URL");
    }
    SSLContext trust = ca == null ? null : TlsFiles.trusting(ca);
    return new UrlUpstream(uri, new HeaderFiles(headers), maxBytes(), trust);
  }

  private static boolean isEncrypted(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private URI url(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw OperationException.usage("no URL: " + text);
    }
    boolean isEncrypted = isEncrypted(uri);
    if (!(isEncrypted || "http".equalsIgnoreCase(uri.getScheme()))
        || uri.getHost() == null
        || uri.getUserInfo() != null
        || uri.getFragment() != null) {
      throw OperationException.usage(
          "the server's address is an http or https URL, without a user and a fragment");
    }
    if (!isEncrypted && !withoutTls && !isLoopback(uri.getHost())) {
      throw OperationException.usage(
          "the way to "
              + uri.getHost()
              + " is open to others: use https, or --upstream-without-tls");
    }
    return uri;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw OperationException.usage("there is no host " + host);
    }
  }
}
