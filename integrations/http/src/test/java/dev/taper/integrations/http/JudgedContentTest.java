package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However a servlet reads what it was sent, it reads the bytes that were judged, or nothing. */
class JudgedContentTest {
  private static final byte[] SENT = "é, twice: é".getBytes(StandardCharsets.UTF_8);

  private final World world = new World();
  private final ServletContextHandler context = new ServletContextHandler();
  private final Jetty jetty = new Jetty();
  private final List<String> read = new CopyOnWriteArrayList<>();

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

  /** What a servlet does with a request. */
  private interface Reading {
    void read(HttpServletRequest request) throws IOException, ServletException;
  }

  private static final class Reader extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Reading reading;

    Reader(Reading reading) {
      this.reading = reading;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      reading.read(request);
    }
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

  private void add(Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
  }

  private Answer upload(String type, Reading reading) throws Exception {
    ServletHolder holder = new ServletHolder(new Reader(reading));
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    jetty.server.start();
    SentHttp sent = SentHttp.of("PUT", jetty.origin(), "/uploads").content(type, SENT);
    List<String> fields = new ArrayList<>(world.presented(world.token, sent, Clock.systemUTC()));
    fields.add("Content-Type: " + type);
    fields.add("Content-Length: " + SENT.length);
    return Wire.send(jetty, "PUT /uploads HTTP/1.1", fields, SENT);
  }

  private Answer guarded(String type, Reading reading) throws Exception {
    add(TaperFilter.of(world.verifier(jetty.origin()).build()));
    return upload(type, reading);
  }

  @Test
  void reader_hasTheTextInTheCharsetThatWasSent() throws Exception {
    Answer answer =
        guarded(
            "text/plain; charset=utf-8",
            request -> {
              read.add(request.getReader().readLine());
              assertThat(request.getReader()).isSameAs(request.getReader());
            });
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(read).containsExactly(new String(SENT, StandardCharsets.UTF_8));
  }

  @Test
  void reader_withoutACharset_hasEachByte() throws Exception {
    guarded("a/b", request -> read.add(request.getReader().readLine()));
    assertThat(read).containsExactly(new String(SENT, StandardCharsets.ISO_8859_1));
  }

  /** A caller names the charset: one that nobody knows is what the servlet is told of. */
  @Test
  void reader_ofACharsetThatNobodyKnows_isRefusedAsServletsExpect() throws Exception {
    guarded(
        "text/plain; charset=no-such",
        request -> {
          assertThatThrownBy(request::getReader).isInstanceOf(UnsupportedEncodingException.class);
          read.add("refused");
        });
    assertThat(read).containsExactly("refused");
  }

  /** A container would read parts from what it received, which is read already. */
  @Test
  void parts_areNotThoseOfTheContainer() throws Exception {
    guarded(
        "multipart/form-data; boundary=x",
        request -> {
          assertThatThrownBy(request::getParts).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.getPart("a")).isInstanceOf(IllegalStateException.class);
          read.add("refused");
        });
    assertThat(read).containsExactly("refused");
  }

  /** They come behind what was judged, and a client chooses their names. */
  @Test
  void trailers_reachNoServlet() throws Exception {
    add(TaperFilter.of(world.verifier(jetty.origin()).build()));
    context.addServlet(
        new ServletHolder(
            new Reader(
                request -> {
                  byte[] unused = request.getInputStream().readAllBytes();
                  read.add(request.isTrailerFieldsReady() + " " + request.getTrailerFields());
                  assertThatThrownBy(() -> request.upgrade(HttpUpgradeHandler.class))
                      .isInstanceOf(IllegalStateException.class);
                })),
        "/*");
    jetty.server.start();
    SentHttp sent = SentHttp.of("PUT", jetty.origin(), "/uploads").content("a/b", new byte[] {'x'});
    List<String> fields = new ArrayList<>(world.presented(world.token, sent, Clock.systemUTC()));
    fields.addAll(List.of("Content-Type: a/b", "Transfer-Encoding: chunked", "Trailer: X-Tenant"));
    byte[] chunked = "1\r\nx\r\n0\r\nX-Tenant: secret\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    assertThat(Wire.send(jetty, "PUT /uploads HTTP/1.1", fields, chunked).status()).isEqualTo(200);
    assertThat(read).containsExactly("true {}");
  }

  /** Reads what is there, and fails at its first byte if it is to. */
  private final class Listening implements ReadListener {
    private final AsyncContext async;
    private final ServletInputStream in;
    private final boolean fails;

    Listening(AsyncContext async, ServletInputStream in, boolean fails) {
      this.async = async;
      this.in = in;
      this.fails = fails;
    }

    @Override
    public void onDataAvailable() throws IOException {
      if (fails) {
        throw new IOException("no more");
      }
      assertThat(in.isReady()).isTrue();
      assertThat(in.available()).isEqualTo(SENT.length);
      read.add(Integer.toString(in.read()));
      read.add(Integer.toString(in.readAllBytes().length));
    }

    @Override
    public void onAllDataRead() {
      read.add("all: " + in.isFinished());
      async.complete();
    }

    @Override
    public void onError(Throwable error) {
      read.add("error: " + error.getMessage());
      async.complete();
    }
  }

  private void listen(HttpServletRequest request, boolean fails) throws IOException {
    ServletInputStream in = request.getInputStream();
    in.setReadListener(new Listening(request.startAsync(), in, fails));
  }

  @Test
  void listener_isGivenAllOfIt_andThenToldTheEnd() throws Exception {
    guarded("a/b", request -> listen(request, false));
    assertThat(read)
        .containsExactly(
            Integer.toString(SENT[0] & 0xff), Integer.toString(SENT.length - 1), "all: true");
  }

  @Test
  void listener_thatFails_isToldSo() throws Exception {
    guarded("a/b", request -> listen(request, true));
    assertThat(read).containsExactly("error: no more");
  }

  @Test
  void listener_ofWhatWasRead_isToldTheEndOnly() throws Exception {
    guarded(
        "a/b",
        request -> {
          request.getInputStream().readAllBytes();
          listen(request, true);
        });
    assertThat(read).containsExactly("all: true");
  }

  @Test
  void call_ofARequestThatNoGuardLetThrough_isRefused() throws Exception {
    upload(
        "a/b",
        request -> {
          assertThat(TaperFilter.isAllowed(request)).isFalse();
          assertThatThrownBy(() -> TaperFilter.call(request))
              .isInstanceOfSatisfying(
                  TaperException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
          read.add("refused");
        });
    assertThat(read).containsExactly("refused");
  }

  /** The token and its proof count once: a guard that judged them again would refuse them. */
  @Test
  void guard_thatLetARequestThroughBeforeAnother_judgesItOnce() throws Exception {
    HttpGuard first = guard();
    add(TaperFilter.of(first));
    add(TaperFilter.of(guard()));
    add(TaperFilter.of(first));
    Answer answer =
        upload(
            "a/b",
            request -> {
              assertThat(TaperFilter.isAllowed(request)).isTrue();
              read.add(TaperFilter.call(request).tool());
            });
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(read).containsExactly("jira.upload");
  }

  @Test
  void request_thatIsNoLongerHttp_isNotLetThrough() throws Exception {
    add((request, response, chain) -> chain.doFilter(new ServletRequestWrapper(request), response));
    assertThat(guarded("a/b", request -> read.add("reached")).status()).isEqualTo(500);
    assertThat(read).isEmpty();
  }

  @Test
  void response_thatIsNoLongerHttp_isNotLetThrough() throws Exception {
    add(
        (request, response, chain) ->
            chain.doFilter(request, new ServletResponseWrapper(response)));
    assertThat(guarded("a/b", request -> read.add("reached")).status()).isEqualTo(500);
    assertThat(read).isEmpty();
  }
}
