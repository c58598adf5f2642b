package dev.taper.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Passes on what a server and its clients say, after a while that can be changed. */
final class SlowProxy implements AutoCloseable {
  private static final int BUFFER = 1 << 14;

  private final ServerSocket listens;
  private final int port;
  private volatile long delayMillis;

  /** Passes on to a port of this machine. */
  SlowProxy(int port) throws IOException {
    this.port = port;
    this.listens = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String host() {
    return "127.0.0.1:" + listens.getLocalPort();
  }

  /** Passes everything on this much later. */
  void delay(long millis) {
    delayMillis = millis;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "slow-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listens.isClosed()) {
      try {
        passBoth(listens.accept());
      } catch (IOException e) {
        if (!listens.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void passBoth(Socket client) throws IOException {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      start(() -> pass(client, server));
      start(() -> pass(server, client));
    } catch (IOException e) { // there is no server at the moment
      client.close();
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        TimeUnit.MILLISECONDS.sleep(delayMillis);
        out.write(buffer, 0, count);
      }
    } catch (IOException | InterruptedException e) {
      // One of them has gone; the other is told by closing.
    }
  }

  @Override
  public void close() throws IOException {
    listens.close();
  }
}
