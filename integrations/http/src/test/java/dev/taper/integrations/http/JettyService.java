package dev.taper.integrations.http;

import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** On Jetty. */
final class JettyService extends TestService {
  private final Server server;
  private final ServerConnector connector;

  private JettyService(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static TestService start(Function<String, HttpGuard> guard) throws Exception {
    return start(guard, new HttpConnectionFactory());
  }

  /** Speaks HTTP/2 as well, without encryption. */
  static TestService startHttp2(Function<String, HttpGuard> guard) throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    return start(
        guard,
        new HttpConnectionFactory(configuration),
        new HTTP2CServerConnectionFactory(configuration));
  }

  static TestService startTls(Function<String, HttpGuard> guard, SSLContext tls) throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    SslContextFactory.Server keys = new SslContextFactory.Server();
    keys.setSslContext(tls);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    return start(guard, new SslConnectionFactory(keys, http.getProtocol()), http);
  }

  private static TestService start(
      Function<String, HttpGuard> guard, ConnectionFactory... protocols) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, protocols);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    connector.open();
    JettyService service = new JettyService(server, connector);
    ServletContextHandler context = new ServletContextHandler();
    EnumSet<DispatcherType> all = EnumSet.allOf(DispatcherType.class);
    context.addFilter(new FilterHolder((Filter) service::outer), "/*", all);
    context.addFilter(new FilterHolder(TaperFilter.of(guard.apply(service.origin()))), "/*", all);
    context.addServlet(new ServletHolder(service.new Recorder()), "/*");
    server.setHandler(context);
    server.start();
    return service;
  }

  private void outer(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } finally {
      done.release();
    }
  }

  private final class Recorder extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] content = request.getInputStream().readAllBytes();
      reached.add(new Reached(TaperFilter.call(request).toJson(), content));
      allowed.add(TaperFilter.allowed(request));
      response.setHeader("Cache-Control", "public, max-age=60");
      response.addHeader("cache-control", "public");
      response.setHeader("Taper-Refusal", "out_of_scope");
      response.addHeader("taper-refusal", "out_of_scope");
      response.getOutputStream().print(TaperFilter.call(request).tool());
    }
  }

  @Override
  boolean isSecure() {
    return connector.getConnectionFactory(SslConnectionFactory.class) != null;
  }

  @Override
  int port() {
    return connector.getLocalPort();
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
