package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.server.mcp.RpcFault.Code;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's process and its streams. A thread of its own writes, so that a server that reads
 * slowly, or nothing, holds up nobody; what it has not read yet is bounded. Thread-safe.
 */
final class ProcessLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLink.class);

  /** How long a server may leave a message unread before it counts as hung. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  /** The most bytes that a server has not read yet; one message alone may be longer. */
  private static final int MAX_UNREAD = 4 << 20;

  private final ServerProcess process;
  private final LineChannel channel;
  private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
  private final AtomicLong unread = new AtomicLong(); // bytes
  private final Thread writer;
  private volatile boolean broken;
  private volatile boolean closing;

  private ProcessLink(ServerProcess process, int maxBytes) {
    this.process = process;
    this.channel =
        new LineChannel(process.output(), new BufferedOutputStream(process.input()), maxBytes);
    this.writer = DaemonThreads.named("to server " + process.pid()).newThread(this::write);
  }

  static ProcessLink start(ServerProcess process, Receiver receiver, int maxBytes) {
    ProcessLink link = new ProcessLink(process, maxBytes);
    link.writer.start();
    Thread unused = DaemonThreads.start("server " + process.pid(), () -> link.read(receiver));
    return link;
  }

  private void write() {
    try {
      while (true) {
        byte[] line = lines.take();
        channel.write(line);
        unread.addAndGet(-line.length);
      }
    } catch (IOException e) {
      broken = true;
      if (!closing) {
        LOG.warn("the server reads no more, and is ended");
        process.kill(); // nobody knows which messages it has
      }
    } catch (InterruptedException e) {
      LOG.debug("nothing is written any more");
    }
  }

  private void read(Receiver receiver) {
    String reason = "relaying failed"; // whatever it is, somebody has to learn of it
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
          },
          ReadingRoom.ANSWERS,
          null);
      reason = "the server closed its output";
    } catch (IOException e) {
      reason = "the server's output cannot be read";
    } catch (RuntimeException e) {
      LOG.error("relaying failed", e);
    } finally {
      if (!closing) {
        receiver.ended(reason);
      }
    }
  }

  @Override
  public void send(RpcMessage message, Map<String, String> fields) throws RpcFault {
    byte[] line = (RpcText.toServer(message) + '\n').getBytes(StandardCharsets.UTF_8);
    if (broken) {
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server reads no more");
    }
    long before = unread.getAndAdd(line.length);
    if (before > 0 && before + line.length > MAX_UNREAD) {
      unread.addAndGet(-line.length);
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server reads too slowly");
    }
    lines.add(line);
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
    writer.interrupt();
  }
}
