package dev.taper.examples.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.NamesFile;
import dev.taper.agent.Verifier;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.jdk.TaperFilter;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** A service with one tool: {@code Issues FOLDER PORT}. */
public final class Issues {
  private Issues() {}

  /** Starts the service, with what is in a folder, on a port of this machine. */
  public static HttpServer start(Path folder, int port) throws IOException {
    Clock clock = Clock.systemUTC();
    RevocationList revoked =
        RevocationList.trusting(PublicKey.parse(Files.readString(folder.resolve("revoker.pub"))))
            .rememberedIn(folder.resolve("revoked.number"))
            .build();
    RevocationFeed.start(
        RevocationSource.file(folder.resolve("revocations")), revoked, Duration.ofSeconds(1));
    Verifier verifier =
        Verifier.trusting(RootKeySet.read(Files.readString(folder.resolve("roots.json")), clock))
            .audience("svc:issues")
            .catalog(ToolCatalog.parse(Files.readString(folder.resolve("catalog.json"))))
            .names(NamesFile.load(folder.resolve("names.json")))
            .revocations(revoked)
            .listener(
                AuditLog.on(
                        AuditSink.inFile(folder.resolve("audit.jsonl"), clock),
                        PrivateKey.load(folder.resolve("audit.key")))
                    .open())
            .build();

    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", Issues::answer).getFilters().add(TaperFilter.of(verifier));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] answer = ("closed " + TaperFilter.call(exchange).resource()).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** Runs until it is interrupted. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(start(Path.of(arguments[0]), Integer.parseInt(arguments[1])).getAddress());
  }
}
