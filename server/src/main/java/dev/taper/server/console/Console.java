package dev.taper.server.console;

import dev.taper.DaemonThreads;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.console.view.Views;
import dev.taper.server.listener.Endpoints;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Listens for one browser of this machine. For one thread. */
final class Console {
  /** How long the link waits at most for the first look; that goes on beside it. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ConsoleOptions options;
  private final PageFiles files;
  private final Running running;
  private final Workplace workplace;
  private final Sessions sessions;
  private final AtomicBoolean isWarned = new AtomicBoolean();
  private String origin = "";

  /**
   * A console.
   *
   * @param files the pages
   * @param running closes everything in the end
   * @param folder where relative paths start
   * @param clock what time it is
   */
  Console(ConsoleOptions options, PageFiles files, Running running, Path folder, Clock clock) {
    this.options = options;
    this.files = files;
    this.running = running;
    this.workplace = new Workplace(folder, clock);
    this.sessions = new Sessions(clock);
  }

  /**
   * Starts to listen, and prints a link.
   *
   * @throws OperationException or {@link dev.taper.TaperException} if anything that is needed is
   *     wrong
   */
  void start(PrintWriter out) {
    options.requireFitting();
    ListenAddress address = ListenAddress.parse(options.listen);
    if (address.isUnix() || !address.isLoopback()) {
      throw OperationException.usage(
          "taper console is for this machine alone: --listen 127.0.0.1:PORT");
    }
    Metrics metrics = new Metrics();
    ConsoleParts parts = new ConsoleParts(options, workplace, running, metrics);
    ConsoleHost host =
        new ConsoleHost(files, sessions, new Views(parts.views()), parts::session, () -> warn(out));
    Listener listener =
        running.closing(Listener.start(address, null, new Endpoints(List.of(host), metrics)));
    host.listensAt(listener.shown());
    origin = "http://" + listener.shown();
    parts.watch(origin + files.first() + "#/approvals");
    look(listener.shown());
    out.println("taper console: ready at " + origin);
    printLink(out);
  }

  /** Looks before or while the person turns to the browser, so that it is there sooner. */
  private void look(String authority) {
    Thread thread =
        DaemonThreads.start(
            "first look",
            () -> {
              try {
                new FirstLook(authority, files, sessions).look();
              } catch (IOException | RuntimeException e) {
                // The page asks for the same, and says what is wrong.
              }
            });
    try {
      thread.join(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once is enough: it goes on until somebody does something. */
  private void warn(PrintWriter out) {
    if (!isWarned.getAndSet(true)) {
      out.println(
          "WARNING: your browser keeps a program that is not the console's for "
              + origin
              + ": another one had this port before. It could have your key sign anything. All"
              + " sessions were ended. Delete the browser's data of this address, and revoke the"
              + " key that you approved with.");
      out.flush();
    }
  }

  /** Prints a new link, which opens one session. */
  void printLink(PrintWriter out) {
    out.println(
        "Open this once, within "
            + Sessions.LINK.toMinutes()
            + " minutes: "
            + origin
            + files.first()
            + "#link="
            + sessions.link());
    out.flush();
  }

  /** Prints a new link for each line that somebody types, on a thread of its own. */
  void printLinksFor(InputStream typed, PrintWriter out) {
    out.println("Press Enter for a new link, Ctrl-C to stop.");
    out.flush();
    Thread unused = DaemonThreads.start("links", () -> read(typed, out));
  }

  private void read(InputStream typed, PrintWriter out) {
    try {
      for (int c = typed.read(); c >= 0; c = typed.read()) {
        if (c == '\n') {
          printLink(out);
        }
      }
    } catch (IOException e) {
      // Nobody types any more.
    }
  }
}
