package dev.taper.server.mcp;

import dev.taper.PeerCertificate;
import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.server.mcp.RpcFault.Code;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server at a URL, over streamable HTTP. It follows no redirect. */
public final class UrlUpstream implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(UrlUpstream.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final URI url;
  private final Supplier<Map<String, String>> credentials;
  private final int maxBytes;
  private final RetryTimer timer;
  private final @Nullable UnaryOperator<HttpRequest> signer;
  private final AtomicLong reopened = new AtomicLong();
  private final AtomicReference<@Nullable Instant> seen;
  private volatile boolean well = true;

  /**
   * Makes a server that is asked later.
   *
   * @param url http or https
   * @param credentials the header fields of every request, asked for each time
   * @param maxBytes the most bytes of a message of the server
   * @param trust whose certificates are taken; null for those that the JVM takes
   */
  public UrlUpstream(
      URI url,
      Supplier<Map<String, String>> credentials,
      int maxBytes,
      @Nullable SSLContext trust) {
    this(url, credentials, maxBytes, trust, RetryTimer.system());
  }

  UrlUpstream(
      URI url,
      Supplier<Map<String, String>> credentials,
      int maxBytes,
      @Nullable SSLContext trust,
      RetryTimer timer) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    this.client = (trust == null ? builder : builder.sslContext(trust)).build();
    this.url = url;
    this.credentials = credentials;
    this.maxBytes = maxBytes;
    this.timer = timer;
    this.seen = new AtomicReference<>();
    this.signer = null;
  }

  private UrlUpstream(UrlUpstream same, UnaryOperator<HttpRequest> signer) {
    this.client = same.client;
    this.url = same.url;
    this.credentials = same.credentials;
    this.maxBytes = same.maxBytes;
    this.timer = same.timer;
    this.seen = same.seen;
    this.signer = signer;
  }

  /**
   * The same server for an agent, which is given another session when the server has forgotten one,
   * and for which a signer signs what goes on with a session and says not itself who sends it: an
   * answer, a notification, a request to listen or to end.
   */
  public UrlUpstream forAgent(UnaryOperator<HttpRequest> signs) {
    return new UrlUpstream(this, signs);
  }

  /** What goes on with a session, signed; as it is if that fails, so that the server refuses it. */
  HttpRequest signed(HttpRequest.Builder request) {
    HttpRequest plain = request.build();
    try {
      return signer == null ? plain : signer.apply(plain);
    } catch (TaperException e) {
      LOG.warn("what goes on with a session cannot be signed: {}", e.code().text());
      return plain;
    }
  }

  HttpClient client() {
    return client;
  }

  URI url() {
    return url;
  }

  Map<String, String> credentials() {
    return credentials.get();
  }

  int maxBytes() {
    return maxBytes;
  }

  RetryTimer timer() {
    return timer;
  }

  void countReopened() {
    reopened.incrementAndGet();
  }

  @Override
  public long reopenedStreams() {
    return reopened.get();
  }

  void well(boolean isWell) {
    well = isWell;
  }

  /** Takes note of the certificate that the server showed. */
  void answered(HttpResponse<?> response) {
    well = true;
    seen.set(response.sslSession().map(PeerCertificate::ends).orElse(null));
  }

  @Override
  public List<VerifierHealth.Ending> endings() {
    return VerifierHealth.Ending.ofPeer(
        VerifierHealth.Ending.Kind.UPSTREAM,
        "the MCP server at " + url.getRawAuthority(),
        seen.get());
  }

  /** Why a request was not answered; whether it can be reached is known by that. */
  RpcFault unreachable(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      well = false;
      return new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server cannot be reached");
    }
    if (cause instanceof SSLHandshakeException) {
      well = false;
      LOG.warn("no encrypted connection to the server: {}", cause.getMessage());
      return new RpcFault(Code.UPSTREAM_UNAVAILABLE, "there is no encrypted way to the server");
    }
    LOG.warn("the server does not answer: {}", cause == null ? "" : cause.getClass().getName());
    return new RpcFault(Code.UPSTREAM_ENDED, "the connection to the server broke off");
  }

  @Override
  public Link open(Link.Receiver receiver) {
    return signer == null ? session(receiver) : new RenewingLink(this, receiver);
  }

  /** A link with one session, which ends with that. */
  Link session(Link.Receiver receiver) {
    return new HttpLink(this, receiver);
  }

  @Override
  public boolean isWell() {
    return well;
  }

  @Override
  public void close() {
    // The client's threads end when nobody uses it any more.
  }
}
