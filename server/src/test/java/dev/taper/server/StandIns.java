package dev.taper.server;

import dev.taper.integrations.mcp.server.StatusFilter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests of servers that no server got. */
final class StandIns {
  private StandIns() {}

  static <T> T stub(Class<T> type, Function<String, @Nullable Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.apply(method.getName())));
  }

  static void filter(StatusFilter filter, byte[] content) throws IOException, ServletException {
    InputStream bytes = new ByteArrayInputStream(content);
    ServletInputStream in =
        new ServletInputStream() {
          @Override
          public int read() throws IOException {
            return bytes.read();
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            return bytes.read(into, from, length);
          }

          @Override
          public boolean isFinished() {
            return false;
          }

          @Override
          public boolean isReady() {
            return true;
          }

          @Override
          public void setReadListener(ReadListener listener) {}
        };
    ServletOutputStream out =
        new ServletOutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public boolean isReady() {
            return true;
          }

          @Override
          public void setWriteListener(WriteListener listener) {}
        };
    HttpServletRequest request =
        stub(
            HttpServletRequest.class,
            name ->
                switch (name) {
                  case "getMethod" -> "POST";
                  case "getInputStream" -> in;
                  case "getHeaderNames" -> Collections.emptyEnumeration();
                  default -> null;
                });
    HttpServletResponse response =
        stub(
            HttpServletResponse.class,
            name ->
                switch (name) {
                  case "getOutputStream" -> out;
                  case "getHeaderNames" -> List.of();
                  case "isCommitted" -> false;
                  default -> null;
                });
    filter.doFilter(request, response, (asked, answered) -> {});
  }
}
