package dev.taper.integrations.langchain4j;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.server.GuardedTransport;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A guarded server of MCP on Jetty, and what reached its tools. */
final class JiraServer implements AutoCloseable {
  final List<CallToolRequest> reached = Collections.synchronizedList(new ArrayList<>());
  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private final McpSyncServer server;

  /** Refuses by status if there is a filter. */
  JiraServer(McpGuard guard, Filter... filters) throws Exception {
    HttpServletStreamableServerTransportProvider servlet =
        HttpServletStreamableServerTransportProvider.builder().build();
    server =
        McpServer.sync(GuardedTransport.of(guard, servlet))
            .serverInfo("jira", "1")
            .tools(List.of(tool("search", "query"), tool("close", "id"), tool("delete", "id")))
            .build();
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    for (Filter filter : filters) {
      FilterHolder before = new FilterHolder(filter);
      before.setAsyncSupported(true);
      context.addFilter(before, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    jetty.setHandler(context);
    jetty.start();
  }

  private SyncToolSpecification tool(String name, String argument) {
    Map<String, Object> properties =
        Map.of(argument, Map.of("type", "string"), "limit", Map.of("type", "number"));
    Tool tool =
        Tool.builder(
                name,
                Map.of("type", "object", "properties", properties, "required", List.of(argument)))
            .build();
    return SyncToolSpecification.builder()
        .tool(tool)
        .callHandler(
            (exchange, request) -> {
              reached.add(request);
              return CallToolResult.builder().addTextContent("did " + request.name()).build();
            })
        .build();
  }

  String address() {
    return "http://127.0.0.1:" + connector.getLocalPort() + "/mcp";
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
