package dev.taper.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationList;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * An HTTP service: the body of a request is the call in JSON, the headers {@code Taper-Token} and
 * {@code Taper-Proof} have the token and the holder's proof. It answers 200, 403 with the reasons,
 * or 400 if the call, the token or the proof is malformed or forged.
 */
public final class TicketService implements AutoCloseable {
  /** The name that callers prove their calls for. */
  public static final String NAME = "svc:tickets";

  private static final int MAX_BODY = 64 * 1024;

  private final Database database;
  private final RevocationFeed feed;
  private final Verifier verifier;
  private final HttpServer server;

  private TicketService(Database database, PublicKey rootKey, PublicKey revocationKey, Path folder)
      throws IOException {
    this.database = database;
    RevocationList revoked =
        RevocationList.trusting(revocationKey)
            .rememberedIn(folder.resolve("revoked.number"))
            .build();
    this.feed =
        RevocationFeed.start(
            new SqlRevocations(database, Clock.systemUTC()), revoked, Duration.ofSeconds(1));
    this.verifier =
        Verifier.trusting(RootKeys.of(rootKey))
            .callerStatesMeaning()
            .audience(NAME)
            .revocations(revoked)
            .build();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/call", this::answer);
    server.start();
  }

  /**
   * Starts on a free port of this machine.
   *
   * @param address the database with the revocations, such as {@code sqlite:taper.db}
   * @param rootKey who may mint tokens
   * @param revocationKey who may revoke
   * @param folder where relative files start
   */
  public static TicketService start(
      String address, PublicKey rootKey, PublicKey revocationKey, Path folder) throws IOException {
    return new TicketService(Database.open(address, folder), rootKey, revocationKey, folder);
  }

  /** Where calls go. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/call");
  }

  /** Looks for a newer list of revocations now, not within the next second. */
  public void refresh() {
    feed.refresh();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String token = exchange.getRequestHeaders().getFirst("Taper-Token");
      String proof = exchange.getRequestHeaders().getFirst("Taper-Proof");
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
      if (token == null) {
        reply(exchange, 403, "no token");
        return;
      }
      try {
        ToolCall call = ToolCall.parse(new String(body, StandardCharsets.UTF_8));
        CallDecision decision = verifier.decide(Credentials.of(token, proof), call);
        if (decision.allowed()) {
          reply(exchange, 200, "done: " + call.tool());
        } else {
          reply(exchange, 403, decision.toJson());
        }
      } catch (TaperException e) {
        reply(exchange, 400, e.code().text());
      }
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    feed.close();
    database.close();
  }
}
