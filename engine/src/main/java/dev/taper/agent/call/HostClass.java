package dev.taper.agent.call;

/**
 * Where a URL's host lies, judged by its spelling alone. For a name this says nothing about where
 * it resolves: a service that relies on {@link #PUBLIC} must also look at the address it connects
 * to, and connect to no other.
 *
 * <p>Addresses are classed by the IANA special-purpose address registries (RFC 6890 and its
 * successors), names by the special-use domain names (RFC 6761) and common private suffixes.
 */
public enum HostClass {
  /** Reachable from anywhere, as far as the spelling tells. */
  PUBLIC("public"),
  /**
   * Within an organization: RFC 1918, shared address space, unique local addresses, {@code
   * .internal}.
   */
  PRIVATE("private"),
  /** This machine. */
  LOOPBACK("loopback"),
  /** The link that the machine is on; cloud metadata services live here. */
  LINK_LOCAL("link-local"),
  /** Anywhere else: multicast, documentation, tunnels, single-label names, unassigned space. */
  RESERVED("reserved");

  private final String text;

  HostClass(String text) {
    this.text = text;
  }

  /** The class as it stands in {@code arg_host_class} facts, such as {@code link-local}. */
  public String text() {
    return text;
  }
}
