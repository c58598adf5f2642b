package dev.taper.agent.approval;

import dev.taper.agent.memory.MemoryShare;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * An ask in a store: a request that a service keeps, and what was answered. How it stands ({@link
 * AskStatus}) is in its content. Immutable and thread-safe.
 *
 * @param name what it is found by: SHA-256 of its id, in hexadecimal, so that nobody finds an ask
 *     by what a store holds
 * @param share whose part of the room it takes
 * @param until when it ends
 * @param content what the service wrote, as text
 * @param revision 0 at first, and one more for each change
 */
public record Ask(String name, MemoryShare share, Instant until, String content, int revision) {
  /** What an ask takes of the room beside its content, in bytes. */
  public static final int OVERHEAD = 1024;

  /** What it takes of the room, in bytes: its content in UTF-8, and the overhead. */
  public long size() {
    return (long) OVERHEAD + content.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The same ask with another content. */
  public Ask changed(String newContent) {
    return new Ask(name, share, until, newContent, revision + 1);
  }

  /** When it ends; nothing of what it says. */
  @Override
  public String toString() {
    return "Ask(until " + until + ")";
  }

  /**
   * What a store tells of an ask without its content.
   *
   * @param name as {@link Ask#name}
   * @param until when it ends
   * @param revision which of its contents is kept
   */
  public record Head(String name, Instant until, int revision) {}
}
