package dev.taper.server.keeper;

import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections of one user, and no more than some at a time. Others are closed before a byte
 * of theirs is read: who is at the other end the operating system says, not the permissions of a
 * file.
 */
final class KeeperConnector extends UnixDomainServerConnector {
  /** The most connections at a time. */
  static final int MAX_CONNECTIONS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(KeeperConnector.class);

  private final UserPrincipal user;
  private final Metrics metrics;

  /** The connections that were taken, and perhaps some that are closed; used by one thread. */
  private final Set<SocketChannel> taken = new HashSet<>();

  KeeperConnector(Server server, HttpConnectionFactory http, UserPrincipal user, Metrics metrics) {
    super(server, 0, 1, http);
    this.user = user;
    this.metrics = metrics;
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new OwnSelectorManager(executor, scheduler, selectors);
  }

  private boolean isTaken(SocketChannel channel) {
    String code;
    try {
      UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
      if (!user.equals(peer.user())) {
        LOG.warn("refused a connection of the user {}", peer.user().getName());
        code = "other_user";
      } else if (isFull()) {
        code = "too_many_connections";
      } else {
        return true;
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("refused a connection whose user is not known: {}", e.getMessage());
      code = "other_user";
    }
    metrics.refused(code);
    return false;
  }

  private boolean isFull() {
    if (taken.size() >= MAX_CONNECTIONS) {
      taken.removeIf(channel -> !channel.isOpen());
    }
    return taken.size() >= MAX_CONNECTIONS;
  }

  /** Looks at each connection before it becomes one of HTTP. */
  private final class OwnSelectorManager extends UnixDomainSelectorManager {
    OwnSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
      super(executor, scheduler, selectors);
    }

    @Override
    protected void accepted(SelectableChannel channel) throws IOException {
      if (isTaken((SocketChannel) channel)) {
        taken.add((SocketChannel) channel);
        super.accepted(channel);
      } else {
        channel.close();
      }
    }
  }
}
