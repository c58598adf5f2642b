package dev.taper.server.mcp;

import dev.taper.agent.VerifierHealth;
import java.util.List;

/** A server at a URL that is given another session when it has forgotten one. Thread-safe. */
public record RenewingUpstream(UrlUpstream upstream) implements Upstream {
  /** The same server, with links that begin again; one that is started by a command is as it is. */
  public static Upstream of(Upstream upstream) {
    return upstream instanceof UrlUpstream url ? new RenewingUpstream(url) : upstream;
  }

  @Override
  public Link open(Link.Receiver receiver) {
    return new RenewingLink(upstream, receiver);
  }

  @Override
  public boolean isWell() {
    return upstream.isWell();
  }

  @Override
  public List<VerifierHealth.Ending> endings() {
    return upstream.endings();
  }

  @Override
  public long reopenedStreams() {
    return upstream.reopenedStreams();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
