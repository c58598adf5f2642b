package dev.taper.server.keeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.jdk.TaperFilter;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A real service on this machine, whose every call is judged: over HTTP, and messages of MCP. */
final class GuardedService implements AutoCloseable {
  static final String AUDIENCE = "svc:jira";
  static final PrivateKey BOSS = PrivateKey.generate(Algorithm.ED25519);

  final List<String> calls = new CopyOnWriteArrayList<>();
  final String origin;
  private final HttpServer server;
  private final ObjectMapper json = new ObjectMapper();

  /** What is answered at {@code /v1/renew}. */
  volatile Supplier<String> renewal = () -> "{}";

  private GuardedService(HttpServer server) {
    this.server = server;
    this.origin = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static GuardedService start(PublicKey root, Clock clock) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      GuardedService service = new GuardedService(server);
      Verifier verifier =
          Verifier.trusting(RootKeys.of(root))
              .audience(AUDIENCE)
              .catalog(service.catalog())
              .withoutRevocation()
              .clock(clock)
              .build();
      server
          .createContext("/", service::answer)
          .getFilters()
          .add(TaperFilter.of(HttpGuard.of(verifier).keepingAsks(Asks.inMemory(), clock)));
      McpGuard mcp = McpGuard.of(verifier);
      server.createContext("/mcp", exchange -> service.message(exchange, mcp));
      server.start();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ToolCatalog catalog() {
    CatalogTool.Argument string =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    CatalogTool.Argument text =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Reading.TEXT));
    CatalogTool.Argument number =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.INTEGER));
    return ToolCatalog.of(AUDIENCE)
        .origin(origin)
        .tool(
            CatalogTool.of("jira.search")
                .operation("read")
                .http(new CatalogTool.HttpRoute("GET", "/tickets/{ticket}"))
                .argument("ticket", string)
                .argument("limit", number)
                .argument("tenant", text.inField("X-Tenant")))
        .tool(
            CatalogTool.of("jira.find")
                .operation("read")
                .mcp(new CatalogTool.McpRoute("tools/call", "jira.search"))
                .argument("ticket", string)
                .argument("limit", number))
        .tool(
            CatalogTool.of("jira.note")
                .operation("read")
                .http(new CatalogTool.HttpRoute("POST", "/tickets/{ticket}/notes"))
                .argument("ticket", string)
                .argument("text", text))
        .tool(
            CatalogTool.of("jira.close")
                .operation("close")
                .http(new CatalogTool.HttpRoute("DELETE", "/tickets/{ticket}"))
                .argument("ticket", string))
        .tool(CatalogTool.of("issuer.renew").http(new CatalogTool.HttpRoute("POST", "/v1/renew")))
        .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    calls.add(TaperFilter.call(exchange).toString());
    boolean renews = exchange.getRequestURI().getPath().equals("/v1/renew");
    send(exchange, 200, renews ? renewal.get() : "{\"done\":true}");
  }

  private void message(HttpExchange exchange, McpGuard guard) throws IOException {
    Map<?, ?> message = json.readValue(exchange.getRequestBody(), Map.class);
    McpJudgement judged = guard.judge(String.valueOf(message.get("method")), message.get("params"));
    if (judged instanceof McpJudgement.Refused refused) {
      send(exchange, 200, "{\"code\":\"" + refused.refusal().code() + "\"}");
      return;
    }
    if (judged instanceof McpJudgement.Called called) {
      calls.add("mcp " + json.writeValueAsString(called.params()));
    }
    send(exchange, 200, "{\"result\":\"" + judged.getClass().getSimpleName() + "\"}");
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
