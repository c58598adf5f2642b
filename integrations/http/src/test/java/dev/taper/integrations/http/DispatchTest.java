package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of a servlet container that several filters see, or that are dispatched again. */
class DispatchTest {
  private static final String COMMENT = "/issues/7/comments";
  private static final byte[] CONTENT = "{\"text\":\"hello\"}".getBytes(StandardCharsets.UTF_8);

  private final World world = new World();
  private final ServletContextHandler context = new ServletContextHandler();
  private final Jetty jetty = new Jetty();
  private boolean fails;

  private static final class Jetty extends TestService {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

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

  /** Answers with the content, when it is reached for the second time. */
  private final class AfterDispatch extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getDispatcherType() != DispatcherType.ASYNC) {
        request.startAsync().dispatch();
        return;
      }
      reached(request);
      response.setHeader("Cache-Control", "public, max-age=60");
      response.getOutputStream().write(request.getInputStream().readAllBytes());
    }
  }

  private final class Reached extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      reached(request);
    }
  }

  private static final class Including extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      request.getRequestDispatcher("/inner").include(request, response);
    }
  }

  /** Fails, as servlets do; its error page would let anybody keep the answer. */
  private final class Failing extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        response.setHeader("Cache-Control", "public, max-age=60");
        response.getOutputStream().print("the page of errors");
        return;
      }
      reached(request);
      if (fails) {
        throw new ServletException("it fails");
      }
      response.sendError(409);
    }
  }

  private void reached(HttpServletRequest request) {
    jetty.reached.add(new TestService.Reached(TaperFilter.call(request).toJson(), new byte[0]));
  }

  @BeforeEach
  void open() throws Exception {
    jetty.connector.setHost("127.0.0.1");
    jetty.server.addConnector(jetty.connector);
    jetty.connector.open();
    jetty.server.setHandler(context);
  }

  @AfterEach
  void close() {
    jetty.close();
  }

  private HttpGuard guard() {
    return HttpGuard.of(world.verifier(jetty.origin()).build());
  }

  /** Guards every kind of dispatch to some paths. */
  private void add(HttpGuard guard, String paths) {
    FilterHolder holder = new FilterHolder(TaperFilter.of(guard));
    holder.setAsyncSupported(true);
    context.addFilter(holder, paths, EnumSet.allOf(DispatcherType.class));
  }

  private void add(HttpServlet servlet, String paths) {
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, paths);
  }

  private Answer comment() throws Exception {
    SentHttp sent =
        SentHttp.of("POST", jetty.origin(), COMMENT).content("application/json", CONTENT);
    return comment("Taper-Proof: " + world.proof(world.token, sent, Clock.systemUTC()));
  }

  private Answer comment(String proof) throws Exception {
    jetty.server.start();
    List<String> fields = new ArrayList<>();
    fields.add("Taper-Token: " + world.token.encodeBase64());
    fields.add(proof);
    fields.add("Content-Type: application/json");
    fields.add("Content-Length: " + CONTENT.length);
    return Wire.send(jetty, "POST " + COMMENT + " HTTP/1.1", fields, CONTENT);
  }

  @Test
  void request_thatAnotherGuardLetThrough_isJudgedByEach() throws Exception {
    HttpGuard stricter =
        HttpGuard.of(
            Verifier.trusting(RootKeys.of(world.root.publicKey()))
                .audience("svc:wiki")
                .catalog(ToolCatalog.of("svc:wiki").origin(jetty.origin()).build())
                .withoutRevocation()
                .build());
    add(guard(), "/*");
    add(stricter, "/issues/*");
    add(new Reached(), "/*");
    assertThat(comment().status()).isEqualTo(401);
    assertThat(jetty.reached).isEmpty();
  }

  @Test
  void request_thatTheSameGuardLetThrough_isJudgedOnce() throws Exception {
    HttpGuard guard = guard();
    add(guard, "/*");
    add(guard, "/issues/*");
    add(new Reached(), "/*");
    assertThat(comment().status()).isEqualTo(200);
    assertThat(jetty.reached).hasSize(1);
  }

  @Test
  void request_dispatchedAgain_hasItsContentAndIsKeptByNoCache() throws Exception {
    add(guard(), "/*");
    add(new AfterDispatch(), "/*");
    Answer answer = comment();
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(answer.body()).contains("{\"text\":\"hello\"}");
    assertThat(jetty.reached).hasSize(1);
  }

  /** A container says the path of the request, and not of what is included. */
  @Test
  void servlet_includedByOneThatIsNotGuarded_isNotReached() throws Exception {
    add(guard(), "/inner");
    add(new Including(), "/*");
    add(new Reached(), "/inner");
    assertThat(comment().status()).isEqualTo(500);
    assertThat(jetty.reached).isEmpty();
  }

  private void addErrorPage(EnumSet<DispatcherType> guarded) {
    FilterHolder holder = new FilterHolder(TaperFilter.of(guard()));
    context.addFilter(holder, "/*", guarded);
    add(new Failing(), "/*");
    ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
    pages.addErrorPage(400, 599, "/page");
    context.setErrorHandler(pages);
  }

  private void assertUncachedPage(Answer answer, int status) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("the page of errors");
    assertThat(answer.has("Cache-Control", "no-store")).as(answer.head()).isTrue();
    assertThat(answer.head()).doesNotContain("max-age");
    assertThat(jetty.reached).hasSize(1);
  }

  @Test
  void errorPage_ofAServletThatSaysItsStatus_isKeptByNoCache() throws Exception {
    addErrorPage(EnumSet.allOf(DispatcherType.class));
    assertUncachedPage(comment(), 409);
  }

  @Test
  void errorPage_ofAServletThatThrows_isKeptByNoCache() throws Exception {
    fails = true;
    addErrorPage(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR));
    assertUncachedPage(comment(), 500);
  }

  @Test
  void refusal_keepsFieldsOfEarlierFilters_butNoneOfTheirContent() throws Exception {
    context.addFilter(
        (request, response, chain) -> {
          HttpServletResponse answer = (HttpServletResponse) response;
          answer.setHeader("Strict-Transport-Security", "max-age=600");
          answer.setHeader("Access-Control-Allow-Origin", "https://app.example");
          answer.addHeader("Vary", "Origin");
          answer.addHeader("Vary", "Accept");
          answer.addHeader("Set-Cookie", "session=1");
          answer.setHeader("Cache-Control", "public, max-age=61");
          answer.setHeader("Content-Encoding", "gzip");
          answer.setHeader("ETag", "\"1\"");
          answer.setContentType("text/html");
          answer.setContentLength(7);
          answer.getWriter().print("x");
          chain.doFilter(request, response);
        },
        "/*",
        EnumSet.of(DispatcherType.REQUEST));
    add(guard(), "/*");
    add(new Reached(), "/*");
    Answer answer = comment("X: y");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).startsWith("{").contains("proof_required");
    assertThat(answer.has("Strict-Transport-Security", "max-age=600")).isTrue();
    assertThat(answer.has("Access-Control-Allow-Origin", "https://app.example")).isTrue();
    assertThat(answer.has("Vary", "Origin") && answer.has("Vary", "Accept")).isTrue();
    assertThat(answer.has("Set-Cookie", "session=1")).isTrue();
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(answer.has("Content-Type", "application/problem+json")).isTrue();
    assertThat(answer.has("Content-Length", Integer.toString(answer.body().length()))).isTrue();
    assertThat(answer.head()).doesNotContain("gzip", "ETag", "text/html", "max-age=61");
    assertThat(answer.head().split("\r\nDate: ", -1)).hasSize(2);
    assertThat(jetty.reached).isEmpty();
  }
}
