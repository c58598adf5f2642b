package dev.taper.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A program of which scripts start many, run by this JVM: what a script starts is a shell that says
 * who it is, and that ends as the program did. The program has the shell's own streams, folder and
 * environment. It needs bash and Linux. That it starts as a process of its own, other tests show.
 */
public final class Resident {
  /** Runs the program once; any thread may call it. */
  @FunctionalInterface
  public interface Program {
    /** Runs it and gives its exit code. */
    int run(Call call) throws Exception;
  }

  /**
   * One run.
   *
   * @param folder where it was started
   * @param environment its variables
   * @param in standard input
   * @param out standard output, without a buffer
   * @param err standard error, without a buffer
   * @param arguments what stands behind its name
   */
  public record Call(
      Path folder,
      Map<String, String> environment,
      InputStream in,
      FileOutputStream out,
      FileOutputStream err,
      List<String> arguments) {}

  private final Program program;
  private final ServerSocket server;
  private final String secret = UUID.randomUUID().toString();

  /** Begins to wait for calls, for as long as this JVM lives. */
  public Resident(Program program) {
    this.program = program;
    try {
      server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("resident", this::accept);
  }

  /** Lines of bash that become the program with these arguments of their own. */
  public String exec() {
    // A pipe can be opened a second time. A socket, as Node.js gives, cannot, and a file would be
    // without the place in
    // it that processes share.
    return """
        relays=
        if [ -S /dev/stdin ]; then exec 8<&0 0< <(cat <&8); fi
        if [ ! -p /dev/stdout ]; then exec 1> >(cat); relays=$!; fi
        if [ ! -p /dev/stderr ]; then exec 2> >(cat >&2); relays="$relays $!"; fi
        exec 9<>/dev/tcp/127.0.0.1/%d
        (printf '%%s\\0' '%s' "$$" "$PWD" "$#" "$@"; env -0; printf '\\0') >&9
        read -r -u 9 status
        exec 1>&- 2>&-
        if [ "$relays" ]; then wait $relays; fi
        exit "$status"
        """
        .formatted(server.getLocalPort(), secret);
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        start("resident-call", () -> answer(socket));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      InputStream from = socket.getInputStream();
      if (!text(from).equals(secret)) {
        return;
      }
      Path streams = Path.of("/proc", text(from), "fd");
      Path folder = Path.of(text(from));
      List<String> arguments = new ArrayList<>();
      for (int left = Integer.parseInt(text(from)); left > 0; left--) {
        arguments.add(text(from));
      }
      Map<String, String> environment = environment(from);
      try (InputStream in = new FileInputStream(streams.resolve("0").toFile());
          FileOutputStream out = new FileOutputStream(streams.resolve("1").toFile());
          FileOutputStream err = new FileOutputStream(streams.resolve("2").toFile())) {
        Call call = new Call(folder, environment, in, out, err, arguments);
        Thread runs = start("resident-program", () -> run(call, socket));
        int ended = from.read(); // the shell says nothing more: it ended, or was ended
        assert ended < 0;
        runs.interrupt();
        runs.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Call call, Socket socket) {
    String status = "70";
    try {
      status = String.valueOf(program.run(call));
    } catch (Exception e) {
      System.err.println("the program failed: " + e);
    }
    try {
      call.out().close();
      call.err().close();
      socket.getOutputStream().write((status + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      // The shell was ended.
    }
  }

  private static Map<String, String> environment(InputStream from) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String variable = text(from); !variable.isEmpty(); variable = text(from)) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return environment;
  }

  private static String text(InputStream from) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = from.read(); next != 0; next = from.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      bytes.write(next);
    }
    return bytes.toString(UTF_8);
  }

  /** Writes such a program into a file that can be run. */
  public static Path write(Path file, String lines) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + lines);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
