package dev.taper.integrations.mcp;

import dev.taper.integrations.mcp.server.ClientFeature;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.SessionFilter;
import dev.taper.integrations.mcp.server.StrictMapper;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A server of MCP on Jetty, and what reached its handlers. */
public final class HttpService implements AutoCloseable {
  /** What reached a handler. */
  public record Reached(McpTransportContext context, Object request) {}

  final List<Reached> reached = Collections.synchronizedList(new ArrayList<>());
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  private HttpService() {}

  static HttpService streamable(@Nullable McpGuard guard, Filter... filters) throws Exception {
    HttpService service = new HttpService();
    HttpServletStreamableServerTransportProvider servlet =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(StrictMapper.of())
            .build();
    if (guard == null) {
      service.tools().over(servlet);
      return service.start(servlet, filters);
    }
    McpStreamableServerTransportProvider guarded = GuardedTransport.of(guard, servlet);
    service.tools().over(guarded);
    return service.start(servlet, withSessions(guarded, filters));
  }

  /** Filters, and the one that holds sessions to their lineages. */
  static Filter[] withSessions(McpStreamableServerTransportProvider guarded, Filter... filters) {
    return Stream.concat(Stream.of(filters), Stream.of(SessionFilter.of(guarded)))
        .toArray(Filter[]::new);
  }

  static HttpService stateless(McpGuard guard, Filter... filters) throws Exception {
    HttpService service = new HttpService();
    HttpServletStatelessServerTransport servlet =
        HttpServletStatelessServerTransport.builder().jsonMapper(StrictMapper.of()).build();
    service.tools().over(GuardedTransport.of(guard, servlet));
    return service.start(servlet, filters);
  }

  /** Any servlet behind filters. */
  static HttpService of(HttpServlet servlet, Filter... filters) throws Exception {
    return new HttpService().start(servlet, filters);
  }

  /** What the conformance tests call, for clients on this machine only. */
  public static HttpService conformance(@Nullable McpGuard guard, Filter... filters)
      throws Exception {
    HttpService service = new HttpService();
    HttpServletStreamableServerTransportProvider servlet =
        HttpServletStreamableServerTransportProvider.builder()
            .httpHeaderValidator(
                DefaultServerTransportSecurityValidator.builder()
                    .allowedOrigin("http://localhost:*")
                    .allowedHost("localhost:*")
                    .build())
            .build();
    if (guard == null) {
      ConformanceTools.over(servlet);
      return service.start(servlet, filters);
    }
    McpStreamableServerTransportProvider guarded =
        GuardedTransport.of(
            guard, servlet, Set.of(ClientFeature.SAMPLING, ClientFeature.ELICITATION_FORM));
    ConformanceTools.over(guarded);
    return service.start(servlet, withSessions(guarded, filters));
  }

  private Tools tools() {
    return new Tools((context, request) -> reached.add(new Reached(context, request)));
  }

  private HttpService start(HttpServlet servlet, Filter... filters) throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    for (Filter filter : filters) {
      FilterHolder holder = new FilterHolder(filter);
      holder.setAsyncSupported(true);
      context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    server.setHandler(context);
    server.start();
    return this;
  }

  /** Where it listens. */
  public String origin() {
    return "http://127.0.0.1:" + connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
