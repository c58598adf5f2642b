package dev.taper.benchmarks.containment;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.StrictMapper;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The guarded server of a suite: its tools on the SDK's server of the Model Context Protocol, over
 * HTTP on loopback. The tools do nothing but say that they were entered. Thread-safe for one call
 * at a time.
 */
final class SuiteServer implements AutoCloseable {
  private static final McpJsonMapper MCP_JSON = McpJsonDefaults.getMapper();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AtomicReference<@Nullable Call> entered = new AtomicReference<>();
  private final AtomicReference<CallDecision.@Nullable Denied> denied = new AtomicReference<>();
  private final ToolCatalog catalog;
  private final McpStatelessSyncServer server;
  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);

  private SuiteServer(Suite suite, PublicKey root, Clock clock) throws IOException {
    List<Tool> tools = new ArrayList<>();
    for (Suite.Tool tool : suite.tools().values()) {
      tools.add(
          Tool.builder(tool.name(), MCP_JSON, tool.schema())
              .description(tool.description())
              .build());
    }
    String list = MCP_JSON.writeValueAsString(ListToolsResult.builder(tools).build());
    catalog = ToolCatalog.draft(Mint.audience(suite), list);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root))
            .audience(catalog.audience())
            .catalog(catalog)
            .clock(clock)
            .withoutRevocation()
            .approvalUsesOfOneProcess()
            .listener(event -> decided(event.decision()))
            .build();
    HttpServletStatelessServerTransport servlet =
        HttpServletStatelessServerTransport.builder().jsonMapper(StrictMapper.of()).build();
    server =
        McpServer.sync(GuardedTransport.of(McpGuard.of(verifier), servlet))
            .serverInfo(suite.name(), "1")
            .tools(tools.stream().map(this::specification).toList())
            .build();
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    jetty.setHandler(context);
  }

  /**
   * Starts the server of a suite.
   *
   * @param suite its tools
   * @param root whose tokens it takes
   * @param clock its time
   */
  static SuiteServer start(Suite suite, PublicKey root, Clock clock) {
    try {
      SuiteServer server = new SuiteServer(suite, root, clock);
      server.jetty.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  private SyncToolSpecification specification(Tool tool) {
    return SyncToolSpecification.builder()
        .tool(tool)
        .callHandler((context, request) -> enter(request))
        .build();
  }

  private CallToolResult enter(CallToolRequest request) {
    Map<String, Object> arguments = request.arguments() == null ? Map.of() : request.arguments();
    entered.set(new Call(request.name(), (ObjectNode) JSON.valueToTree(arguments)));
    return CallToolResult.builder().addTextContent("done").build();
  }

  private void decided(CallDecision decision) {
    denied.set(decision instanceof CallDecision.Denied no ? no : null);
  }

  /** Forgets what happened. */
  void forget() {
    entered.set(null);
    denied.set(null);
  }

  /** What a handler was given since then; null if none was entered. */
  @Nullable Call entered() {
    return entered.get();
  }

  /** What was refused last since then; null if nothing was decided, or it was allowed. */
  CallDecision.@Nullable Denied denied() {
    return denied.get();
  }

  /** What the server's tools are, and what calls mean. */
  ToolCatalog catalog() {
    return catalog;
  }

  /** Where it listens. */
  String address() {
    return "http://127.0.0.1:" + connector.getLocalPort();
  }

  @Override
  public void close() {
    server.close();
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
