package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.server.mcp.RpcFault.Code;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's process and its two streams. */
final class ProcessLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLink.class);

  /** How long a server may leave a message unread before it counts as hung. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  private static final int MAX_CANCELS = 256;

  private final ServerProcess process;
  private final LineChannel channel;

  /** Writes what nobody waits for: a server that reads nothing must not stop who looks after it. */
  private final ExecutorService cancelling =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_CANCELS),
          ProcessLink::thread,
          new ThreadPoolExecutor.DiscardPolicy());

  private volatile boolean closing;

  private ProcessLink(ServerProcess process, int maxBytes) {
    this.process = process;
    this.channel =
        new LineChannel(process.output(), new BufferedOutputStream(process.input()), maxBytes);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "cancelling");
    thread.setDaemon(true);
    return thread;
  }

  static ProcessLink start(ServerProcess process, Receiver receiver, int maxBytes) {
    ProcessLink link = new ProcessLink(process, maxBytes);
    Thread reader = new Thread(() -> link.read(receiver), "server " + process.pid());
    reader.setDaemon(true);
    reader.start();
    return link;
  }

  private void read(Receiver receiver) {
    String reason = "the server closed its output";
    try {
      channel.readAll(
          new LineChannel.Receiver() {
            @Override
            public void received(RpcMessage message) {
              receiver.received(message, null);
            }

            @Override
            public void broken(RpcFault fault) {
              receiver.broken(fault, null);
            }
          });
    } catch (IOException e) {
      reason = "the server's output cannot be read";
    } catch (RuntimeException e) {
      LOG.error("relaying failed", e);
      reason = "relaying failed";
    }
    if (!closing) {
      receiver.ended(reason);
    }
  }

  @Override
  public void send(RpcMessage message, Map<String, String> fields) throws RpcFault {
    try {
      channel.write(message);
    } catch (IOException e) {
      throw new RpcFault(Code.UPSTREAM_ENDED, "the server reads no more");
    } catch (TaperException e) {
      throw new RpcFault(Code.INVALID_MESSAGE, "the message has no form as JSON");
    }
  }

  @Override
  public void cancel(Object id) {
    cancelling.execute(
        () -> {
          try {
            send(
                new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", id)),
                Map.of());
          } catch (RpcFault e) {
            LOG.debug("nobody to cancel {}", id);
          }
        });
  }

  @Override
  public void look() {
    if (channel.blockedFor() > STUCK.toNanos()) {
      LOG.warn("the server has read nothing for {} s, and is ended", STUCK.toSeconds());
      process.kill();
    }
  }

  @Override
  public void close() {
    closing = true;
    process.close();
    cancelling.shutdownNow();
  }
}
