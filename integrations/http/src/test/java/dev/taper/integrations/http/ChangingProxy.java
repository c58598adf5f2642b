package dev.taper.integrations.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * A proxy of TCP between a client and a service, which changes what the client sends. It takes a
 * request whole, so that a change is never cut in two, and forwards it once, or more often.
 */
final class ChangingProxy implements AutoCloseable {
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;

  private final ServerSocket listener;
  private final int service;
  private final UnaryOperator<String> change;
  private final int times;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private ChangingProxy(int service, UnaryOperator<String> change, int times) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.service = service;
    this.change = change;
    this.times = times;
    threads.execute(this::accept);
  }

  /** A proxy that changes requests, byte for byte as ISO 8859-1. */
  static ChangingProxy changing(TestService service, UnaryOperator<String> change)
      throws IOException {
    return new ChangingProxy(service.port(), change, 1);
  }

  /** A proxy that sends each request twice, and gives both answers. */
  static ChangingProxy repeating(TestService service) throws IOException {
    return new ChangingProxy(service.port(), request -> request, 2);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // it was closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = new String(client.getInputStream().readAllBytes(), LATIN);
      byte[] changed = change.apply(request).getBytes(LATIN);
      List<byte[]> answers = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        answers.add(forward(changed));
      }
      OutputStream out = client.getOutputStream();
      for (byte[] answer : answers) {
        out.write(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] forward(byte[] request) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), service)) {
      server.setSoTimeout(30_000);
      server.getOutputStream().write(request);
      server.shutdownOutput();
      try (InputStream in = server.getInputStream()) {
        return in.readAllBytes();
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
